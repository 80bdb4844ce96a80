"""Read the service's own words for a period, ``commentary/<period>.md``, and the cover's facts.

The file is Markdown with one ``##`` heading a section of the report. Facts of the cover sheet that
belong to the period stand at its head, between two lines ``+++``, as in ``authority.toml``::

    +++
    date = "10 March 2021"
    verdict = "What the service says of the whole year."
    response.reviews_overdue = "What the service does about it."
    owner.reviews_overdue = "Whose task that is: a role, such as Head of Service"
    by.reviews_overdue = 2021-06-30
    for_you.owner = "Whose task it is to keep what children and young people are promised"
    for_you.by = 2021-09-30
    caution.disputes = "Why two years of it cannot be compared."
    +++

    ## Reason for report
    ...
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from iro_analysis import catalogue, codes
from iro_analysis.errors import InputError, PeriodError, near_name
from iro_analysis.periods import Period, in_words, moved, single

FOLDER = "commentary"
BY_MEASURE = ("response", "caution", "owner")
DUE = "by"
FOR_YOU = "for_you"  # whose task the promises to children and young people are, and by when
_HEAD = re.compile(r"\A\s*\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^##[ \t]+(.*?)[ \t#]*$")


@dataclass(frozen=True)
class Passage:
    """The words under one heading.

    Attributes
    ----------
    heading, text : str
    line : int
        The line of the file on which the text begins.
    """

    heading: str
    text: str
    line: int


@dataclass(frozen=True)
class Promise:
    """What a service said that it would do of a figure.

    Attributes
    ----------
    measure, text : str
    owner : str
        The role whose task it is; empty where it is not said.
    due : date or None
    """

    measure: str
    text: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Commentary:
    """What the service says of a period.

    Attributes
    ----------
    file : str
        Empty where there is none.
    facts : dict
        Key of ``reference/cover.toml`` -> text.
    passages : tuple of Passage
        In the order of the file.
    verdict : str
        What the service says of the whole period, in a sentence or two.
    responses, cautions : dict
        Measure -> what the service does about it; and why its figures of two periods cannot be
        compared.
    owners : dict
        Measure -> the role whose task the response is.
    due : dict
        Measure -> the day by which it is to be done.
    earlier : tuple of Passage
        Those of the file for the same period a year before.
    promises : tuple of Promise
        What the head of that file said would be done.
    """

    file: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    verdict: str = ""
    responses: dict[str, str] = field(default_factory=dict)
    cautions: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    due: dict[str, date] = field(default_factory=dict)
    earlier: tuple[Passage, ...] = ()
    promises: tuple[Promise, ...] = ()
    for_you: tuple[str, date | None] = ("", None)

    @property
    def written(self) -> tuple[Passage, ...]:
        """Everything whose numbers are filled from the report's figures."""
        head = {"verdict": self.verdict} if self.verdict else {}
        head |= {f"response.{name}": text for name, text in self.responses.items()}
        head |= {f"caution.{name}": text for name, text in self.cautions.items()}
        return (*(Passage(key, text, 1) for key, text in head.items()), *self.passages)

    def passage(self, heading: str) -> Passage | None:
        """Return the words under a heading, whatever its capitals; None where there are none."""
        wanted = heading.casefold()
        return next((p for p in self.passages if p.heading.casefold() == wanted), None)


def fields() -> dict[str, str]:
    """Return every fact of the cover sheet: key -> label."""
    cover = codes.record("cover")
    every = [*cover["head"], *cover["foot"]]
    for rows in cover["implications"].values():
        every += rows
    return dict(every)


