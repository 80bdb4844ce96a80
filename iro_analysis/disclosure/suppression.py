"""Choose the counts to suppress: small ones, and the cheapest others (secondary suppression).

For each hidden count that the attacker can bound too closely, an integer programme chooses the
cheapest further counts to hide so that two complete tables fit everything still shown, one with
the count as low and one as high as the policy asks (STATISTICS 2.4). All tables of the report, and
all earlier reports, are one system. What turns out not to be needed is shown again, largest first.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from iro_analysis.contracts import ALL
from iro_analysis.disclosure.audit import Auditor, Guard, Verdict, View, revealed_by
from iro_analysis.disclosure.linear_system import LinearSystem, Row
from iro_analysis.disclosure.policy import Policy
from iro_analysis.errors import DisclosureError

Need = tuple[dict[tuple[str, str], float], float, float]  # weights, and between what their sum lies
SECONDS = 30
_ROOM = 50  # more than any small number
_SIZE = 0.01  # of a figure, for each e-fold of a count
_GAP = 0.02  # of the cheapest cost: nearer to it is not worth the search


@dataclass(frozen=True)
class Background:
    """What is known before a report is published.

    Attributes
    ----------
    rows : list of dict
        What adds up, of earlier reports and between them and this one.
    known : dict
        Counts that earlier reports or others have shown.
    elsewhere : frozenset of str
        Those among them that others publish.
    loose : frozenset of str
        What was found not to be the sum of its parts in time.
    stay : frozenset of str
        Counts of a report that stay hidden, since an earlier one that hid them was corrected.
    guarded : dict
        Counts that earlier reports hide -> ``Guard``.
    lost : frozenset of str
        Counts that follow from what is known already, whatever this report hides.
    unsaid : frozenset of str
        Counts of the report that stand in no figure, not even as a symbol: that a symbol says
        "not 0" can be too much.
    """

    rows: list[Row] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    guarded: dict[str, Guard] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    stay: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    unsaid: frozenset[str] = frozenset()


def view_of(system: LinearSystem, hidden: set[str], policy: Policy, background: Background) -> View:
    """Return what is known from outside once a report is published with some counts hidden."""
    shown = {
        cell: count
        for cell, count in system.values.items()
        if cell not in system.unpublished and cell not in hidden
    }
    known = {**shown, **background.known}
    guarded = dict(background.guarded)
    for cell in hidden:
        count, before = system.values[cell], guarded.get(cell, Guard(0, False))
        is_small = system.is_small(cell, policy) or before.is_small
        if cell not in background.unsaid and count:
            guarded[cell] = Guard(1, is_small)
        elif is_small:
            guarded[cell] = Guard(before.floor if count else 0, is_small)
    for cell in system.unpublished:
        if system.is_small(cell, policy):
            before = guarded.get(cell, Guard(0, True))
            guarded[cell] = Guard(min(before.floor, system.values[cell]), True)
    past = background.lost | known.keys()
    guarded = {cell: guard for cell, guard in guarded.items() if cell not in past}
    return View([*system.rows(), *background.rows], known, guarded)


def given_away(
    system: LinearSystem, policy: Policy, background: Background, auditor: Auditor
) -> frozenset[str]:
    """Return the small counts that follow from what is known even without this report.

    No report can protect them any more: refusing this one would not help them. What the report
    itself would say of them by its symbol, that they are not 0, is left out here, so that it
    is never taken for known.

    Parameters
    ----------
    system : LinearSystem
    policy : Policy
    background : Background
        Where nothing is known, nothing is lost.
    auditor : Auditor
    """
    if not background.known:
        return frozenset()
    guarded = dict(background.guarded)
    for cell in system.values:
        # An earlier report need not have known that it is small: few children may be behind it.
        if system.is_small(cell, policy):
            guarded[cell] = Guard(guarded.get(cell, Guard(0, True)).floor, True)
    guarded = {cell: guard for cell, guard in guarded.items() if cell not in background.known}
    view = View([*system.rows(), *background.rows], dict(background.known), guarded)
    revealed = {cell for cell in background.elsewhere if system.is_small(cell, policy)}
    return frozenset(revealed) | {v.cell for v in auditor.verdicts(view) if not v.is_safe}


def without_corrected(
    background: Background,
    corrected: Sequence[tuple[frozenset[str], frozenset[str]]],
    system: LinearSystem,
    policy: Policy,
    auditor: Auditor,
) -> Background:
    """Return what is known, with the groups that few corrected children changed left unsaid.

    What they changed to is kept as wide open as a small number, so how many children moved, and
    from where to where, stays open too. Where it would follow from the groups that did not
    change, the whole breakdown is left unsaid: then nobody knows which groups those are.

    Parameters
    ----------
    background : Background
    corrected : sequence of (frozenset of str, frozenset of str)
        For each breakdown: the groups that changed so, and all of its groups.
    system : LinearSystem
    policy : Policy
    auditor : Auditor
    """
    if not corrected:
        return background
    changed = frozenset[str]().union(*(few for few, _ in corrected))
    small = {cell for cell in system.values if system.is_small(cell, policy)}
    hidden = (small | background.unsaid | changed) - system.unpublished
    view = view_of(system, hidden, policy, _kept_open(background, changed))
    revealed = {each.cell for each in auditor.verdicts(view) if not each.is_safe}
    alone = [few for few, _ in corrected if revealed.isdisjoint(few)]
    whole = [groups for few, groups in corrected if not revealed.isdisjoint(few)]
    background = replace(background, unsaid=background.unsaid.union(*whole))
    return _kept_open(background, frozenset[str]().union(*alone))


def _kept_open(background: Background, cells: frozenset[str]) -> Background:
    """Return what is known, with counts left unsaid that must stay as open as small ones."""
    guarded = {**background.guarded, **dict.fromkeys(cells, Guard(0, True))}
    return replace(background, guarded=guarded, unsaid=background.unsaid | cells)


def cells_to_hide(
    system: LinearSystem,
    policy: Policy,
    background: Background | None = None,
    auditor: Auditor | None = None,
) -> set[str]:
    """Return the cells that are not shown.

    Parameters
    ----------
    system : LinearSystem
    policy : Policy
    background : Background, optional
        What is known already.
    auditor : Auditor, optional
        Remembers what it found, for the audit of the whole that follows.

    Returns
    -------
    set of str
        The small counts, and what had to be hidden with them; never a 0.

    Raises
    ------
    Unprotected
        If a small count cannot be protected; it names the cell, and by what it is given away.
    """
    background = background or Background()
    auditor = auditor or Auditor(policy)
    published = {cell for cell in system.values if cell not in system.unpublished}
    small = {cell for cell in published if system.is_small(cell, policy)}
    hidden = small | ((background.stay | background.unsaid) & published)
    tried: set[str] = set()
    while unsafe := _unsafe(system, hidden, policy, background, auditor):
        verdict = unsafe[0]
        extra = _cheapest(verdict.cell, system, hidden, background, policy)
        if not extra:
            problem = refusal([verdict], view_of(system, hidden, policy, background), policy)
            near = frozenset(verdict.tables.constraints.names) & published
            raise Unprotected(problem, near | {cell for r in verdict.tables.rows for cell in r})
        hidden |= extra
        tried |= extra
    for cell in sorted(tried, key=lambda name: (-_cost(name, system, policy), name)):
        if not _unsafe(system, hidden - {cell}, policy, background, auditor):
            hidden.discard(cell)
    return hidden


class Unprotected(DisclosureError):
    """A small count follows from what is known, whatever else a report hides by a symbol.

    Attributes
    ----------
    near : frozenset of str
        The counts with which it hangs together.
    """

    def __init__(self, problem: DisclosureError, near: frozenset[str]) -> None:
        super().__init__(*problem.lines)
        self.near = near


def refusal(unsafe: list[Verdict], view: View, policy: Policy) -> DisclosureError:
    """Return what is said of counts that can be worked out: which, and by which figures."""
    lines = []
    for verdict in unsafe:
        by = ", ".join(map(in_words, revealed_by(verdict, view, policy))) or "what is known of it"
        lines.append(
            f"{in_words(verdict.cell)}: the number hidden here can be worked out from {by}; the "
            "report is not written"
        )
    return DisclosureError(*lines)


def in_words(cell: str) -> str:
    """Return the name of a cell as a message has it."""
    return cell.replace("|", ", ")


def _unsafe(
    system: LinearSystem,
    hidden: set[str],
    policy: Policy,
    background: Background,
    auditor: Auditor,
) -> list[Verdict]:
    verdicts = auditor.verdicts(view_of(system, hidden, policy, background))
    return sorted((v for v in verdicts if not v.is_safe), key=lambda verdict: verdict.cell)


def _cost(cell: str, system: LinearSystem, policy: Policy) -> float:
    """Return what hiding a count costs: the figures that go with it, its size between equals."""
    cost = system.uses.get(cell, 0) + _SIZE * math.log1p(system.values[cell])
    if cell in system.headlines:
        return cost * policy.cost_of_a_headline
    return cost * (policy.cost_of_a_whole if f"|{ALL}|{ALL}" in cell else 1)


def _cheapest(
    cell: str, system: LinearSystem, hidden: set[str], background: Background, policy: Policy
) -> set[str]:
    """Return the cheapest counts to hide besides, so that one count is safe; or nothing.

    The two tables need not be of whole numbers here: the auditor asks for that.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    view = view_of(system, hidden, policy, background)
    choices = {
        name: view.known[name]
        for name in system.values
        if name in view.known and name not in background.known and system.values[name]
    }
    names, rows = _around(cell, view, choices)
    chosen = [("hide", name) for name in names if name in choices]
    columns = [*(("low", name) for name in names), *(("high", name) for name in names), *chosen]
    place = {column: number for number, column in enumerate(columns)}
    needs = [
        need
        for table in ("low", "high")
        for need in [
            *_fitting(table, rows, set(names), view),
            *_open_to_choice(table, names, choices, view, background),
        ]
    ]
    own, other = ("low", cell), ("high", cell)
    is_small = view.guarded[cell].is_small is not False
    width = policy.hide_to - policy.hide_from if is_small else 1
    needs.append(({other: 1, own: -1}, width, np.inf))
    if is_small:
        needs.append(({other: 1}, policy.hide_to, np.inf))
    entries = [
        (weight, number, place[column])
        for number, (parts, _, _) in enumerate(needs)
        for column, weight in parts.items()
    ]
    weights, down, across = zip(*entries, strict=True)
    matrix = csr_array((weights, (down, across)), shape=(len(needs), len(columns)))
    is_choice = np.array([kind == "hide" for kind, _ in columns])
    goal = np.array([_cost(name, system, policy) if k == "hide" else 0 for k, name in columns])
    with _quiet():
        result = milp(
            goal,
            integrality=is_choice.astype(int),
            bounds=Bounds(0, np.where(is_choice, 1, np.inf)),
            constraints=LinearConstraint(
                matrix, [low for _, low, _ in needs], [high for _, _, high in needs]
            ),
            # HiGHS's presolve has called a choice the cheapest that was not, by far.
            options={"time_limit": SECONDS, "mip_rel_gap": _GAP, "presolve": False},
        )
    if result.x is None:
        return set()
    return {name for kind, name in chosen if result.x[place[kind, name]] > 0.5}


