"""Read the disclosure policy from its file; refuse an unknown setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from iro_analysis import codes
from iro_analysis.errors import DisclosureError
from iro_analysis.rounding import half_up

INTERNAL = "internal"
AUDIENCES = ("committee", INTERNAL)


@dataclass(frozen=True)
class Policy:
    """Which counts are not published.

    Attributes
    ----------
    hide_from, hide_to : int
        Counts from the one to the other are hidden.
    zeros_are_shown : bool
    round_to : int
        What is shown is rounded to a multiple of it besides; 0: what is not hidden is exact.
    symbol : str
        What stands in place of a hidden figure.
    agreed_by : str
    agreed_on : str
        As ``2026-11-22``.
    shown_whole : tuple of str
        Measures that count no child, whose small numbers the service agrees to show.
    known_elsewhere : tuple of str
        Counts of a year, or of its 31 March, that DfE publishes of every authority, unrounded.
    combine_above : float
        Groups are combined where more than this part of those that are not 0 would be hidden.
    whole_only_above : float
        The whole is given without its groups where, combined or not, more than this part would be.
    keep_if_possible : tuple of str
        Headline counts (``measure|breakdown|group``), hidden only where nothing else would do.
    in_year : str
        ``headlines``: a report on part of a year carries few breakdowns of what is counted on a
        day, and of what is counted over its days whole counts alone; ``full``: everything.
    in_year_breakdowns : tuple of str
        The breakdowns in which a report on part of a year gives what is counted on a day.
    in_year_from : int
        The least count over part of a year that is given; the rest of that year must hold as many
        at the same pace.
    cost_of_a_headline : float
        What hiding one costs, against another count of which as many figures are made.
    cost_of_a_whole : float
        What hiding another count of the whole authority costs, likewise.
    """

    hide_from: int
    hide_to: int
    zeros_are_shown: bool
    round_to: int
    symbol: str
    agreed_by: str
    agreed_on: str
    shown_whole: tuple[str, ...]
    known_elsewhere: tuple[str, ...]
    combine_above: float
    whole_only_above: float
    keep_if_possible: tuple[str, ...]
    cost_of_a_headline: float
    cost_of_a_whole: float
    in_year: str
    in_year_breakdowns: tuple[str, ...]
    in_year_from: int

    def combining(self, how_far: str) -> Policy:
        """Return the policy with groups combined as agreed, wherever one is small, or nowhere."""
        limits = {"wherever one is small": 0.0, "nowhere": 1.0}
        if how_far not in limits:
            return self
        limit = limits[how_far]
        return replace(self, combine_above=limit, whole_only_above=limit)

    def is_small(self, count: float) -> bool:
        """Whether a count may not be published."""
        return self.hide_from <= count <= self.hide_to

    def is_wide(self, low: float, high: float) -> bool:
        """Whether a count of which only this range is known is hidden enough.

        The largest small number must remain possible, and as many others as there are small ones.
        """
        return high >= self.hide_to and high - low >= self.hide_to - self.hide_from

    @property
    def note(self) -> str:
        """The policy in one sentence, as it stands under the tables."""
        said = (
            f"{self.symbol} stands for a number from {self.hide_from} to {self.hide_to}, or one "
            "from which such a number could be worked out."
        )
        return f"{said} {self.note_of_rounding}".rstrip()

    @property
    def note_of_rounding(self) -> str:
        """What a reader of rounded figures must know; empty where they are exact."""
        if not self.round_to:
            return ""
        return (
            f"Counts are rounded to the nearest {self.round_to}, and percentages and rates are "
            "worked out of the rounded counts, so figures may not add up."
        )


@cache
def policy() -> Policy:
    """Return the policy of ``reference/disclosure.toml``.

    Raises
    ------
    DisclosureError
        If a setting is missing, unknown, or asks for what the gate cannot do.
    """
    settings = dict(codes.record("disclosure"))
    known = set(Policy.__dataclass_fields__)
    if wrong := (set(settings) ^ known):
        raise DisclosureError(f"disclosure.toml: unknown or missing settings: {sorted(wrong)}")
    settings["keep_if_possible"] = tuple(settings["keep_if_possible"])
    settings["shown_whole"] = tuple(settings["shown_whole"])
    settings["known_elsewhere"] = tuple(settings["known_elsewhere"])
    settings["in_year_breakdowns"] = tuple(settings["in_year_breakdowns"])
    found = Policy(**settings)
    if found.in_year not in ("headlines", "full"):
        raise DisclosureError(
            f"disclosure.toml: in_year {found.in_year!r} is not known; expected headlines or full"
        )
    if found.round_to != 0 or not found.zeros_are_shown:
        raise DisclosureError(
            "disclosure.toml: the suite's own policy hides figures; an authority may round them in "
            "its authority.toml, and nobody can hide zeros"
        )
    if not 1 <= found.hide_from <= found.hide_to:
        raise DisclosureError("disclosure.toml: hide_from to hide_to is no range of counts")
    if not 0 <= found.combine_above <= found.whole_only_above <= 1:
        raise DisclosureError(
            "disclosure.toml: combine_above and whole_only_above are parts of one, the second not "
            "below the first"
        )
    return found


_OWN = frozenset(["hide_to", "round_to", "agreed_by", "agreed_on"])
_ROUND_TO = (5, 10)
_HIDE_BESIDE_ROUNDING = 9  # the largest hidden number where counts are rounded and none is named


def policy_for(settings: Mapping[str, Any]) -> Policy:
    """Return the policy of an authority: the suite's, with what its ``[disclosure]`` agrees.

    Parameters
    ----------
    settings : mapping
        Of ``authority.toml``. ``[disclosure]`` may raise ``hide_to`` (the largest number that is
        not published), round what is published (``round_to``), and name who agreed the policy
        (``agreed_by``) and when (``agreed_on``).

    Raises
    ------
    DisclosureError
        If a setting is unknown, or shows more than the suite's own policy does.
    """
    own = settings.get("disclosure", {})
    if not isinstance(own, dict) or (unknown := set(own) - _OWN):
        named = ", ".join(sorted(unknown)) if isinstance(own, dict) else "no table"
        raise DisclosureError(
            f"authority.toml [disclosure]: {named} is not a setting; expected "
            f"{', '.join(sorted(_OWN))}"
        )
    common = policy()
    round_to = _round_to(own)
    usual = max(common.hide_to, _HIDE_BESIDE_ROUNDING) if round_to else common.hide_to
    hide_to = own.get("hide_to", usual)
    if isinstance(hide_to, bool) or not isinstance(hide_to, int) or hide_to < common.hide_to:
        raise DisclosureError(
            f"authority.toml [disclosure]: hide_to = {hide_to!r}; expected a whole number of "
            f"{common.hide_to} or more: the largest that is not published"
        )
    if round_to and rounded_count(hide_to + 1, round_to) <= hide_to:
        raise DisclosureError(
            f"authority.toml [disclosure]: with round_to = {round_to}, hide_to = {hide_to} would "
            f"show {hide_to + 1} as a number that is hidden; expected hide_to = "
            f"{_HIDE_BESIDE_ROUNDING}, or leave it out"
        )
    by, on = own.get("agreed_by", ""), own.get("agreed_on", "")
    if bool(by) != bool(on) or not isinstance(by, str) or (on and not isinstance(on, date)):
        raise DisclosureError(
            "authority.toml [disclosure]: agreed_by and agreed_on go together; expected who agreed "
            "the policy, in quotation marks, and the date, as 2026-11-22"
        )
    agreed_on = on.isoformat() if on else ""
    return replace(common, hide_to=hide_to, round_to=round_to, agreed_by=by, agreed_on=agreed_on)


def _round_to(own: Mapping[str, Any]) -> int:
    """Return to what an authority rounds; 0 where it does not."""
    if "round_to" not in own:
        return 0
    given = own["round_to"]
    if isinstance(given, bool) or given not in _ROUND_TO or not isinstance(given, int):
        raise DisclosureError(
            f"authority.toml [disclosure]: round_to = {given!r}; expected "
            f"{' or '.join(map(str, _ROUND_TO))}, or no such line, which rounds nothing"
        )
    return given


def rounded_count(count: float, base: int) -> int:
    """Return a count to the nearest multiple of a base, a half upwards.

    Examples
    --------
    >>> [rounded_count(count, 5) for count in (0, 10, 12, 13, 17, 18)]
    [0, 10, 10, 15, 15, 20]
    >>> rounded_count(15, 10)
    20
    """
    return base * int(half_up(count / base))