def read_commentary(home: Path | None, settings: dict[str, Any], period: Period) -> Commentary:
    """Read what is given for a period: the standing facts, then the period's own file.

    Parameters
    ----------
    home : Path or None
        The authority's folder.
    settings : dict
        ``authority.toml``.
    period : Period

    Raises
    ------
    InputError
        If a fact is not one of the cover sheet, or the file cannot be read as described: file,
        line, what is expected.
    """
    facts = _facts(settings.get("cover", {}), "authority.toml [cover]")
    path = None if home is None else home / FOLDER / f"{period.folder}.md"
    earlier, promises = ((), ()) if home is None else _earlier(home, period)
    if path is None or not path.is_file():
        return Commentary(facts=facts, earlier=earlier, promises=promises)
    file = f"{FOLDER}/{path.name}"
    given, passages = _parts(path, file)
    verdict = _text(given.pop("verdict", ""), "verdict", file)
    responses, cautions, owners = (_by_measure(given.pop(key, {}), key, file) for key in BY_MEASURE)
    due = _due(given.pop(DUE, {}), period, file)
    for key, names in (("owner", owners), (DUE, due)):
        if without := [name for name in names if name not in responses]:
            raise InputError(
                f"{file}: {key}.{without[0]}: nothing is said to be done; expected "
                f'response.{without[0]} = "..." too'
            )
    for_you = _for_you(given.pop(FOR_YOU, {}), period, file)
    facts.update(_facts(given, file))
    return Commentary(
        file, facts, passages, verdict, responses, cautions, owners, due, earlier, promises, for_you
    )


def _earlier(home: Path, period: Period) -> tuple[tuple[Passage, ...], tuple[Promise, ...]]:
    """Return the passages and promises of the same period a year before; none without a file."""
    before = moved(period, -12)
    path = home / FOLDER / f"{before.folder}.md"
    if not path.is_file():
        return (), ()
    file = f"{FOLDER}/{path.name}"
    given, passages = _parts(path, file)
    responses, owners = (
        _by_measure(given.get(key, {}), key, file) for key in ("response", "owner")
    )
    due = _due(given.get(DUE, {}), before, file)
    promises = tuple(
        Promise(name, text, owners.get(name, ""), due.get(name)) for name, text in responses.items()
    )
    return passages, promises


def _parts(path: Path, file: str) -> tuple[dict[str, Any], tuple[Passage, ...]]:
    """Return the lines at a file's head, and its passages."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file}: expected text in UTF-8; nothing of it can be used") from None
    head = _HEAD.match(text)
    if not head:
        return {}, _passages(text, file, 0)
    try:
        given = tomllib.loads(head[1])
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{file}: the lines between +++ cannot be read: {problem}") from None
    skipped = text[: head.end()].count("\n")
    return given, _passages(text[head.end() :], file, skipped)


def _by_measure(given: Any, key: str, file: str) -> dict[str, str]:
    """Return what is said of single measures: measure -> text."""
    _measures_named(given, key, '"..."', file)
    return {name: _text(text, f"{key}.{name}", file) for name, text in given.items()}


def _due(given: Any, period: Period, file: str) -> dict[str, date]:
    """Return the days by which something is to be done: measure -> day."""
    _measures_named(given, DUE, "2021-06-30", file)
    return {name: _after(day, f"{DUE}.{name}", period, file) for name, day in given.items()}


def _after(day: Any, key: str, period: Period, file: str) -> date:
    """Return a day by which something is to be done; refuse one that is not after the period."""
    if type(day) is not date:
        raise InputError(f"{file}: {key} should be a date, such as 2021-06-30")
    if day <= period.end:
        raise InputError(
            f"{file}: {key} is {in_words(day)}; expected a day after the period, which "
            f"ends on {in_words(period.end)}"
        )
    return day


def _for_you(given: Any, period: Period, file: str) -> tuple[str, date | None]:
    """Return whose task the promises to children and young people are, and by when."""
    expected = {"owner", DUE}
    if not isinstance(given, dict) or set(given) - expected:
        raise InputError(
            f'{file}: expected {FOR_YOU}.owner = "..." and {FOR_YOU}.{DUE} = 2021-06-30'
        )
    owner = _text(given.get("owner", ""), f"{FOR_YOU}.owner", file)
    day = given.get(DUE)
    return owner, None if day is None else _after(day, f"{FOR_YOU}.{DUE}", period, file)


def _measures_named(given: Any, key: str, example: str, file: str) -> None:
    """Refuse lines of a file's head that name no measure."""
    if not isinstance(given, dict):
        raise InputError(f"{file}: expected lines such as {key}.disputes = {example}")
    known = catalogue.measures()
    for name in given:
        if name not in known:
            raise InputError(f"{file}: {key}.{name}: no such measure{near_name(name, known)}")


