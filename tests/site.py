"""A small site for tests: settings and content of a few topics, in a folder of their own."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).parent.parent

TOPICS: dict[str, tuple[str, ...]] = {
    "dvc.nop_ho_so": (
        "nộp hồ sơ qua mạng làm sao",
        "các bước nộp hồ sơ trực tuyến",
        "muốn gửi giấy tờ online cho phường",
        "hướng dẫn nộp trên cổng dịch vụ công",
        "làm thủ tục tại nhà không cần ra phường",
    ),
    "cutru.tam_tru": (
        "đăng ký tạm trú",
        "ở trọ phải khai báo gì",
        "chủ trọ không chịu ký giấy tạm trú",
        "làm tạm trú hết bao nhiêu tiền",
        "thuê phòng mới có cần báo công an không",
    ),
    "cancuoc.mat": (
        "mất căn cước làm lại sao",
        "rớt thẻ ngoài chợ",
        "xin cấp lại thẻ căn cước bị mất",
        "bị giật ví mất hết thẻ căn cước",
        "phí làm lại căn cước",
    ),
    "meta.chao": ("xin chào", "chào bạn", "alo có ai không", "hello", "hi bot"),
    "meta.tro_giup": ("bạn làm được gì", "bot là ai", "hướng dẫn dùng trợ lý", "menu", "giúp tôi với"),
}


def article(topic: str, utterances: tuple[str, ...], **more: Any) -> dict[str, Any]:
    opens = {"meta.chao": "greeting", "meta.tro_giup": "help"}.get(topic)
    fields: dict[str, Any] = {
        "title": f"Việc {topic}",
        "label": f"Nút {topic}",
        "owner": "to",
        "reviewed": "2026-11-01",
        "review_by": "2027-11-01",
        "audience": ["citizen"],
        "summary": f"Bạn làm việc {topic} tại nhà.",
        "sources": {"cong": {"title": "Cổng Dịch vụ công quốc gia"}},
        "utterances": list(utterances),
    }
    if opens:
        fields |= {"opens": opens}
    else:
        fields |= {
            "facets": {
                "fee": {"text": "Miễn phí.", "source": "cong"},
                "steps": {"items": ["Mở.", "Gửi."], "source": "cong"},
            }
        }
    return fields | more


def write_article(root: Path, topic: str, fields: dict[str, Any]) -> Path:
    group, name = topic.split(".")
    path = root / "articles" / group / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    path.write_text(text.replace("'2026-11-01'", "2026-11-01").replace("'2027-11-01'", "2027-11-01"), encoding="utf-8")
    return path


def make_content(folder: Path, topics: dict[str, tuple[str, ...]] = TOPICS) -> Path:
    """``folder/content`` with ``topics`` and the product's own interface texts."""
    content = folder / "content"
    for language in ("vi", "en"):
        shutil.copytree(REPO / "content" / language / "LC_MESSAGES", content / language / "LC_MESSAGES")
    for topic, utterances in topics.items():
        write_article(content / "vi", topic, article(topic, utterances))
    (content / "vi" / "menu.yaml").write_text("topics: [dvc.nop_ho_so, cutru.tam_tru]\n", encoding="utf-8")
    return content


def make_course(content: Path, lessons: int = 2, final: int = 4) -> None:
    """A course ``thu`` in ``content`` with ``lessons`` of three cards and five single choices each, and a consent."""
    folder = content / "vi" / "courses" / "thu"
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"bai_{number}" for number in range(1, lessons + 1)]
    course = {
        "title": "Khóa thử",
        "label": "Khóa thử",
        "owner": "to",
        "audience": ["worker"],
        "summary": "Một khóa ngắn để thử mọi thứ.",
        "final": final,
        "reviewed": dt.date(2026, 11, 1),
        "review_by": dt.date(2027, 11, 1),
        "parts": [{"lessons": names}],
    }
    (folder / "course.yaml").write_text(yaml.safe_dump(course, allow_unicode=True), encoding="utf-8")
    for name in names:
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(lesson(name), allow_unicode=True), encoding="utf-8")
    shutil.copy(REPO / "content" / "vi" / "consent.yaml", content / "vi" / "consent.yaml")


