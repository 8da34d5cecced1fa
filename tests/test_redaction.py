from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import found, redact

SECRETS = {
    "token": "1234567890:AAFakeTokenFakeTokenFakeTokenFakeTok",
    "căn cước": "074201001234",
    "CMND": "280123456",
    "phone": "0901234567",
    "phone abroad": "+84 90 123 45 67",
    "phone with dots": "0901.234.567",
    "card": "9704 3612 3456 7890",
    "card in one piece": "9704361234567890123",
    "account": "19001234567",
    "plate": "61F1-234.56",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_removed_wherever_it_stands(secret: str) -> None:
    text = redact(f"của tôi là {secret}, giúp với")
    digits = "".join(sign for sign in secret if sign.isdigit())
    assert secret not in text
    assert digits[:6] not in text.replace(" ", "").replace(".", "").replace("-", "")
    assert text.startswith("của tôi là ")
    assert text.endswith(", giúp với")


@pytest.mark.parametrize(
    "text",
    [
        "mã OTP là 482913",
        "otp: 4829",
        "ma xac nhan 482 913",
        "mk 12345678",
        "Passcode 123456",
        "mật khẩu của em 246810",
    ],
)
def test_a_code_after_a_word_that_announces_one_is_removed(text: str) -> None:
    assert "[mã]" in redact(text)
    assert "code" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "đủ 14 tuổi",
        "trước 31-12-2026",
        "năm 2025",
        "Nghị định 69/2024/NĐ-CP",
        "gọi 113 hay 1022",
        "phí 25.000 đồng",
        "7 ngày",
    ],
)
def test_everyday_numbers_stay(text: str) -> None:
    assert redact(text) == text
    assert found(text) == set()


def test_digits_of_other_scripts_count_as_digits() -> None:
    assert redact("số ０７４２０１００１２３４") == "số [số]"


def test_kinds_are_told_apart() -> None:
    assert found("074201001234") == {"identity"}
    assert found("0901234567") == {"phone"}
    assert found("9704361234567890") == {"card"}


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)
