"""Interface texts by key, through Babel's gettext catalogues in ``content/<language>/LC_MESSAGES/bot.po``.

Vietnamese is the source of truth; a key missing elsewhere falls back to it. A value that came from a person goes
through ``markup.escape`` before it is put into a text.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from bot.documents import DocumentError, Problem

SOURCE = "vi"


class Texts:
    """The interface of one language. ``texts("ask.unsure", hotline="1022")`` gives small markup."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._locale = Locale(language)
        self._catalogue = catalogue

    def __call__(self, key: str, **values: object) -> str:
        """The text for ``key`` with ``values`` put in as they are. Raises KeyError for a key no catalogue has."""
        text = self._catalogue.gettext(key)
        if text == key:
            raise KeyError(key)
        return text.format_map(values) if values else text

    def date(self, day: dt.date) -> str:
        return format_date(day, "dd/MM/yyyy" if self.language == "vi" else "d MMM yyyy", locale=self._locale)

    def moment(self, at: dt.datetime) -> str:
        """``at`` with its weekday, in its own zone: "07:30 thứ Tư 25/11/2026"."""
        day = format_date(at, "EEEE", locale=self._locale)
        return f"{at:%H:%M} {day[0].lower() + day[1:] if self.language == 'vi' else day} {self.date(at)}"

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self._locale)


def load_texts(content: Path, language: str) -> Texts:
    """Raises DocumentError when a catalogue is missing or broken."""
    catalogue = _catalogue(content, SOURCE)
    if language != SOURCE:
        translated = _catalogue(content, language)
        translated.add_fallback(catalogue)
        catalogue = translated
    return Texts(language, catalogue)


def _catalogue(content: Path, language: str) -> Translations:
    path = content / language / "LC_MESSAGES" / "bot.po"
    try:
        with path.open("rb") as file:
            messages = read_po(file, locale=language, abort_invalid=True)
    except OSError as error:
        raise DocumentError(
            [Problem(path, 1, "", f"cannot be read: {error.strerror}", "restore the catalogue")]
        ) from None
    except (PoFileError, ValueError) as error:
        raise DocumentError([Problem(path, 1, "", f"is not a catalogue: {error}", "fix the entry")]) from None
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)
