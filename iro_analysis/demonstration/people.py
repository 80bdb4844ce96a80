"""Records of an invented child: periods of care, stays, episodes, places and reviews."""

from __future__ import annotations

from dataclasses import dataclass, field

NUMBER_WIDTH = 6  # digits at the end of an identifier


@dataclass(slots=True, eq=False)
class Place:
    """One home or carer that a child lived with: one address."""

    kind: str
    provider: str = ""
    inside: bool = False
    distance: str = ""
    postcode: str = ""
    urn: str = ""


@dataclass(slots=True, eq=False)
class Stay:
    """Time in one placement: from its first day up to, not including, its last."""

    start: int
    end: int
    code: str
    place: Place
    carer: int
    reason: str = ""
    temporary: bool = False


@dataclass(slots=True, eq=False)
class Episode:
    """One episode of care, as the return counts them."""

    start: int
    end: int
    why_new: str
    legal_status: str
    code: str
    place: Place
    why_ended: str = ""
    reason_moved: str = ""
    placement: int = 0  # number of the placement in the period, same for one carer
    temporary: bool = False


@dataclass(slots=True, eq=False)
class Review:
    """One review of the child's case."""

    day: int
    on_time: bool
    code: str = ""


@dataclass(slots=True, eq=False)
class Adoption:
    """The days of an adoption plan."""

    decided: int
    ordered: int = 0
    matched: int = 0
    placed: int = 0
    given_up: int = 0
    why_given_up: str = ""
    by_carers: bool = False


@dataclass(slots=True, eq=False)
class Period:
    """One period of care: a chain of episodes."""

    start: int
    end: int
    why_ended: str
    plan: str
    need: str
    episodes: list[Episode] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    adoption: Adoption | None = None

    def at(self, day: int) -> Episode | None:
        """Return the episode open at the end of a day."""
        if not self.start <= day < self.end:
            return None
        return next((item for item in self.episodes if item.start <= day < item.end), None)


@dataclass(slots=True, eq=False)
class Child:
    """One (invented) child."""

    born: int
    unaccompanied: bool = False
    status_ended: int = 0  # the day on which the unaccompanied status ends
    periods: list[Period] = field(default_factory=list)
    identifier: str = ""
    sex: str = ""
    ethnicity: str = ""
    upn: str = ""
    home: str = ""
    mother_on: int = 0  # the day of a first child's birth
    short_breaks: bool = False

    def period_at(self, day: int) -> Period | None:
        """Return the period of care running at the end of a day, never short breaks."""
        if self.short_breaks:
            return None
        return next((item for item in self.periods if item.start <= day < item.end), None)

    def episode_at(self, day: int) -> Episode | None:
        """Return the episode open at the end of a day."""
        period = self.period_at(day)
        return period.at(day) if period else None
