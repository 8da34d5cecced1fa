"""Whether a pasted address is official, a look-alike or unknown: judged by its name alone, never opened."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field
from rapidfuzz.distance import OSA

from bot.content.models import Frozen, TopicId
from bot.documents import load

Verdict = Literal["official", "open", "hidden", "lookalike", "unknown"]
"""official: its owner is known. open: a real site, but anyone may publish there. hidden: a shortener."""

_Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]

# Without http:// or www., only these ends make a name with dots an address; words like "v.v" are none.
_ENDS = """
vn com net org info top xyz club online site shop vip cc me io app asia biz live pro link click icu tk ml ga cf gq ly
us cn ru id gl work life store website space fun host press tech today world zone mobi name dev page bid win
""".split()  # noqa: SIM905  a table a person can read
_NAME = r"[^\W_](?:[\w-]*[^\W_])?"
_ADDRESS = re.compile(
    rf"(?:h(?:tt|xx)ps?://|www\.)[^\s<>\"']+|(?<![\w@.-])(?:{_NAME}\.)+(?:{'|'.join(_ENDS)})(?![\w.-]*\w)(?:[:/?#][^\s<>\"']*)?",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}…\"'"
# Signs that look like another: what a hurried reader sees.
_SEEN = str.maketrans("015$аеорсухіїѕԁɡ", "olssaeopcyxiisdg")
_SECOND_LEVEL = frozenset({"com", "net", "org", "edu", "gov", "co", "info", "name", "pro", "health", "id", "io"})
_SHORTEST, _SHORT, _LONG = 4, 5, 9  # letters of a name from which it counts at all, one slip counts, two count


@dataclass(frozen=True, slots=True)
class Judged:
    """``of``: whose it is (official) or whom it imitates (lookalike). ``package``: it leads to an app outside a store.

    ``store``: a shop of apps (verdict open).
    """

    host: str
    verdict: Verdict
    of: str = ""
    package: bool = False
    store: bool = False


class _Site(Frozen):
    domain: _Domain
    name: str
    brand: tuple[Annotated[str, Field(pattern=r"^[a-z0-9]{4,}$")], ...] = ()


class _File(Frozen):
    reviewed: dt.date
    review_by: dt.date
    suffixes: Mapping[_Domain, str]
    sites: tuple[_Site, ...]
    open: tuple[_Domain, ...]
    stores: tuple[_Domain, ...]
    shorteners: tuple[_Domain, ...]
    next: tuple[TopicId, ...]


@dataclass(frozen=True)
class Official:
    """The kept list."""

    file: _File

    @property
    def next(self) -> tuple[str, ...]:
        """Topics offered after a verdict."""
        return self.file.next

    def judge(self, text: str) -> Iterator[Judged]:
        """Each address in ``text``, in order, once."""
        seen = set()
        for address in addresses(text):
            judged = self._judge(address)
            if judged and judged.host not in seen:
                seen.add(judged.host)
                yield judged

    def _judge(self, address: str) -> Judged | None:
        host, path, before = _parts(address)
        if not host:
            return None
        package = path.lower().endswith((".apk", ".xapk", ".ipa", ".mobileconfig"))
        plain = _readable(host)
        if plain in self.file.stores:
            return Judged(plain, "open", package=package, store=True)
        if plain.isascii():
            for site in self.file.sites:
                if _under(plain, site.domain):
                    return Judged(plain, "official", site.name, package)
            for suffix, name in self.file.suffixes.items():
                if _under(plain, suffix):
                    return Judged(plain, "official", name, package)
            if any(_under(plain, domain) for domain in self.file.open):
                return Judged(plain, "open", package=package)
            if any(_under(plain, domain) for domain in self.file.shorteners):
                return Judged(plain, "hidden", package=package)
        if imitated := self._imitated(plain) or self._imitated(before):
            return Judged(plain, "lookalike", imitated, package)
        return Judged(plain, "unknown", package=package)

    def _imitated(self, host: str) -> str:
        """Whom ``host`` imitates: its owner's word in a stranger's address, one or two letters off, or another end."""
        seen = _look(host)
        labels = re.split(r"[.-]", seen)
        for site in self.file.sites:
            if _alike(seen, site.domain):
                return site.name
            for brand in site.brand:
                if brand in labels or (len(brand) > _SHORT and brand in seen.replace("-", "").replace(".", "")):
                    return site.name
        for suffix, name in self.file.suffixes.items():
            head = suffix.split(".")[0]
            if head in labels or "".join(suffix.split(".")) in labels:
                return name
        return next((domain for domain in self.file.open if _alike(seen, domain)), "")


def load_official(root: Path) -> Official | None:
    """The list of ``root/official.yaml``; None where there is no such file. Raises DocumentError."""
    path = root / "official.yaml"
    return Official(load(path, _File)) if path.exists() else None


def addresses(text: str) -> list[str]:
    """What looks like a web address in ``text``; addresses of e-mail are not."""
    text = text.replace("[.]", ".").replace("(.)", ".")
    return [match[0].rstrip(_TRAILING) for match in _ADDRESS.finditer(text)]


def _alike(seen: str, domain: str) -> bool:
    """Whether a hurried reader takes ``seen`` for ``domain``: the same name, or nearly, perhaps with another end."""
    core, right = _core(seen), _core(domain)
    if len(right) < _SHORTEST:
        return seen == domain
    slips = 0 if len(right) < _SHORT else 1 if len(right) < _LONG else 2
    return OSA.distance(core, right) <= slips


def _parts(address: str) -> tuple[str, str, str]:
    """(host in lower case without www., path, what stands before an @ to mislead)."""
    if "://" not in address:
        address = "http://" + address
    address = re.sub(r"^hxxp", "http", address, flags=re.IGNORECASE)
    try:
        split = urlsplit(address)
        host = (split.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return "", "", ""
    if "." not in host and not _is_ip(host):
        return "", "", ""
    return host, split.path, split.username or ""


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _readable(host: str) -> str:
    """``host`` with punycode labels written out."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return unicodedata.normalize("NFC", ".".join(labels))


def _look(host: str) -> str:
    """``host`` as a hurried reader sees it: marks dropped, look-alike signs replaced."""
    bare = unicodedata.normalize("NFKD", host.replace("đ", "d"))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return bare.translate(_SEEN).replace("rn", "m") if not host.isascii() else bare.translate(_SEEN)


def _core(host: str) -> str:
    """The name its owner registered, without the ends: ``vneid`` of ``abc.vneid.gov.vn``."""
    labels = host.split(".")
    labels = labels[:-1]
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels = labels[:-1]
    return labels[-1] if labels else ""


def _under(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
