from __future__ import annotations

import unicodedata
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.certificate import Certificate, as_pdf, as_png
from tests.pictures import reading

CERTIFICATE = Certificate(
    site="Trợ lý số Bình Dương",
    heading="Chứng nhận hoàn thành",
    lead="Trợ lý số Bình Dương chứng nhận",
    name="Nguyễn Thị Ngọc Quỳnh Như",
    statement="đã hoàn thành khóa học",
    course="Một giờ chuyển đổi số",
    dated="ngày 24 tháng 11 năm 2026",
    code="7K3M-Q8RT-2P",
    check="https://troly.example/kiem-tra/7K3MQ8RT2P",
    how_to_check="Quét mã QR, hoặc gửi mã này cho Trợ lý số.",
    note="Không thay thế xác nhận chính thức theo Quyết định 757/QĐ-BKHCN trên VNeID.",
)
LONG = replace(
    CERTIFICATE,
    name="Công Tằng Tôn Nữ Nguyễn Phước Hoàng Thị Ngọc Quỳnh Như Uyển",
    course="Công nghệ số cho cán bộ chuyên trách chuyển đổi số, công nghệ thông tin",
)
HARSH = replace(CERTIFICATE, name="Ễ" * 60, course="Ặ" * 80, note="ghi chú " * 90, how_to_check="W" * 400)

INNER = (60, 60, 1540, 1071)  # within both borders
HONOUR = (60, 60, 1540, 820)
PROOF = (60, 830, 1540, 1071)


def names(certificate: Certificate) -> list[str]:
    return [words for _, words in reading.text(as_pdf(certificate))]


def test_the_picture_has_the_promised_size() -> None:
    assert reading.picture(as_png(CERTIFICATE)).size == (1600, 1131)


@pytest.mark.parametrize("certificate", [CERTIFICATE, LONG, HARSH], ids=["usual", "long", "harsh"])
def test_all_words_stay_inside_the_border(certificate: Certificate) -> None:
    left, top, right, bottom = reading.ink(reading.picture(as_png(certificate)), INNER)
    assert left >= 100 and right <= 1500
    assert top >= 70 and bottom <= 1068


def test_the_words_of_honour_stand_in_the_middle() -> None:
    left, _, right, _ = reading.ink(reading.picture(as_png(CERTIFICATE)), HONOUR)
    assert abs((left + right) / 2 - 800) <= 6


def test_a_long_name_and_a_long_course_are_shown_in_full() -> None:
    shown = " ".join(names(LONG))
    assert LONG.name in shown
    assert LONG.course in shown


@pytest.mark.parametrize("certificate", [CERTIFICATE, LONG], ids=["usual", "long"])
def test_the_name_is_the_largest_text(certificate: Certificate) -> None:
    largest = max(reading.text(as_pdf(certificate)))
    assert largest[1] in certificate.name


@pytest.mark.parametrize("certificate", [CERTIFICATE, LONG, HARSH], ids=["usual", "long", "harsh"])
def test_words_of_honour_and_proof_keep_apart(certificate: Certificate) -> None:
    image = reading.picture(as_png(certificate))
    *_, end = reading.ink(image, HONOUR)
    assert end <= 812


def test_the_code_holds_what_is_to_be_checked() -> None:
    image = reading.picture(as_png(CERTIFICATE))
    expected = reading.matrix(CERTIFICATE.check)
    left, top, _, bottom = reading.ink(image, (60, 830, 330, 1071))
    assert reading.sampled(image, (left, top, left + bottom - top, bottom), len(expected)) == expected


@pytest.mark.parametrize("check", ["7K3MQ8RT2P", "t.me/troly?start=7K3M", CERTIFICATE.check, CERTIFICATE.check * 3])
def test_the_code_keeps_its_quiet_zone(check: str) -> None:
    image = reading.picture(as_png(replace(CERTIFICATE, check=check)))
    left, top, _, bottom = reading.ink(image, (60, 830, 300, 1071))
    side = bottom - top
    quiet = 4 * side / len(reading.matrix(check))
    words, *_ = reading.ink(image, (left + side, 830, 1540, 1071))
    assert words - (left + side) >= quiet
    assert top - 827 >= quiet and 1076 - bottom >= quiet


def test_without_anything_to_check_there_is_no_code() -> None:
    left, *_ = reading.ink(reading.picture(as_png(replace(CERTIFICATE, check=""))), PROOF)
    assert left >= 118
    assert as_png(replace(CERTIFICATE, check="")) == as_png(replace(CERTIFICATE, check="x" * 5000))


def test_decomposed_and_composed_text_give_the_same_picture() -> None:
    decomposed = replace(CERTIFICATE, name=unicodedata.normalize("NFD", CERTIFICATE.name))
    assert as_png(decomposed) == as_png(CERTIFICATE)


def test_signs_the_typeface_lacks_are_left_out() -> None:
    assert as_png(replace(CERTIFICATE, name=CERTIFICATE.name + " 🌸学")) == as_png(CERTIFICATE)


def test_the_paper_is_one_page_of_a4_landscape() -> None:
    paper = as_pdf(CERTIFICATE)
    assert paper.startswith(b"%PDF-")
    assert reading.pages(paper) == 1
    assert b"/MediaBox [0 0 841.89 595.28]" in paper


def test_the_paper_says_every_word_as_text() -> None:
    shown = " ".join(names(CERTIFICATE))
    for field in fields(CERTIFICATE):
        if field.name != "check":
            assert getattr(CERTIFICATE, field.name) in shown


def test_the_paper_is_named_after_its_heading_and_holder() -> None:
    assert reading.title(as_pdf(CERTIFICATE)) == "Chứng nhận hoàn thành – Nguyễn Thị Ngọc Quỳnh Như"


def test_the_same_data_gives_the_same_bytes() -> None:
    assert as_pdf(CERTIFICATE) == as_pdf(replace(CERTIFICATE))
    assert as_png(CERTIFICATE) == as_png(replace(CERTIFICATE))


def test_the_code_on_paper_holds_what_is_to_be_checked() -> None:
    expected = reading.matrix(CERTIFICATE.check)
    _, drawn = reading.stacked(reading.boxes(as_pdf(CERTIFICATE), "#1b2a25"), len(expected))
    assert drawn == expected


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=300), min_size=11, max_size=11))
def test_any_text_gives_a_picture_and_a_paper(texts: list[str]) -> None:
    certificate = Certificate(*texts)
    assert reading.picture(as_png(certificate)).size == (1600, 1131)
    assert reading.pages(as_pdf(certificate)) == 1


@pytest.mark.parametrize("text", ["<b>a</b>", "a\ud800b", "\\(", "x" * 20_000, "\u202eabc", "%s {0}", "\x00\x07"])
def test_odd_text_does_no_harm(text: str) -> None:
    certificate = replace(CERTIFICATE, name=text, course=text, check=text, note=text)
    assert reading.ink(reading.picture(as_png(certificate)), INNER)[2] <= 1500
    assert reading.pages(as_pdf(certificate)) == 1
