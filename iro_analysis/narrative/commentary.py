"""Fill the numbers in the service's own words from the figures."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from iro_analysis import catalogue
from iro_analysis.contracts import ALL, COUNT_UNITS, FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.errors import InputError, ParameterError, near_name
from iro_analysis.reading.commentary import Commentary, Passage
from iro_analysis.tables import NOT_AVAILABLE
from iro_analysis.wording import number

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}")
SHARE, ITEM = "share", "item"


@dataclass(frozen=True)
class Words:
    """A passage as it stands on the page.

    Attributes
    ----------
    text : str
        Markdown, its placeholders filled.
    lead : str
        Said before it, and the words are set off as the service's own; empty for neither.
    """

    text: str
    lead: str = ""

    def _repr_markdown_(self) -> str:
        if not self.lead:
            return self.text
        return "\n".join(
            f"> {line}".rstrip() for line in f"**{self.lead}**\n\n{self.text}".splitlines()
        )

    def __repr__(self) -> str:
        return f"<{self.lead or 'words'}: {self.text[:60]}>" if self.text else "<no words>"


def filled(
    passage: Passage, file: str, everything: Published, items: dict[str, str] | None = None
) -> str:
    """Return a passage with its placeholders filled, its markup made harmless.

    ``{{ looked_after }}`` stands for the figure itself, ``{{ looked_after | sex | Male }}`` for a
    group's, ``{{ looked_after | sex | Male | share }}`` for its share. What is hidden or not
    available is filled with the symbol of it. ``{{ disputes | item }}`` stands for the item of what
    needs attention that speaks of a measure, ``item 1 (going missing)``; where none does, for the
    measure's name.

    Parameters
    ----------
    passage : Passage
    file : str
    everything : Published
    items : dict, optional
        Measure -> its item, in words.

    Raises
    ------
    InputError
        If a placeholder names no figure of the report, or is not closed: file and line.
    """
    lines = []
    for place, line in enumerate(passage.text.splitlines(), start=passage.line):
        where = f"{file}, line {place}"

        def fill(match: re.Match, where: str = where) -> str:
            return _figure(match[1], where, everything, items or {})

        said = _PLACEHOLDER.sub(fill, line)
        if "{{" in said or "}}" in said:
            raise InputError(f"{where}: a placeholder is not closed; expected {{{{ measure }}}}")
        lines.append(said)
    lines = ["".join(c for c in line if c.isprintable() or c == "\t") for line in lines]
    # No tag, and no picture from elsewhere, passes from a file to the page.
    return html.escape("\n".join(lines), quote=False).replace("&gt;", ">").replace("![", "!\\[")


def placeholders(text: str) -> list[str]:
    """Return the figures that the placeholders of a text stand for, in their order.

    Of an earlier period's figure, and of an item, it is the measure.

    Examples
    --------
    >>> placeholders("{{ adopted }} of {{ looked_after | sex | Male | share }}")
    ['adopted', 'looked_after/sex/Male:share']
    >>> placeholders("{{ adopted | period | 2018-19 }} a year before; {{ disputes | item }}")
    ['adopted', 'disputes']
    """
    found = []
    for words in _PLACEHOLDER.findall(text):
        name, *rest = (part.strip() for part in words.split("|"))
        how = f":{SHARE}" if rest[-1:] == [SHARE] else ""
        of_group = len(rest) >= 2 and rest[0] != catalogue.PERIOD
        found.append("/".join([name, *rest[:2]]) + how if of_group else name + how)
    return found


def _figure(words: str, where: str, everything: Published, items: dict[str, str]) -> str:
    parts = [part.strip() for part in words.split("|")]
    if len(parts) == 2 and parts[1] == ITEM:
        return _item(parts[0], where, items)
    wants_share = len(parts) > 1 and parts[-1] == SHARE
    parts = parts[:-1] if wants_share else parts
    name, breakdown, group = [*parts, ALL, ALL][:3] if len(parts) in (1, 3) else ("", "", "")
    if not name:
        raise InputError(
            f"{where}: {{{{{words}}}}} is no placeholder; expected {{{{ measure }}}} or "
            "{{ measure | breakdown | group }}"
        )
    try:
        entry = catalogue.measure(name)
        if breakdown == ALL and ALL not in entry.breakdowns:
            raise ParameterError(
                f"{name} has no figure for all; it has {', '.join(entry.breakdowns)}"
            )
        rows = everything.select(name, breakdown)
    except ParameterError as problem:
        raise InputError(*(f"{where}: {line}" for line in problem.lines)) from None
    if wants_share and entry.unit not in COUNT_UNITS:
        raise InputError(f"{where}: {name} is no count, and has no share; leave out | share")
    found = [row for row in rows if row.group == group]
    if not found:
        if rows.reason or group in rows.given_together:
            return NOT_AVAILABLE
        groups = list(rows.figures["group"])
        raise InputError(
            f"{where}: {name} by {breakdown} has no group {group!r}{near_name(group, groups)}; "
            f"it has {', '.join(groups)}"
        )
    return _as_text(found[0], entry, rows, wants_share)


def _item(name: str, where: str, items: dict[str, str]) -> str:
    try:
        title = catalogue.measure(name).title
    except ParameterError as problem:
        raise InputError(*(f"{where}: {line}" for line in problem.lines)) from None
    return items[name] if name in items else title[:1].lower() + title[1:]


def _as_text(row: FigureRow, entry: catalogue.Measure, rows: Published, share: bool) -> str:
    if row.status == "suppressed":
        return rows.policy.symbol
    if row.status == "not_available":
        return NOT_AVAILABLE
    if not share:
        return number(row.value, entry.unit)
    if not row.denominator > 0:
        return NOT_AVAILABLE
    return number(row.value / row.denominator * 100, "percent")


def check(given: Commentary, everything: Published) -> None:
    """Fill every passage once, so that a wrong placeholder is refused before a page is made."""
    for passage in given.written:
        filled(passage, given.file, everything)