def lesson(name: str) -> dict[str, Any]:
    """The right option of every question is the one that says so."""
    return {
        "title": f"Bài {name}",
        "label": f"Bài {name}",
        "minutes": 2,
        "competences": ["4.1@1"],
        "topics": ["dvc.nop_ho_so"],
        "reviewed": dt.date(2026, 11, 1),
        "review_by": dt.date(2027, 11, 1),
        "source": "nguon",
        "sources": {"nguon": {"title": "Tài liệu thử"}},
        "cards": [{"title": f"Thẻ {n}", "text": f"Nội dung của thẻ số {n} trong {name}."} for n in (1, 2, 3)],
        "questions": [
            {
                "id": f"q{n}",
                "kind": "single",
                "ask": f"Câu hỏi số {n} của {name} là gì?",
                "options": [
                    {"text": f"Đúng {n}", "right": True, "why": "Vì nó đúng."},
                    {"text": f"Sai {n}", "why": "Vì nó sai."},
                    {"text": f"Cũng sai {n}", "why": "Vì nó cũng sai."},
                ],
            }
            for n in range(1, 6)
        ],
    }


def make_indicators(content: Path) -> None:
    """Three indicators over the course ``thu``: workers (of 200), turns, and competences."""
    common = {
        "sets": ["THU"],
        "basis": [{"title": "Quyết định thử"}],
        "unit": "người",
        "owner": "Sở Thử",
        "limits": "Chỉ để thử.",
        "definition": "Số người đã hoàn thành khóa học thử, mỗi người một lần.",
        "headline": True,
    }
    thu = {"courses": ["thu"]}
    indicators = [
        {"id": "cong_nhan", "name": "Công nhân đã học khóa thử", "label": "Công nhân đã học", "counts": "persons",
         "numerator": thu | {"audience": ["worker"]}, "denominator": "cong_nhan",
         "targets": [{"year": 2026, "value": 70}]},
        {"id": "luot", "name": "Lượt học khóa thử", "label": "Lượt học", "counts": "turns", "numerator": thu,
         "targets": [{"year": 2026, "value": 50}]},
        {"id": "nang_luc", "name": "Người học theo năng lực", "label": "Năng lực", "counts": "persons",
         "numerator": {"competences": "each"}},
    ]  # fmt: skip
    sets = {"THU": {"title": "Bộ chỉ số thử", "version": "1", "source": {"title": "Quyết định thử"}}}
    file = {"sets": sets, "indicators": [common | each for each in indicators]}
    (content / "vi" / "indicators.yaml").write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    (content / "vi" / "denominators.csv").write_text(
        "key,area,year,value,source,date,note\n"
        "cong_nhan,,2026,200,Số liệu thử,2026-01-01,\n"
        "cong_nhan,25747,2026,40,Số liệu thử,2026-01-01,\n",
        encoding="utf-8",
    )


def settings(**more: Any) -> dict[str, Any]:
    """Settings of the test site; ``more`` replaces whole sections."""
    return {
        "site": {
            "name": "Trợ lý thử",
            "area": "xã Thử",
            "hotline": "1022",
            "portal": "https://dichvucong.gov.vn",
            "owners": {"to": "Tổ nội dung"},
        },
        "storage": {"url": "sqlite+aiosqlite:///site.db", "synchronous": "normal"},
        "limits": {"sends_per_second": 1000, "bulk_per_second": 25, "chat_interval": 0},
        **more,
    }


def make_site(folder: Path, topics: dict[str, tuple[str, ...]] = TOPICS, **more: Any) -> Path:
    """A folder from which ``python -m bot`` runs; the path of its settings file."""
    make_content(folder, topics)
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(settings(**more), allow_unicode=True), encoding="utf-8")
    return path
