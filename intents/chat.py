"""What people write in chat for common words, in every domain. A table of the language, not of any content.

Only forms that stand for one thing are here; those that need their neighbours (ck, mk, m, t) are left as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CHAT: Mapping[str, str] = {
    short: full
    for full, shorts in {
        "không": "ko k kg kh khg hok hông hong hổng khum hem kô",
        "được": "dc đc đx",
        "đăng kí": "đk dk dky đky dki đki",
        "gì": "j ji",
        "vậy": "z zậy dậy dzậy dzay",
        "vào": "vô zô dzô",
        "rồi": "r rùi òi",
        "như thế nào": "ntn nthn",
        "thế nào": "tnao",
        "bao nhiêu": "bn bnhiu bnhiêu bnh nhiu",
        "người": "ng ngừi",
        "nhưng": "nhg",
        "trong": "trg",
        "trước": "trc trk",
        "với": "vs",
        "giờ": "h",
        "bây giờ": "bg bjo bgio",
        "làm": "lm",
        "tôi": "tui tuj",
        "em": "e",
        "anh": "a",
        "hồ sơ": "hso hs",
        "tài khoản": "tk tkhoan",
        "mật khẩu": "pass password mkhau",
        "điện thoại": "đt dt dthoai",
        "số điện thoại": "sdt sđt",
        "tin nhắn": "sms tnhan",
        "thông tin": "ttin",
        "thủ tục hành chính": "tthc",
        "xác nhận": "xn",
        "công an": "ca",
        "công ti": "cty",
        "cảnh sát giao thông": "csgt",
        "căn cước": "cccd cc cmnd cmt cmtnd",
        "bảo hiểm xã hội": "bhxh",
        "bảo hiểm y tế": "bhyt",
        "bảo hiểm thất nghiệp": "bhtn",
        "dịch vụ công": "dvc dvctt",
        "giấy phép lái xe": "gplx",
        "mã số thuế": "mst",
        "thu nhập cá nhân": "tncn",
        "lí lịch tư pháp": "lltp",
        "hộ kinh doanh": "hkd",
        "ngân hàng": "nh nhang",
        "online": "onl",
        "hướng dẫn": "hd",
        "giấy chứng nhận": "gcn",
        "biết": "bít bik",
        "nữa": "nx",
        "mới": "ms",
        "cũng": "cg",
        "phải": "fải",
        "muốn": "mún mun",
        "giúp": "júp giùm dùm",
        "chưa": "chx ch",
        "giấy tờ": "gtờ gto gtơ",
        "người ta": "ngta ngt",
        "phường": "phg fường",
        "cảm ơn": "tks thks thanks thank thx camon",
        "ừ": "uk uh uhm ukm",
        "ok": "oke okie okela okê",
        "vợ": "vk",
        "đang": "đag đg",
        "nhắn tin": "nt",
        "trả lời": "tl",
        "mọi người": "mn mng",
        "nói": "ns",
        "thôi": "thui",
        "nhiều": "nhìu",
        "quá": "wa wá",
        "hôm": "hum",
        "hôm nay": "hnay",
        "thời gian": "tgian",
        "kiểm tra": "ktra",
        "facebook": "fb fbook facebok",
        "zalo": "zl",
        "ô tô": "oto",
        "nhân viên": "nv",
        "chuyển khoản": "ckhoan",
        "sinh nhật": "snhat",
        "việc": "vc",
    }.items()
    for short in shorts.split()
}
"""Short form → full form, both as ``text.canonical`` spells them. Forms are matched whole."""


def expand(words: Iterable[str], table: Mapping[str, str]) -> list[str]:
    """``words`` with each short form of ``table`` written out."""
    out: list[str] = []
    for word in words:
        full = table.get(word)
        if full is None:
            out.append(word)
        else:
            out.extend(full.split())
    return out
