"""Decide which counts of a report are hidden, with its groups combined as far as it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd

from iro_analysis.disclosure.audit import Auditor
from iro_analysis.disclosure.combining import HOW_FAR, Combined, combined
from iro_analysis.disclosure.elsewhere import Tables
from iro_analysis.disclosure.figure_cells import system_of
from iro_analysis.disclosure.linear_system import LinearSystem
from iro_analysis.disclosure.over_time import lasting_names
from iro_analysis.disclosure.policy import Policy
from iro_analysis.disclosure.releases import Release, corrected_by_few, known_before, same_again
from iro_analysis.disclosure.suppression import (
    Background,
    Unprotected,
    cells_to_hide,
    given_away,
    view_of,
    without_corrected,
)
from iro_analysis.periods import Period


@dataclass(frozen=True)
class Draft:
    """A report with its groups combined in one way.

    Attributes
    ----------
    together : Combined
    names : dict
        Cell -> the name it has in all reports of the authority.
    system : LinearSystem
        With these names.
    """

    together: Combined
    names: dict[str, str]
    system: LinearSystem


class Outside(NamedTuple):
    """What is known besides a report: what was released before, and what DfE prints."""

    earlier: Sequence[Release]
    tables: Tables


class Drafts:
    """The ways in which a report's groups can be combined, each made when it is asked for.

    Parameters
    ----------
    figures : DataFrame
    period : Period
    rules : Policy
    behind : mapping of str to int, optional
    """

    def __init__(
        self,
        figures: pd.DataFrame,
        period: Period,
        rules: Policy,
        behind: Mapping[str, int] | None = None,
    ) -> None:
        self.figures, self.period, self.rules = figures, period, rules
        self._own = system_of(figures, rules, behind)
        self._made: dict[str, Draft] = {}

    def __iter__(self) -> Iterator[Draft]:
        for how_far in HOW_FAR:
            if how_far not in self._made:
                self._made[how_far] = self._combined(how_far)
            yield self._made[how_far]

    def _combined(self, how_far: str) -> Draft:
        together = combined(self.figures, self._own, self.rules.combining(how_far))
        own = together.entered(self._own)
        names = lasting_names(own, self.period)
        return Draft(together, names, own.renamed(names))


def decided(
    drafts: Drafts, rules: Policy, outside: Outside, auditor: Auditor
) -> tuple[Draft, set[str], Background]:
    """Return the way of combining groups that will do, what is hidden with it, what was known.

    A report that was released stands as it was. Else the first way in which all small numbers can
    be protected: where earlier reports leave little room, as few groups as need be are given, and
    what hangs together with a count that even so cannot be protected is left out.
    """
    if any(release.period == drafts.period.name for release in outside.earlier):
        for draft in drafts:
            if (hidden := same_again(outside.earlier, draft.system, drafts.period)) is not None:
                background = _background(outside, draft.system, drafts.period, rules, auditor)
                view = view_of(draft.system, hidden, rules, background)
                # DfE may have published since: what gives the report away now is then withheld.
                if all(each.is_safe for each in auditor.verdicts(view)):
                    return draft, hidden, background
    unsaid: frozenset[str] = frozenset()
    while True:
        for draft in drafts:
            background = _background(outside, draft.system, drafts.period, rules, auditor)
            background = replace(background, unsaid=background.unsaid | unsaid)
            try:
                return draft, cells_to_hide(draft.system, rules, background, auditor), background
            except Unprotected as problem:
                # Hiding a count that is already known protects nothing.
                more = problem.near & draft.system.values.keys() - background.known.keys()
                refused = problem
        if more <= unsaid:
            raise refused
        unsaid |= more  # without a symbol, a report says nothing that was not known before it


def _background(
    outside: Outside, system: LinearSystem, period: Period, rules: Policy, auditor: Auditor
) -> Background:
    """Return what is known before a report, including counts that can no longer be protected."""
    background = known_before(outside.earlier, system, rules, period, outside.tables)
    lost = given_away(system, rules, background, auditor)
    background = replace(background, lost=lost, unsaid=background.stay)
    corrected = corrected_by_few(outside.earlier, system, rules)
    return without_corrected(background, corrected, system, rules, auditor)
