"""Build the young people's page: what they said, what was found, what will be done, rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iro_analysis import codes
from iro_analysis.errors import InputError, near_name
from iro_analysis.report.conditions import every
from iro_analysis.report.record import report
from iro_analysis.report.source import Source, plain_words
from iro_analysis.report.text import Text, join, plain
from iro_analysis.wording import in_html

SLOTS = ("advocate", "telephone")


@dataclass(frozen=True)
class Edition:
    """The page for young people.

    Attributes
    ----------
    lead : str
    parts : tuple of (str, tuple of Text)
        A heading and what stands under it: a paragraph, or the lines of a list.
    ask : str
        Where to turn.
    own : tuple of str
        The headings of the parts that are the service's own words.
    """

    lead: str
    parts: tuple[tuple[str, tuple[Text, ...]], ...]
    ask: str
    own: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """Four boxes, and where to turn."""
        boxes = "".join(
            f"<div><h3>{in_html(heading)}</h3>{_in_html(lines, heading in self.own)}</div>"
            for heading, lines in self.parts
        )
        return (
            f'<p class="lead">{in_html(self.lead)}</p><div class="young">{boxes}</div>'
            f'<p class="ask"><strong>{in_html(self.ask)}</strong></p>'
        )

    @property
    def text(self) -> str:
        """All of it as running text."""
        said = [f"{heading}. {join(list(lines))}" for heading, lines in self.parts]
        return " ".join([self.lead, *said, self.ask])


def edition(source: Source) -> Edition:
    """Return the young people's page of a report."""
    record, figures = codes.record("young_people"), source.figures
    found = every(record["found"]["lines"], figures)
    own = report()["service"]
    parts = (
        _own(source, own["told_us"], record["told"]),
        (record["found"]["heading"], tuple(found) or (plain(record["nothing"]),)),
        _own(source, own["for_you"], record["will"]),
        (record["rights"]["heading"], tuple(map(plain, record["rights"]["lines"]))),
    )
    written = ((own["told_us"], record["told"]), (own["for_you"], record["will"]))
    said = tuple(part["heading"] for heading, part in written if source.says(heading))
    return Edition(record["lead"], parts, where_to_turn(source.authority.settings), said)


def _in_html(lines: tuple[Text, ...], own: bool) -> str:
    if len(lines) == 1:
        kind = ' class="svc"' if own else ""
        return f"<p{kind}>{lines[0].html}</p>"
    return f"<ul>{''.join(f'<li>{line.html}</li>' for line in lines)}</ul>"


def _own(source: Source, written: str, part: dict) -> tuple[str, tuple[Text, ...]]:
    """Return a part in the service's own words; without them, what is said of every council."""
    said = source.says(written)
    if said:
        return part["heading"], (plain(" ".join(plain_words(said).split())),)
    without = part["without_commentary"]
    return without["heading"], tuple(every(without["lines"], source.figures))


def where_to_turn(settings: dict[str, Any]) -> str:
    """Return where to turn, with the name and number that the authority gives.

    Raises
    ------
    InputError
        If ``[young_people]`` of ``authority.toml`` holds another slot, or no text.
    """
    record = codes.record("young_people")["rights"]
    given = settings.get("young_people", {})
    for key, value in given.items():
        if key not in SLOTS:
            raise InputError(
                f"authority.toml [young_people]: {key!r} is no slot{near_name(key, SLOTS)}; "
                f"it has {', '.join(SLOTS)}"
            )
        if not isinstance(value, str):
            raise InputError(f"authority.toml [young_people]: {key} should be text in quotes")
    name, number = given.get("advocate", ""), given.get("telephone", "")
    template = (
        record["contact"]
        if name and number
        else record["contact_by_telephone"]
        if number
        else record["contact_by_name"]
        if name
        else ""
    )
    return f"{record['ask']} {template.format(advocate=name, telephone=number)}".strip()
