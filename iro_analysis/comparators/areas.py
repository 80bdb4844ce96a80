"""English authorities with children's services: codes, names, regions and what replaced what.

>>> from iro_analysis.comparators import areas
>>> areas.resolve("leeds").code
'E08000035'
>>> areas.resolve("E10000021").successors
('E06000061', 'E06000062')
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from iro_analysis import codes
from iro_analysis.errors import InputError

ENGLAND = "England"
# Words of an authority's full style that its name in the statistics leaves out.
_STYLE = re.compile(
    r"\b(?:the|london|royal|metropolitan|unitary|borough|county|city|district|council|of|upon|on)\b"
)
NEAR = 0.6  # share of letters in common from which a name is offered
CODE = re.compile(r"[A-Z]\d{8}")


@dataclass(frozen=True)
class Area:
    """One upper-tier or unitary authority of England, of today or before.

    Attributes
    ----------
    code : str
        ONS code. Of an authority whose code alone changed: the newest.
    name : str
        As in DfE's tables.
    dfe_code : str
        DfE's three digits (``old_la_code``, ``LA Number``).
    region : str
        One of the nine regions.
    part_of_region : str
        ``Inner London`` or ``Outer London``; empty elsewhere.
    valid_from, valid_to : date or None
        First and last day on which it existed, where a change since 2013 is known.
    codes : tuple of str
        Every code it has had, the newest first.
    predecessors, successors : tuple of str
        Codes of other authorities that it took over from, or that took over from it.
    """

    code: str
    name: str
    dfe_code: str
    region: str
    part_of_region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    codes: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = field(default=())
    successors: tuple[str, ...] = field(default=())

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions it lies in, the narrowest first: ``("Inner London", "London")``."""
        return tuple(filter(None, (self.part_of_region, self.region)))

    def existed_on(self, day: date) -> bool:
        """Return whether the authority existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@cache
def every() -> dict[str, Area]:
    """Return code -> authority, for every code of today and before.

    Two codes of one authority (``E10000023`` and ``E06000065``, North Yorkshire) give the same one.
    """
    rows = codes.table("areas/authorities").to_dict("records")
    changes = codes.table("areas/changes").to_dict("records")
    newer = {row["old_code"]: row["new_code"] for row in changes if row["how"] == "code"}

    def newest(code: str) -> str:
        return newest(newer[code]) if code in newer else code

    held: dict[str, list[str]] = {}
    for row in rows:
        held.setdefault(newest(row["code"]), []).append(row["code"])
    by_code = {row["code"]: row for row in rows}
    moves = [
        (newest(row["old_code"]), newest(row["new_code"]))
        for row in changes
        if row["how"] != "code"
    ]
    found: dict[str, Area] = {}
    for code, own in held.items():
        row = by_code[code]
        before = tuple(dict.fromkeys(old for old, new in moves if new == code))
        after = tuple(dict.fromkeys(new for old, new in moves if old == code))
        area = Area(
            code, row["name"], row["dfe_code"], row["region"], row["part_of_region"],
            _day(row["valid_from"] if len(own) == 1 else ""), _day(row["valid_to"]),
            tuple(sorted(own, key=lambda one: one != code)), before, after,
        )  # fmt: skip
        found.update(dict.fromkeys(own, area))
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def current() -> list[Area]:
    """Return the authorities that exist today, in the order of their codes."""
    return sorted(
        {area for area in every().values() if area.valid_to is None}, key=lambda area: area.code
    )


def authority(code: str) -> Area | None:
    """Return the authority of a code, old or new, in either case; None for any other text."""
    return every().get(code.strip().upper())


def find(text: str) -> Area | None:
    """Return the authority of a code or a name; None where there is none.

    A name is compared without case, punctuation and style: ``london borough of camden`` is Camden.
    An authority of today comes before one of the same name before it.
    """
    if found := authority(text):
        return found
    return _by_name().get(simplify(text))


@cache
def _by_name() -> dict[str, Area]:
    named = {}
    for area in sorted(set(every().values()), key=lambda one: (one.valid_to is None, one.code)):
        named[simplify(area.name)] = area
    for row in codes.table("areas/names").to_dict("records"):
        named.setdefault(simplify(row["name"]), every()[row["code"]])
    return named


def simplify(name: str) -> str:
    """Return a name without case, punctuation and the words of an authority's style."""
    words = re.sub(r"[^a-z ]+", " ", name.casefold().replace("&", " and ").replace("'", ""))
    kept = _STYLE.sub(" ", words)
    return " ".join((kept if kept.strip() else words).split())


def near(text: str, most: int = 3) -> list[str]:
    """Return names near to a text that is no authority's, the nearest first."""
    known = {key: area.name for key, area in _by_name().items()}
    wanted = simplify(text)
    close = difflib.get_close_matches(wanted, known, n=most, cutoff=NEAR)
    starting = [key for key in known if wanted and key.startswith(wanted)]
    return list(dict.fromkeys(known[key] for key in [*starting, *close]))[:most]


def near_codes(text: str, most: int = 3) -> list[str]:
    """Return authorities with a code near to one that never existed: ``Leeds (E08000035)``."""
    close = difflib.get_close_matches(text.strip().upper(), every(), n=most, cutoff=0.85)
    return [f"{every()[code].name} ({code})" for code in close]


def resolve(text: str) -> Area:
    """Return the authority of a code or a name, old or new.

    Raises
    ------
    InputError
        If there is none; near names are offered.
    """
    if found := find(text):
        return found
    if not text.strip():
        raise InputError(
            "no authority was named; expected the ONS code or the name of an English authority"
        )
    is_code = CODE.fullmatch(text.strip().upper()) is not None
    close = near_codes(text) if is_code else near(text)
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    what = "code" if is_code else "name"
    raise InputError(f"{text.strip()}: no English authority has this {what}{hint}")


@cache
def districts() -> dict[str, str]:
    """Return code of a district or authority, of today or before -> the authority it now lies in.

    An abolished authority that was split is left out: it lies in no single authority.
    """
    rows = codes.table("areas/districts").to_dict("records")
    found = {row["code"]: every()[row["authority_code"]].code for row in rows}
    for code, area in every().items():
        whole = area if area.valid_to is None else None
        if whole is None and len(area.successors) == 1:
            whole = every()[area.successors[0]]
        if whole is not None:
            found[code] = whole.code
    return found


@cache
def former_districts() -> dict[str, str]:
    """Return code of a district -> the abolished authority it lay in."""
    rows = codes.table("areas/districts").to_dict("records")
    return {
        row["code"]: every()[row["predecessor_code"]].code
        for row in rows
        if row["predecessor_code"]
    }
