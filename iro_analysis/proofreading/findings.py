"""Records of what was found wrong: check, place, sentence, arithmetic, what to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from iro_analysis import codes
from iro_analysis.proofreading.figures import Place

WRONG, LOOK = "wrong", "look at it"
SEVERITIES = (WRONG, LOOK)


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes
    ----------
    check : str
        Key of ``reference/audit_checks.toml``.
    severity : str
        ``wrong``: it cannot be so. ``look at it``: it can, but a reader would not expect it.
    place : Place
    printed : str
        The words of the report.
    says : str
        What is wrong, in one sentence.
    arithmetic : str
        The sum that shows it.
    instead : str
        The sentence to print.
    size : float
        How far off, in percentage points or the unit's own; for the order.
    """

    check: str
    severity: str
    place: Place
    printed: str
    says: str
    arithmetic: str
    instead: str
    size: float = 0.0

    @property
    def number(self) -> int:
        """The check's number, by which people cite it."""
        return int(codes.record("audit_checks")[self.check]["number"])

    @property
    def title(self) -> str:
        """The check's name."""
        return str(codes.record("audit_checks")[self.check]["title"])


def worst_first(found: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order in which they should be corrected: wrong ones, largest first."""
    return sorted(
        dict.fromkeys(found),
        key=lambda one: (
            SEVERITIES.index(one.severity), -one.size, one.place.line, one.number, one.printed
        ),
    )  # fmt: skip
