"""Work out what earlier releases tell an attacker, and what a later report must not reveal.

A count keeps one name through all reports of an authority: what it counts, and the days it speaks
of. So a quarter's last day and a year's, the history that a report prints and the report of that
time, a cohort of pupils in two reports are one count, and a quarter is part of its year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from iro_analysis.contracts import ALL
from iro_analysis.disclosure.audit import Guard, View, misleading, without_a_fit
from iro_analysis.disclosure.elsewhere import NO_TABLES, Tables, in_tables
from iro_analysis.disclosure.linear_system import AT, CROSSING, LinearSystem, Row
from iro_analysis.disclosure.over_time import ALONE, REVISED, Link, links
from iro_analysis.disclosure.policy import Policy
from iro_analysis.disclosure.suppression import Background
from iro_analysis.periods import Period, year_of


@dataclass(frozen=True)
class Release:
    """What one report shows and hides: no number that is hidden, nor whether it is a small one.

    Attributes
    ----------
    period : str
    shown : dict
        Count -> number, as printed.
    hidden : frozenset of str
        Counts for which the symbol stands.
    rows : list of dict
        What adds up, where something in it is hidden.
    loose : frozenset of str
        Sums in time that do not hold: a child can be counted in two parts of a year, and returns
        are corrected. Of another year, or of other parts of it, the same may well hold.
    """

    period: str
    shown: dict[str, int]
    hidden: frozenset[str]
    rows: list[Row]
    loose: frozenset[str] = frozenset()

    @property
    def unsaid(self) -> set[str]:
        """The counts that are neither shown nor hidden by a symbol, but stand in a sum."""
        return {cell for row in self.rows for cell in row} - self.shown.keys() - self.hidden

    def plain(self) -> dict:
        """Return the release as plain values."""
        cells = sorted({*self.shown, *self.hidden, *(cell for row in self.rows for cell in row)})
        place = {cell: number for number, cell in enumerate(cells)}
        return {
            "period": self.period,
            "counts": cells,
            "shown": {str(place[cell]): self.shown[cell] for cell in sorted(self.shown)},
            "hidden": [place[cell] for cell in sorted(self.hidden)],
            "loose": sorted(self.loose),
            "rows": [[[place[cell], row[cell]] for cell in sorted(row)] for row in self.rows],
        }

    @classmethod
    def of_plain(cls, held: dict) -> Release:
        """Return the release of what ``plain`` gave, or gave in the first format of the ledger."""
        cells = held["counts"]
        if "guarded" in held:
            named = {n: g for n, g in held["guarded"].items() if g[0]}
            held = {**held, "hidden": [int(number) for number in named]}
        return cls(
            held["period"],
            {cells[int(number)]: count for number, count in held["shown"].items()},
            frozenset(cells[number] for number in held["hidden"]),
            [{cells[number]: weight for number, weight in row} for row in held["rows"]],
            frozenset(held["loose"]),
        )


@dataclass(frozen=True)
class Correction:
    """A report that was published again with other figures.

    Attributes
    ----------
    on : date
    figures : int
        Rows of ``figures.csv`` that changed, came or went.
    """

    on: date
    figures: int


def release_of(
    period: Period, view: View, hidden: set[str], loose: frozenset[str] = frozenset()
) -> Release:
    """Return what a report leaves behind: what is known of it from outside."""
    rows = [row for row in view.rows if not view.known.keys() >= row.keys()]
    return Release(period.name, dict(view.known), frozenset(hidden), rows, loose)


def same_again(
    releases: Iterable[Release], system: LinearSystem, period: Period
) -> set[str] | None:
    """Return what an earlier release of the same period hides, where nothing has changed since.

    None where there is none, or where it cannot stand as it is.
    """
    published = {cell: n for cell, n in system.values.items() if cell not in system.unpublished}
    for release in releases:
        hidden = {cell for cell in published if cell not in release.shown}
        if (
            release.period == period.name
            and release.shown.keys() <= published.keys()  # with the same groups combined
            and hidden <= release.hidden | release.unsaid
            and all(release.shown[cell] == n for cell, n in published.items() if cell not in hidden)
        ):
            return hidden
    return None


def corrected_by_few(
    releases: Iterable[Release], system: LinearSystem, policy: Policy
) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Return the groups that were corrected by few children since they were published.

    Beside the count that was published, the corrected one would say what was wrong of the record
    of one child: 90 and 89, 8 and 9. What is counted of the whole authority is not among them.

    Parameters
    ----------
    releases : iterable of Release
        The latest last.
    system : LinearSystem
        The report's, with lasting names.
    policy : Policy
        Few are as many as it hides.

    Returns
    -------
    list of (frozenset of str, frozenset of str)
        For each breakdown: the groups that changed so, and all of its groups.
    """
    before: dict[str, int] = {}
    for release in releases:
        before |= release.shown
    groups: dict[tuple[str, ...], set[str]] = {}
    for cell in system.values:
        if _is_a_count(cell) and cell not in system.unpublished and (name := _breakdown(cell)):
            groups.setdefault(name, set()).add(cell)
    found = []
    for cells in groups.values():
        change = {cell: abs(system.values[cell] - before[cell]) for cell in cells & before.keys()}
        if few := frozenset(cell for cell, n in change.items() if 0 < n <= policy.hide_to):
            found.append((few, frozenset(cells)))
    return found


