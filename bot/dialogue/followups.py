"""What a message means only because of the one before: pointers, corrections, "còn … thì sao". Pure."""

from __future__ import annotations

import re

from bot.dialogue.state import State
from intents.text import fold, tokens

_NUMBER = re.compile(r"\s*(?:số|so|câu|cau|cái|cai|ý|y|mục|muc)?\s*(\d)\s*[.)]?\s*", re.IGNORECASE)
_WHICH = r"(?:(?:cai|so|y|muc|cau|viec|lua chon) )+(?:thu )?"
_ORDINALS = {"dau": 1, "dau tien": 1, "nhat": 1, "mot": 1, "hai": 2, "nhi": 2, "giua": 2, "ba": 3, "bon": 4, "tu": 4}
_POINTER = re.compile(
    rf"(?:a |da |chon |lay |la )?{_WHICH}(?P<ordinal>[a-z]+(?: tien| cung)?|\d)(?: (?:a|nha|nhe|di|do|ay))*"
)
_LAST = ("cuoi", "cuoi cung", "chot")

_WHO = r"(?:(?:em|toi|minh|anh|chi|con|tui|chau|bac|co|chu|tao|t) )?"
_NO = r"(?:da )?(?:khong|ko|k|hong|hem|nham|sai|lon)(?: phai)?(?: roi)?(?: cai| y| viec| vay)?(?: do| nay| a| dau)* "
_MEANT = rf"(?:ma )?(?:y {_WHO}(?:muon |dang )?(?:la|noi|hoi)|{_WHO}(?:dang |muon |dinh )?(?:hoi|noi))(?: la| ve)? "
_CORRECTION = re.compile(rf"(?:{_NO})?{_MEANT}(?P<rest>.+)")
_ALSO = re.compile(
    r"(?:(?:the|vay|u|a|ok|da) )?con (?P<rest>.+?)"
    r"(?P<so> (?:thi sao|thi the nao|thi|sao|the nao|nua)(?: (?:a|vay|ha|ban|em|nhi))*)?"
)
_SHORT = 6  # words after "còn" that are still a follow-up, not a story about one's child (con)


def pointed(text: str, state: State) -> str:
    """The offered topic that a number or "cái thứ hai" stands for; empty: none."""
    if not state.offered:
        return ""
    match = _NUMBER.fullmatch(text)
    if match:
        number = int(match[1])
    else:
        pointer = _POINTER.fullmatch(" ".join(fold(word) for word in tokens(text)))
        if not pointer:
            return ""
        ordinal = pointer["ordinal"]
        if ordinal in _LAST:
            number = len(state.offered)
        else:
            number = int(ordinal) if ordinal.isdigit() else _ORDINALS.get(ordinal, 0)
    return state.offered[number - 1] if 1 <= number <= len(state.offered) else ""


def corrected(text: str) -> str:
    """What is meant after "không phải, ý em là …"; empty: this is no correction."""
    return _rest(_CORRECTION, text)


def also(text: str) -> str:
    """The new subject after "còn … thì sao"; empty: this is none."""
    words = tokens(text)
    folded = " ".join(fold(word) for word in words)
    match = _ALSO.fullmatch(folded)
    if not match or len(match["rest"].split()) > _SHORT:
        return ""
    if "còn" not in words and not match["so"]:
        return ""  # "con" without an accent is rather a child
    return _rest(_ALSO, text)


def _rest(pattern: re.Pattern[str], text: str) -> str:
    """The words of ``text`` as typed at the place of the group ``rest``."""
    words = tokens(text)
    folded = [fold(word) for word in words]
    match = pattern.fullmatch(" ".join(folded))
    if not match:
        return ""
    start = len(" ".join(folded)[: match.start("rest")].split())
    return " ".join(words[start : start + len(match["rest"].split())])
