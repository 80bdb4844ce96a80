"""Count what one child adds to each figure that the demonstration authority has to meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .calendars import age_on, birthday, months_after
from .people import Child, Episode, Period
from .settings import codes, settings

UNDER_16 = 16


@dataclass(frozen=True)
class Figure:
    """A printed figure: what is counted, in which group, over which days."""

    measure: str
    group: str
    first: int
    last: int
    value: int


def band_of(age: int) -> str:
    """Return the age band of an age in years."""
    data = settings("population")
    return data["bands"][sum(age >= low for low in data["band_starts"][1:-1])]


def provision_of(episode: Episode) -> str:
    """Return the provision group of an episode's placement."""
    groups = settings("targets")["provision"]
    return next((name for name, codes in groups.items() if episode.code in codes), "Other")


def placements_touched(child: Child, first: int, last: int) -> int:
    """Return in how many placements a child was between two days, by the published rule."""
    return len(
        {
            (place, episode.placement)
            for place, period in enumerate(child.periods)
            for episode in period.episodes
            if not episode.temporary and episode.start <= last and episode.end > first
        }
    )


def placement_began(period: Period, episode: Episode) -> int:
    """Return the first day with an episode's carer, whatever the absences or status."""
    return min(item.start for item in period.episodes if item.placement == episode.placement)


def twelve_months(child: Child, first: int, last: int) -> bool:
    """Return whether a child was looked after for all of a year and still is at its end."""
    period = child.period_at(last)
    return period is not None and period.start <= first


def long_term_stable(child: Child, last: int) -> bool:
    """Return whether a child in long-term care has been with the same carer for two years."""
    period = child.period_at(last)
    episode = period.at(last) if period is not None else None
    if period is None or episode is None:
        return False
    began = placement_began(period, episode)
    if episode.code.startswith("A"):
        before = [item for item in period.episodes if item.start < began]
        began = placement_began(period, before[-1]) if before else began
    return began <= months_after(last, -24)


def _in_long_term(child: Child, last: int) -> bool:
    period = child.period_at(last)
    old_enough = birthday(child.born, UNDER_16) > last
    return period is not None and old_enough and period.start <= months_after(last, -30)


def _ended(child: Child, figure: Figure) -> Period | None:
    """Return the last period of care that ended in the time."""
    ended = [item for item in child.periods if figure.first <= item.end <= figure.last]
    return ended[-1] if ended else None


def _ceased(child: Child, figure: Figure) -> int:
    period = _ended(child, figure)
    if period is None or not figure.group:
        return int(period is not None)
    if figure.group == "at 18":
        return int(birthday(child.born, 18) == period.end)
    return int(period.why_ended in settings("targets")["reasons"][figure.group])


def _started(child: Child, figure: Figure) -> int:
    starts = [item.start for item in child.periods if figure.first <= item.start <= figure.last]
    if not starts or not figure.group:
        return int(bool(starts))
    return int(band_of(age_on(child.born, starts[0])) == figure.group)


def _reviews(child: Child, figure: Figure) -> int:
    fourth = birthday(child.born, settings("reviews")["no_code_age"])
    young = figure.group == "under four"
    return sum(
        figure.first <= review.day <= figure.last and (review.day < fourth) == young
        for period in child.periods
        for review in period.reviews
    )


def _reviews_in_time(child: Child, figure: Figure) -> int:
    held = [
        review
        for period in child.periods
        for review in period.reviews
        if figure.first <= review.day <= figure.last
    ]
    # Nil where exactly `value` percent are in time: a share met by adding children up.
    return 100 * sum(review.on_time for review in held) - figure.value * len(held)


def _unaccompanied(child: Child, figure: Figure) -> int:
    return int(
        child.unaccompanied
        and child.status_ended > figure.last
        and child.period_at(figure.last) is not None
    )


def _at_end(test: Callable[[Child, Episode, Figure], bool]) -> Callable[[Child, Figure], int]:
    """Return a count over children looked after on the last day."""

    def count(child: Child, figure: Figure) -> int:
        episode = child.episode_at(figure.last)
        return int(episode is not None and test(child, episode, figure))

    return count


COUNTS: dict[str, Callable[[Child, Figure], int]] = {
    "looked_after": _at_end(lambda child, episode, figure: True),
    "age_band": _at_end(
        lambda child, episode, figure: band_of(age_on(child.born, figure.last)) == figure.group
    ),
    "provision": _at_end(lambda child, episode, figure: provision_of(episode) == figure.group),
    "legal_status": _at_end(lambda child, episode, figure: episode.legal_status == figure.group),
    "unaccompanied": _unaccompanied,
    "unaccompanied_section_20": _at_end(
        lambda child, episode, figure: (
            bool(_unaccompanied(child, figure)) and episode.legal_status == codes()["section_20"]
        )
    ),
    "three_or_more": _at_end(
        lambda child, episode, figure: placements_touched(child, figure.first, figure.last) >= 3
    ),
    "long_term": lambda child, figure: int(_in_long_term(child, figure.last)),
    "long_term_stable": lambda child, figure: int(
        _in_long_term(child, figure.last) and long_term_stable(child, figure.last)
    ),
    "twelve_months": lambda child, figure: int(twelve_months(child, figure.first, figure.last)),
    "twelve_months_under_five": lambda child, figure: int(
        twelve_months(child, figure.first, figure.last) and age_on(child.born, figure.last) < 5
    ),
    "started": _started,
    "ceased": _ceased,
    "reviews": _reviews,
    "reviews_in_time": _reviews_in_time,
}


def adds(child: Child, figure: Figure) -> int:
    """Return what a child adds to a figure."""
    if child.periods[0].start > figure.last or child.periods[-1].end < figure.first:
        return 0
    return COUNTS[figure.measure](child, figure)