def _breakdown(cell: str) -> tuple[str, ...]:
    """Return measure, breakdown and days of a count of a group; empty for a whole."""
    what, _, days = cell.partition(AT)
    measure, breakdown, _ = what.split("|")
    return () if breakdown == ALL else (measure, breakdown, days)


def known_before(
    releases: Sequence[Release],
    system: LinearSystem,
    policy: Policy,
    period: Period | None = None,
    tables: Tables = NO_TABLES,
) -> Background:
    """Return what is known before a report is published, and how it hangs together with the report.

    Parameters
    ----------
    releases : sequence of Release
        The latest last.
    system : LinearSystem
        The report's, with lasting names.
    policy : Policy
    period : Period, optional
        The report's.
    tables : mapping of str to frozenset of int, optional
        DfE's counts of the authority (``elsewhere.tables_of``).
    """
    published = {cell: n for cell, n in system.values.items() if cell not in system.unpublished}
    elsewhere = _known_elsewhere(published, policy)
    if period is not None:
        elsewhere |= in_tables(tables, system, period)
    known = dict(elsewhere)
    settled = published | {cell: system.values[cell] for cell in system.lasting}
    guarded: dict[str, Guard] = {}
    rows: list[Row] = []
    for number, release in enumerate(reversed(releases)):
        changed = {c for c, n in release.shown.items() if settled.get(c, n) != n}
        changed |= _crossings_of(changed, release)  # who was in both groups changed with them
        names = {cell: f"{cell}{REVISED}{number}" for cell in changed}
        settled = {**release.shown, **settled}
        known |= {names.get(cell, cell): n for cell, n in release.shown.items()}
        for cell in release.unsaid:
            guarded.setdefault(names.get(cell, cell), Guard(0, None))
        guarded |= dict.fromkeys((names.get(cell, cell) for cell in release.hidden), Guard(1, None))
        rows += [{names.get(cell, cell): w for cell, w in row.items()} for row in release.rows]
    combined = {cell for row in rows for cell in row if _is_a_count(cell)}
    cells = {*settled, *known, *guarded, *combined}
    found = links(cells)
    near = _hanging_together(system, known, [*rows, *(link.row for link in found)])
    rows = [row for row in rows if not near.isdisjoint(row)]
    loose = frozenset(name for release in releases for name in release.loose)
    found = [link for link in found if not near.isdisjoint(link.row)]
    guarded = {cell: guard for cell, guard in guarded.items() if cell in near}
    background = _agreeing(system, known, guarded, rows, found, loose)
    return replace(background, elsewhere=frozenset(elsewhere))


def _crossings_of(cells: set[str], release: Release) -> set[str]:
    """Return the crossings in a release of which one side is among some counts."""
    crossings = {cell for row in release.rows for cell in row if cell.startswith(CROSSING)}
    return {
        each
        for each in crossings
        if any(each.startswith(f"{CROSSING}{cell}|") or each.endswith(f"|{cell}") for cell in cells)
    }


def _is_a_count(cell: str) -> bool:
    """Whether a cell is a count that a report could show."""
    own = cell.partition(AT)[0].count("|") == 2 and not cell.startswith((CROSSING, "rest|"))
    return own and ALONE not in cell and REVISED not in cell


