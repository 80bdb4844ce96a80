"""What was released before: what a later report must not give away, and what it can build on.

A count keeps one name through all reports of an authority: what it counts, and the days it speaks
of. So a quarter's last day and a year's, the history that a report prints and the report of that
time, a cohort of pupils in two reports are one count, and a quarter is part of its year.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from iro_analysis import codes
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.audit import Guard, Row, View, misleading, without_a_fit
from iro_analysis.disclosure.policy import Policy
from iro_analysis.disclosure.suppression import Background
from iro_analysis.disclosure.system import AT, CROSSING, System, added
from iro_analysis.periods import Period, single, year_of

_ALONE = " # "  # a count that is in no figure belongs to its report alone
_REVISED = " ~ "
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Release:
    """What one report shows, and what it hides, without a number that is hidden.

    Attributes
    ----------
    period : str
    shown : dict
        Count -> number, as printed.
    guarded : dict
        Count that is hidden or would follow from others -> ``Guard``.
    rows : list of dict
        What adds up, where something in it is hidden.
    loose : frozenset of str
        Sums in time that do not hold: a child can be counted in two parts of a year, and returns
        are corrected. Of another year, or of other parts of it, the same may well hold.
    """

    period: str
    shown: dict[str, int]
    guarded: dict[str, Guard]
    rows: list[Row]
    loose: frozenset[str] = frozenset()

    def plain(self) -> dict:
        """Return the release as plain values."""
        cells = sorted({*self.shown, *self.guarded, *(cell for row in self.rows for cell in row)})
        place = {cell: number for number, cell in enumerate(cells)}
        return {
            "period": self.period,
            "counts": cells,
            "shown": {str(place[cell]): self.shown[cell] for cell in sorted(self.shown)},
            "guarded": {
                str(place[cell]): [guard.floor, guard.is_small]
                for cell, guard in sorted(self.guarded.items())
            },
            "loose": sorted(self.loose),
            "rows": [[[place[cell], row[cell]] for cell in sorted(row)] for row in self.rows],
        }

    @classmethod
    def of_plain(cls, held: dict) -> Release:
        """Return the release of what ``plain`` gave."""
        cells = held["counts"]
        return cls(
            held["period"],
            {cells[int(number)]: count for number, count in held["shown"].items()},
            {
                cells[int(number)]: Guard(floor, is_small)
                for number, (floor, is_small) in held["guarded"].items()
            },
            [{cells[number]: weight for number, weight in row} for row in held["rows"]],
            frozenset(held["loose"]),
        )


def release_of(period: Period, view: View, loose: frozenset[str] = frozenset()) -> Release:
    """Return what a report leaves behind: what is known of it from outside."""
    rows = [row for row in view.rows if not view.known.keys() >= row.keys()]
    return Release(period.name, dict(view.known), dict(view.guarded), rows, loose)


def lasting_names(system: System, period: Period) -> dict[str, str]:
    """Return for each cell of a report the name that it has in all reports of the authority."""
    return {
        cell: f"{cell}{_ALONE}{period.name}"
        if cell in system.unpublished and cell not in system.lasting
        else _lasting(cell, system.when.get(cell, "period"), period)
        for cell in system.values
    }


def _lasting(cell: str, when: str, own: Period) -> str:
    bare, at, name = cell.partition(AT)
    period = single(name) if at else own
    measure, breakdown, group = bare.split("|")
    if measure == "looked_after_history":
        return f"looked_after|{ALL}|{ALL}{AT}{group}"
    if when == "own" and group != ALL:
        return bare
    if breakdown == "month" and (month := _month(group, period)):
        return f"{measure}|{ALL}|{ALL}{AT}{_days(*month)}"
    if when == "period":
        return f"{bare}{AT}{_days(period.start, period.end)}"
    return f"{bare}{AT}{period.end.isoformat()}"


def _days(start: date, end: date) -> str:
    return f"{start.isoformat()}:{end.isoformat()}"


def _month(label: str, period: Period) -> tuple[date, date] | None:
    """Return the first and last day of a month that lies in a period with all its days."""
    first = period.start
    while first <= period.end:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        if f"{first:%B %Y}" == label:
            whole = first.day == 1 and after - _DAY <= period.end
            return (first, after - _DAY) if whole else None
        first = after
    return None


def same_again(releases: Iterable[Release], system: System, period: Period) -> set[str] | None:
    """Return what an earlier release of the same period hides, where nothing has changed since.

    None where there is none, or where it cannot stand as it is.
    """
    published = {cell: n for cell, n in system.values.items() if cell not in system.unpublished}
    for release in releases:
        hidden = {cell for cell in published if cell not in release.shown}
        if (
            release.period == period.name
            and hidden <= release.guarded.keys()
            and all(release.shown[cell] == n for cell, n in published.items() if cell not in hidden)
        ):
            return hidden
    return None


def known_before(releases: Sequence[Release], system: System, policy: Policy) -> Background:
    """Return what is known before a report is published, and how it hangs together with the report.

    Parameters
    ----------
    releases : sequence of Release
        The latest last.
    system : System
        The report's, with lasting names.
    policy : Policy
    """
    published = {cell: n for cell, n in system.values.items() if cell not in system.unpublished}
    elsewhere = _known_elsewhere(published, policy)
    known = dict(elsewhere)
    settled = published | {cell: system.values[cell] for cell in system.lasting}
    guarded: dict[str, Guard] = {}
    rows: list[Row] = []
    for number, release in enumerate(reversed(releases)):
        changed = {c for c, n in release.shown.items() if settled.get(c, n) != n}
        names = {cell: f"{cell}{_REVISED}{number}" for cell in changed}
        settled = {**release.shown, **settled}
        known |= {names.get(cell, cell): n for cell, n in release.shown.items()}
        for cell, guard in release.guarded.items():
            before = guarded.get(cell, guard)
            guarded[cell] = Guard(max(before.floor, guard.floor), before.is_small or guard.is_small)
        rows += [{names.get(cell, cell): w for cell, w in row.items()} for row in release.rows]
    combined = {cell for row in rows for cell in row if _is_a_count(cell)}
    cells = {*settled, *known, *guarded, *combined}
    links = [*_parts_of_periods(cells), *_stock_and_flow(cells)]
    near = _hanging_together(system, known, [*rows, *links])
    rows = [row for row in rows if not near.isdisjoint(row)]
    loose = {name for release in releases for name in release.loose}
    links = [row for row in links if not near.isdisjoint(row) and _joined(row) not in loose]
    guarded = {cell: guard for cell, guard in guarded.items() if cell in near}
    background = _agreeing(system, known, guarded, rows, links, policy)
    return replace(background, elsewhere=frozenset(elsewhere))


def _is_a_count(cell: str) -> bool:
    """Whether a cell is a count that a report could show."""
    own = cell.partition(AT)[0].count("|") == 2 and not cell.startswith((CROSSING, "rest|"))
    return own and _ALONE not in cell and _REVISED not in cell


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


def _hanging_together(system: System, known: dict[str, int], rows: list[Row]) -> set[str]:
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


def _parts_of_periods(cells: set[str]) -> Iterable[Row]:
    """What was counted in a period is what was counted in the parts of it that are known."""
    spans: dict[str, set[tuple[date, date]]] = {}
    for cell in cells:
        bare, _, days = cell.partition(AT)
        start, colon, end = days.partition(":")
        if colon and _ALONE not in cell and _REVISED not in cell:
            spans.setdefault(bare, set()).add((date.fromisoformat(start), date.fromisoformat(end)))
    for bare, known in sorted(spans.items()):
        cuts = sorted({start for start, _ in known} | {end + _DAY for _, end in known})
        for start, end in sorted(known):
            inside = [day for day in cuts if start <= day <= end + _DAY]
            pieces = [f"{bare}{AT}{_days(one, other - _DAY)}" for one, other in pairwise(inside)]
            if len(pieces) > 1:
                yield added([(f"{bare}{AT}{_days(start, end)}", -1), *((p, 1) for p in pieces)])


def _stock_and_flow(cells: set[str]) -> Iterable[Row]:
    """Those looked after on a day were so on an earlier one, or started in between."""
    groups = [
        (ALL, ALL),
        *(("ethnicity", g) for g in codes.record("breakdowns")["ethnicity"]["groups"]),
    ]
    for breakdown, group in groups:
        stock, flow = f"looked_after|{breakdown}|{group}{AT}", f"started|{breakdown}|{group}{AT}"
        for cell in sorted(cells):
            if not cell.startswith(flow) or _REVISED in cell:
                continue
            start, _, end = cell.removeprefix(flow).partition(":")
            before = f"{stock}{(date.fromisoformat(start) - _DAY).isoformat()}"
            after = f"{stock}{end}"
            if {before, after} <= cells:
                yield {before: 1, cell: 1, after: -1, f"left|{cell}": -1}


def _agreeing(
    system: System,
    known: dict[str, int],
    guarded: dict[str, Guard],
    rows: list[Row],
    links: list[Row],
    policy: Policy,
) -> Background:
    """Return what is known without what contradicts the report: returns are corrected.

    A sum of parts may count a child twice, and a count may have been revised since. Where counts
    that hang together do not fit, links between reports go first, as few as will do, then the
    earlier reports.
    """
    pieces = {cell for row in links for cell in row if cell not in known and cell not in guarded}
    rests = {
        cell: Guard(0, None)
        for cell in pieces
        if not cell.startswith("left|") and cell not in system.values
    }
    earlier = rows
    # What the report counts is true, shown or not: a link that contradicts it misleads.
    true = {**known, **system.values}
    misled = [row for row in links if _is_broken(row, true)]
    links = _others(links, misled)

    def fitting(links: list[Row]) -> list[Row]:
        found = misleading(View([*rows, *links], true, {**guarded, **rests}), links)
        misled.extend(found)
        return _others(links, found)

    links = fitting(links)
    wrong = without_a_fit(View([*rows, *links], true, {**guarded, **rests}))
    rows = [row for row in rows if wrong.isdisjoint(row) and not _is_broken(row, true)]
    links = fitting(links)  # where earlier reports had to go, links may still not fit
    loose = {_joined(row) for row in misled}
    # What contradicts the report was corrected since; who knows which count was? All stay hidden.
    left = {id(row) for row in rows}
    stay = {cell for row in earlier if id(row) not in left for cell in row if cell in guarded}
    return Background(
        [*rows, *links],
        known,
        {**guarded, **rests},
        loose=frozenset(loose),
        stay=frozenset(stay & system.values.keys()),
    )


def _others(rows: list[Row], some: list[Row]) -> list[Row]:
    without = {id(row) for row in some}
    return [row for row in rows if id(row) not in without]


def _joined(row: Row) -> str:
    """Return a link in words that are the same in every report."""
    sides = [sorted(cell for cell in row if row[cell] * sign > 0) for sign in (1, -1)]
    return " = ".join(" + ".join(side) for side in sides)


def _is_broken(row: Row, known: dict[str, int]) -> bool:
    """Whether all counts of a row are known, and do not add up."""
    return row.keys() <= known.keys() and sum(n * known[cell] for cell, n in row.items()) != 0
