"""Texts and colours of the pages."""

from __future__ import annotations

import re
from itertools import product

import pytest

from bot.web.wanted import VALUES
from tests.site import REPO
from tests.test_i18n import catalogue

WEB = REPO / "bot" / "web"
CSS = (WEB / "static" / "style.css").read_text(encoding="utf-8")

TEXT = {"ink", "muted", "accent", "good", "bad"}  # on every surface
SURFACES = {"page", "card"}
PAIRS = {("on-accent", "accent"), ("on-note", "note"), ("on-step-high", "step4"), ("on-step-high", "step5")}
PAIRS |= {("on-step-low", f"step{n}") for n in range(4)}
PAIRS |= set(product(TEXT, SURFACES))
SHAPES = {("edge", "card"), ("edge", "page"), ("fill", "card"), ("fill", "track"), ("mark", "track"), ("mark", "fill")}
SHAPES |= {("level2", "track"), ("level3", "level2")}
QUIET = {"rule", "soft", "area", "level1", "step0", "step1", "step2", "step3", "track"}  # carry no meaning of their own


def test_every_text_of_the_pages_is_used_and_every_one_used_exists() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (*WEB.rglob("*.py"), *WEB.rglob("*.html"))]
    sources.append((REPO / "bot/dialogue/desk/signing_in.py").read_text(encoding="utf-8"))
    used = {key for source in sources for key in re.findall(r'"(web\.[a-z0-9_.]+)"', source)}
    made = {key for key in used if key.endswith(".")}
    used -= made
    used |= {f"{key}{dimension}" for key in made for dimension in VALUES}
    used |= {f"web.periods.{name}" for name in ("quarter", "month", "year")}
    used |= {f"{key}.remedy" for key in used if key.startswith("web.error.") and not key.endswith(".remedy")}
    assert made == {"web.filter.", "web.unknown."}
    assert used == {key for key in catalogue("vi") if key.startswith("web.")}


def schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    return {name: dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", block)) for name, block in
            (("light", light), ("dark", dark))}  # fmt: skip


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_shapes_stand_out_as_wcag_aa_asks_in_both_schemes(scheme: str) -> None:
    colours = schemes()[scheme]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    faint = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < (2 if pair == ("level3", "level2") else 3)} == {}


def test_no_colour_escapes_the_test_of_contrast() -> None:
    held = {name for pair in PAIRS | SHAPES for name in pair} | QUIET
    assert schemes()["light"].keys() == schemes()["dark"].keys() == held
    outside = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", outside)
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS)) <= held


def test_nothing_comes_from_elsewhere() -> None:
    for path in (*WEB.rglob("*.html"), *WEB.rglob("*.css")):
        assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", path.read_text(encoding="utf-8"))