def _known_elsewhere(published: dict[str, int], policy: Policy) -> dict[str, int]:
    """Return the counts that DfE publishes of every authority: of a year and its 31 March."""
    known = {}
    for cell, count in published.items():
        bare, _, days = cell.partition(AT)
        start, _, end = days.rpartition(":")
        if bare not in policy.known_elsewhere or policy.is_small(count):
            continue
        year = year_of(date.fromisoformat(end))
        if end == year.end.isoformat() and start in ("", year.start.isoformat()):
            known[cell] = count
    return known


def _hanging_together(system: LinearSystem, known: dict[str, int], rows: list[Row]) -> set[str]:
    """Return the counts of a report, and those not known that hang together with one of them."""
    beside: dict[str, list[Row]] = {}
    for row in rows:
        for cell in row.keys() - known.keys():
            beside.setdefault(cell, []).append(row)
    found = set(system.values)
    waiting = [cell for row in rows if not found.isdisjoint(row) for cell in row]
    waiting = [cell for cell in waiting if cell not in known] + sorted(found)
    found.update(waiting)
    while waiting:
        for row in beside.get(waiting.pop(), []):
            fresh = row.keys() - known.keys() - found
            found |= fresh
            waiting += fresh
    return found


def _agreeing(
    system: LinearSystem,
    known: dict[str, int],
    guarded: dict[str, Guard],
    rows: list[Row],
    found: list[Link],
    loose: frozenset[str],
) -> Background:
    """Return what is known without what contradicts the report: returns are corrected.

    A sum of parts may count a child twice, and a count may have been revised since. Where counts
    that hang together do not fit, sums over time go first, as few as will do, then the earlier
    reports. Where a sum over time does not hold, its weaker inequalities may.
    """
    pieces = {cell for link in found for cell in link.row if cell not in known}
    rests = {
        cell: Guard(0, None) for cell in pieces if cell not in guarded and cell not in system.values
    }
    earlier = rows
    # What the report counts is true, shown or not: a link that contradicts it misleads.
    true = {**known, **system.values}
    by_row = {id(link.row): link for link in found}
    misled = [link.row for link in found if link.name in loose or _is_broken(link.row, true)]
    joined = _others([link.row for link in found], misled)

    def fitting(joined: list[Row]) -> list[Row]:
        wrong = misleading(View([*rows, *joined], true, {**guarded, **rests}), joined)
        misled.extend(wrong)
        return _others(joined, wrong)

    joined = fitting(joined)
    wrong = without_a_fit(View([*rows, *joined], true, {**guarded, **rests}))
    rows = [row for row in rows if wrong.isdisjoint(row) and not _is_broken(row, true)]
    if wrong or len(rows) < len(earlier):
        joined = fitting(joined)  # where earlier reports had to go, links may still not fit
    # What contradicts the report was corrected since; who knows which count was? All stay hidden.
    left = {id(row) for row in rows}
    hidden = {cell for row in earlier if id(row) not in left for cell in row if cell in guarded}
    names = frozenset(by_row[id(row)].name for row in misled)
    weaker = [row for each in misled for row in by_row[id(each)].weaker]
    weaker = [row for row in weaker if _can_hold(row, true)]
    if weaker and without_a_fit(View([*rows, *joined, *weaker], true, {**guarded, **rests})):
        weaker = []
    return Background(
        [*rows, *joined, *weaker],
        known,
        {**guarded, **rests},
        loose=loose | names,
        stay=frozenset(hidden & system.values.keys()),
    )


def _others(rows: list[Row], some: list[Row]) -> list[Row]:
    without = {id(row) for row in some}
    return [row for row in rows if id(row) not in without]


def _is_broken(row: Row, known: dict[str, int]) -> bool:
    """Whether all counts of a row are known, and do not add up."""
    return row.keys() <= known.keys() and sum(n * known[cell] for cell, n in row.items()) != 0


def _can_hold(row: Row, known: dict[str, int]) -> bool:
    """Whether a row with one count that nobody knows leaves that one at none or more."""
    free = [cell for cell in row if cell not in known]
    if len(free) != 1:
        return True
    rest = sum(weight * known[cell] for cell, weight in row.items() if cell in known)
    return -rest * row[free[0]] >= 0
