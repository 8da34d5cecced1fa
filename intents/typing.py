"""Raw Telex and VNI typing ("dduowngf", "d9u7o7ng2") back into Vietnamese syllables.

Only a token that decodes to a possible syllable is changed, and only when it holds a typing mark; the caller says which
tokens are words already. Pure and total.
"""

from __future__ import annotations

import re
import unicodedata

from intents.text import fold

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
# Every rime of the language, tones aside (Đoàn Thiện Thuật, "Ngữ âm tiếng Việt"), as they are spelled.
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu y ych ynh yêm yên yêng yêt yêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uô uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uynh uyên uyêt
uyt uyu
ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ưt ưu
""".split()  # noqa: SIM905  a table a person can read
_SYLLABLE = re.compile(rf"(?:{_ONSET})(?:{'|'.join(sorted(_RIMES, key=len, reverse=True))})")
_FOLDED = re.compile(fold(_SYLLABLE.pattern))

_TELEX_VOWELS = (("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("uow", "ươ"), ("ow", "ơ"), ("uw", "ư"))
_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TONES = "\u0300\u0301\u0303\u0309\u0323"

_TELEX_SIGN = re.compile(r"dd|aa|ee|oo|[auo]w|w|[sfrxj]")
_VNI_SIGN = re.compile(r"[a-z]+[1-9][a-z1-9]*")
_LONGEST = 10  # signs of a raw syllable; nghieengs has nine


def decode(token: str) -> str | None:
    """The syllable that ``token`` (lower case) spells in raw Telex or VNI; None when it spells none."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    if _VNI_SIGN.fullmatch(token):
        return _vni(token)
    if token.isalpha() and _TELEX_SIGN.search(token):
        return _telex(token)
    return None


def is_syllable(word: str) -> bool:
    """Whether ``word`` could be a Vietnamese syllable, tone and all."""
    bare = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(sign for sign in bare if sign not in _TONES))
    return _SYLLABLE.fullmatch(bare) is not None


def may_be_syllable(folded: str) -> bool:
    """Whether ``folded`` could be a Vietnamese syllable whose marks were not typed."""
    return _FOLDED.fullmatch(folded) is not None


def _telex(token: str) -> str | None:
    tone = ""
    body = token
    marks = [
        i for i, sign in enumerate(body) if sign in _TELEX_TONES and i > 0 and any(v in body[:i] for v in "aeiouyw")
    ]
    if marks:
        last = marks[-1]
        tone = _TELEX_TONES[body[last]]
        body = body[:last] + body[last + 1 :]
    if body.startswith("dd"):
        body = "đ" + body[2:]
    elif body.startswith("d") and body.endswith("d"):
        body = "đ" + body[1:-1]
    for raw, vowel in _TELEX_VOWELS:
        body = body.replace(raw, vowel)
    # the mark of a vowel may be typed after the last consonant: duongw, tienge
    body = _late(body)
    body = body.replace("ưo", "ươ").replace("w", "ư")
    return _with_tone(body, tone, token)


def _late(body: str) -> str:
    """Marks typed at the end of the syllable: ``duongw`` → ``dương``, ``tienge`` → ``tiêng``."""
    if body.endswith("w"):
        stem = body[:-1]
        for plain, marked in (("uo", "ươ"), ("u", "ư"), ("o", "ơ"), ("a", "ă")):
            if plain in stem:
                return stem.replace(plain, marked, 1)
    for letter, marked in (("a", "â"), ("e", "ê"), ("o", "ô")):
        if body.endswith(letter) and body.count(letter) == 2 and body[-2] not in "aeiouyăâêôơư":
            return body[:-1].replace(letter, marked, 1)
    return body


def _vni(token: str) -> str | None:
    out: list[str] = []
    tone = ""
    for sign in token:
        if sign in _VNI_TONES:
            tone = _VNI_TONES[sign]
        elif sign in _VNI_SHAPES:
            shapes = _VNI_SHAPES[sign]
            place = next((i for i in range(len(out) - 1, -1, -1) if out[i] in shapes), None)
            if place is None:
                return None
            out[place] = shapes[out[place]]
        elif sign.isdigit():
            return None
        else:
            out.append(sign)
    return _with_tone("".join(out).replace("ưo", "ươ").replace("uơ", "ươ"), tone, token)


def _with_tone(body: str, tone: str, token: str) -> str | None:
    """``body`` with ``tone`` on its main vowel, if that is a syllable other than ``token``."""
    if not _SYLLABLE.fullmatch(body):
        return None
    word = unicodedata.normalize("NFC", _place(body, tone)) if tone else body
    return word if word != token else None


def _place(body: str, tone: str) -> str:
    vowels = [i for i, sign in enumerate(body) if sign in "aăâeêioôơuưy"]
    if body.startswith(("qu", "gi")) and len(vowels) > 1:
        vowels = vowels[1:]
    marked = [i for i in vowels if body[i] in "ăâêôơư"]
    if marked:
        at = marked[-1]
    elif len(vowels) == 1 or body[-1] in "aăâeêioôơuưy":
        at = vowels[0] if len(vowels) < 3 else vowels[1]
    else:
        at = vowels[-1]
    return body[: at + 1] + tone + body[at + 1 :]
