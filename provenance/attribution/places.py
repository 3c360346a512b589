"""Countries, identifiers and what may be part of what: the plain checks of a work. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

WORLD: Final = "world"
COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
    ZW
    """.split()  # noqa: SIM905 - 249 quoted strings would be a page long
)
"""ISO 3166-1, two letters."""
EU: Final = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)
REGIONS: Final = {"EU": EU, "EEA": (*EU, "IS", "LI", "NO")}
"""Regions as they are since 1 February 2020. Whoever writes one means the countries it has now."""
FORMATS: Final = {
    "iscc": (re.compile(r"ISCC:[A-Z2-7]{10,68}"), "ISCC:KEC… as a generator of ISCCs prints it"),
    "doi": (re.compile(r"10\.\d{4,9}/\S+"), "10.1234/abc"),
    "wikidata": (re.compile(r"Q[1-9]\d{0,15}"), "Q12418"),
}
LONGEST_IDENTIFIER: Final = 500
PREFIXES: Final = re.compile(
    r"https?://(dx\.)?doi\.org/|doi:|https?://(www\.)?wikidata\.org/(wiki|entity)/", re.IGNORECASE
)


def expanded(territories: Iterable[str]) -> tuple[str, ...]:
    """Each once in their order, regions as the countries that they consist of."""
    found = (place for text in territories for place in REGIONS.get(text, (text,)))
    return tuple(dict.fromkeys(found))


def unknown_places(territories: Iterable[str]) -> list[str]:
    """Those that are neither "world" nor a country's code."""
    return sorted(set(territories) - COUNTRIES - {WORLD})


def identifier(scheme: str, text: str) -> str:
    """The identifier as it is kept; ValueError with an example of the format where it is none."""
    value = text.strip()
    if scheme == "url":
        return _address(value)
    value = PREFIXES.sub("", value, count=1)
    value = value.upper() if scheme in ("iscc", "wikidata") else value.lower()
    expression, example = FORMATS[scheme]
    if len(value) > LONGEST_IDENTIFIER or not expression.fullmatch(value):
        raise ValueError(example)
    return value


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(c.isspace() for c in value) or len(value) > LONGEST_IDENTIFIER:
        raise ValueError("https://example.org/picture")
    return value
