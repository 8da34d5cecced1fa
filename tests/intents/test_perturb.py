from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.perturb import NOISES, perturb
from intents.text import canonical, fold
from intents.topics import Example
from intents.typing import decode

ASKED = [Example("Thủ tục hoà giải, không biết làm sao", ("a.b",))]


def written(noise: str, seed: int = 0) -> str:
    (example,) = perturb(ASKED, noise, seed)
    assert example.labels == ("a.b",)
    return example.text


def test_each_noise_writes_what_its_name_says() -> None:
    assert written("strip") == "Thu tuc hoa giai, khong biet lam sao"
    assert written("telex") == "Thur tucj hoaf giair, khoong bieets lamf sao"
    assert written("vni") == "Thu3 tuc5 hoa2 giai3, kho6ng bie6t1 lam2 sao"
    assert written("upper") == ASKED[0].text.upper()
    assert unicodedata.normalize("NFC", written("nfd")) == ASKED[0].text
    assert written("old_tones") == ASKED[0].text.replace("òa", "oà")


def test_raw_typing_can_be_decoded_again() -> None:
    for noise in ("telex", "vni"):
        words = [decode(word.strip(",").lower()) or word.strip(",").lower() for word in written(noise).split()]
        assert fold(" ".join(words)) == fold(canonical(ASKED[0].text))


def test_slips_change_little_and_the_same_seed_gives_the_same_ones() -> None:
    assert written("slips", 3) == written("slips", 3)
    assert abs(len(written("slips", 3)) - len(ASKED[0].text)) <= 2
    assert len({written("slips", seed) for seed in range(8)}) > 3


@pytest.mark.parametrize("noise", NOISES)
@given(text=st.text(max_size=60))
def test_any_text_can_be_written_anew(noise: str, text: str) -> None:
    perturb([Example(text, ())], noise, 0)