def _text(given: Any, key: str, file: str) -> str:
    if not isinstance(given, str):
        raise InputError(f"{file}: {key} should be text in quotes")
    return given.strip()


def _facts(given: Any, where: str) -> dict[str, str]:
    if not isinstance(given, dict):
        raise InputError(f'{where}: expected lines such as date = "10 March 2021"')
    known = fields()
    for key in given:
        if key not in known:
            raise InputError(
                f"{where}: {key!r} is no fact of the cover sheet{near_name(key, known)}; "
                f"it has {', '.join(known)}"
            )
    if wrong := [key for key, value in given.items() if not isinstance(value, str | date)]:
        raise InputError(f"{where}: {wrong[0]} should be text in quotes, or a date")
    return {
        key: in_words(value) if isinstance(value, date) else str(value).strip()
        for key, value in given.items()
        if str(value).strip()
    }


def _passages(text: str, file: str, skipped: int) -> tuple[Passage, ...]:
    found: list[Passage] = []
    heading, begins = "", 0
    lines: list[str] = []

    def close() -> None:
        words = "\n".join(lines)
        above = len(words) - len(words.lstrip("\n"))
        if heading and words.strip():
            found.append(Passage(heading, words.strip("\n"), begins + above))

    for number, line in enumerate(text.splitlines(), start=skipped + 1):
        matched = _HEADING.match(line)
        if matched:
            close()
            heading, lines, begins = matched[1], [], number + 1
            if any(p.heading.casefold() == heading.casefold() for p in found):
                raise InputError(
                    f"{file}, line {number}: the heading {heading!r} stands twice; expected each "
                    "once"
                )
        elif not heading and line.strip():
            raise InputError(
                f"{file}, line {number}: words before the first heading; expected each passage "
                "under a heading of its own, such as ## Reviews"
            )
        else:
            lines.append(line)
    close()
    return tuple(found)


def problems(home: Path | None, settings: dict[str, Any]) -> list[str]:
    """Return what is wrong with the cover's facts and with every period's commentary.

    Parameters
    ----------
    home : Path or None
        The authority's folder.
    settings : dict
        ``authority.toml``.

    Returns
    -------
    list of str
        One line per problem: file, line, what is expected. Whether a placeholder's group has a
        figure shows only when the period's report is made.
    """
    found: list[str] = []
    folder = None if home is None else home / FOLDER
    for path in sorted(folder.glob("*.md")) if folder and folder.is_dir() else []:
        try:
            period = single(path.stem.replace("_to_", ":"))
            words = read_commentary(home, {}, period)
        except PeriodError as problem:
            found += [f"{FOLDER}/{path.name}: {line}" for line in problem.lines]
            continue
        except InputError as problem:
            found += problem.lines
            continue
        for passage in words.passages:
            found += _placeholders(passage, words.file)
    try:
        _facts(settings.get("cover", {}), "authority.toml [cover]")
    except InputError as problem:
        found += problem.lines
    return found


def _placeholders(passage: Passage, file: str) -> list[str]:
    """Return one line for each placeholder that names no measure or breakdown."""
    known = catalogue.measures()
    found = []
    for number, line in enumerate(passage.text.splitlines(), start=passage.line):
        for words in re.findall(r"\{\{(.*?)\}\}", line):
            name, *more = (part.strip() for part in words.split("|"))
            where = f"{file}, line {number}"
            if name not in known:
                found.append(f"{where}: {name!r} is no measure{near_name(name, known)}")
            elif len(more) > 1 and more[0] not in known[name].breakdowns:
                breakdowns = known[name].breakdowns
                found.append(
                    f"{where}: {name} has no breakdown {more[0]!r}{near_name(more[0], breakdowns)}"
                )
    return found
