"""The attacker, given what always holds between counts: every sum that the search has found.

Whoever collects the reports of many authorities can find these sums as the search does. The
attacker then also knows what each percentage is out of.
"""

from __future__ import annotations

from dataclasses import dataclass

from attacker import Attacker, days, found_out_by
from mining import Relation, counts_of

from iro_analysis.disclosure.figure_cells import FigureCells, system_of
from iro_analysis.disclosure.linear_system import AT
from iro_analysis.disclosure.policy import policy
from iro_analysis.runner.outputs import figures_text


def cell_of(name, period):
    """Return a count of a report as the attacker names it; it may be of an earlier period."""
    bare, _, then = name.partition(AT)
    return (*bare.split("|", 2), *days(then or period))


@dataclass(frozen=True)
class Report:
    """What is printed of a period, and what is true."""

    period: str
    printed: object
    true: object

    @property
    def counts(self):
        """Every count behind the true figures, by the name that the search gives it."""
        system = system_of(self.true, policy())
        return counts_of(system), system.values


def shown_counts(report):
    """Yield the counts that printed figures show: what is counted, and what it is out of."""
    printed = report.printed[report.printed["status"].eq("ok")]
    for each in FigureCells.of(printed):
        for name, count in [
            (each.cells.numerator, each.row.numerator),
            (each.cells.denominator, each.row.denominator),
        ]:
            if name and count == count:
                yield cell_of(name, report.period), float(count)


def found_out_with(reports: list[Report], sums: list[Relation], hide_to=5):
    """Return the hidden counts that reports and sums together bound more closely than allowed."""
    attacker, insider = Attacker(), Attacker()
    used = 0
    for report in reports:
        attacker.read(figures_text(report.printed))
        insider.read(figures_text(report.true))
    for report in reports:
        names, values = report.counts
        for name, count in values.items():
            if name.count("|") == 2:
                insider.shown.setdefault(cell_of(name, report.period), float(count))
        attacker.shown.update(shown_counts(report))
        for relation in sums:
            row = relation.row()
            if row.keys() <= names.keys():
                cells = {cell_of(names[name], report.period): w for name, w in row.items()}
                attacker.unsaid |= cells.keys() - attacker.hidden
                attacker.rows.append((cells, 0.0))
                used += 1
    return *found_out_by(attacker, insider, hide_to), used