def _fitting(table: str, rows: list[Row], free: set[str], view: View) -> Iterator[Need]:
    """Constrain a table to what adds up, and to what is known of hidden counts."""
    for row in rows:
        rest = -sum(weight * view.known[name] for name, weight in row.items() if name not in free)
        yield {(table, name): w for name, w in row.items() if name in free}, rest, rest


def _open_to_choice(
    table: str,
    names: list[str],
    choices: dict[str, int],
    view: View,
    background: Background,
) -> Iterator[Need]:
    """Fix a count to its shown value, unless it is chosen to be hidden."""
    most = sum(choices[name] for name in names if name in choices) + _ROOM
    for name in names:
        own = (table, name)
        if name in choices:
            yield {own: 1, ("hide", name): -most}, -np.inf, choices[name]
            yield {own: 1, ("hide", name): choices[name]}, choices[name], np.inf
        guard = view.guarded.get(name)
        if guard is not None and guard.floor:
            yield {own: 1}, guard.floor, np.inf
        elif name in choices and name not in background.unsaid:
            yield {own: 1}, 1, np.inf


def _around(cell: str, view: View, choices: dict[str, int]) -> tuple[list[str], list[Row]]:
    """Return the counts that are or could be hidden and hang together with one, and their rows."""
    free = [
        [name for name in row if name not in view.known or name in choices] for row in view.rows
    ]
    beside: dict[str, list[int]] = {}
    for number, names in enumerate(free):
        for name in names:
            beside.setdefault(name, []).append(number)
    found, rows, waiting = {cell}, set(), [cell]
    while waiting:
        for number in beside.get(waiting.pop(), []):
            if number not in rows:
                rows.add(number)
                waiting += [name for name in free[number] if name not in found]
                found.update(free[number])
    return sorted(found), [view.rows[number] for number in sorted(rows)]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the solver itself prints out of a run's output."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no output to keep clean
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
