"""Hold what the disclosure audit of a report found, and word it as a line for the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Certificate:
    """What the audit of a report found before it was released.

    Attributes
    ----------
    figures_shown, figures_hidden : int
        Rows of ``figures.csv``.
    counts_audited : int
        Counts that are hidden, or are small and would follow from others; each has two complete
        tables of whole numbers that fit everything known and differ in it as the policy asks.
    witnesses : str
        SHA-256 of all these tables together.
    earlier_reports : int
        Reports that were taken to be known.
    known_elsewhere : int
        Counts that were taken to be known because the Department for Education publishes them.
    known_already : int
        Small counts that follow from earlier reports and others' figures by themselves, whatever
        this report does: it withholds them.
    agreed : bool
        Whether somebody agreed the policy.
    """

    figures_shown: int
    figures_hidden: int
    counts_audited: int
    witnesses: str
    earlier_reports: int = 0
    known_elsewhere: int = 0
    known_already: int = 0

    agreed: bool = False

    @property
    def line(self) -> str:
        """What the page says of it: how many numbers can be worked out, and what was not asked."""
        known = "the rest of this page and what the Department for Education publishes"
        if self.earlier_reports:
            several = "s" if self.earlier_reports > 1 else ""
            known = known.replace(" and", ",") + (
                f" and {self.earlier_reports} other report{several} of this authority"
            )
        said = "Checked before publication: nothing had to be hidden."
        if self.counts_audited:
            said = (
                f"Checked before publication: none of the {self.counts_audited:,} numbers that are "
                f"hidden here, or could follow, can be worked out from {known}."
            )
        if self.known_already:
            one = self.known_already == 1
            said += (
                f" {self.known_already} further small number{'' if one else 's'} "
                f"follow{'s' if one else ''} from earlier reports and those figures, whatever this "
                f"page shows: {'it is' if one else 'they are'} withheld here, which cannot hide "
                f"{'it' if one else 'them'}."
            )
        said += f" Not considered: {NOT_CONSIDERED}."
        if not self.agreed:
            said += (
                " The suite's own default policy applies: nobody has agreed it for this authority."
            )
        return said


NOT_CONSIDERED = (
    "figures of the Department for Education that are rounded or differ from these, what others "
    "publish of this authority, reports made in another output folder, "
    "and what somebody knows of a child"
)
