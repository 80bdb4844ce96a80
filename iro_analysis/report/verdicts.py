"""Word what a figure's typed comparisons say, for a table's cell."""

from __future__ import annotations

from iro_analysis.report.figures import (
    ENGLAND,
    EVERYONE,
    HIGHER,
    LOWER,
    NOT_CLEAR,
    REGION,
    SAME,
    SIMILAR,
    Figure,
    Figures,
    Ref,
    rank,
)
from iro_analysis.report.history import the_period_before
from iro_analysis.report.text import Text, plain
from iro_analysis.report.words import moved_by_a_third, multiple
from iro_analysis.rounding import printed

_PLACES: dict[str, str] = {
    HIGHER: "above",
    LOWER: "below",
    SAME: "about the same as",
    NOT_CLEAR: "not clearly different from",
}

_UNCLEAR = "not clearly different from"
_TO_A_PERIOD: dict[str, str] = {
    HIGHER: "above",
    LOWER: "below",
    SAME: "about the same as",
    NOT_CLEAR: _UNCLEAR,
}
_AMONG = {
    HIGHER: "higher than most councils",
    LOWER: "lower than most councils",
    SAME: "about the same as councils together",
}


def verdict_words(figures: Figures, ref: Ref) -> Text | None:
    """Return how a headline stands: to other areas where they are published, else to last year.

    Of part of a year, to the same part of last year and to the part just before.
    """
    if not figures.period.is_year:
        return _of_two_periods(figures, ref)
    said = _of_areas(figures, ref) or _of_last_year(figures, ref)
    return plain(_capital(said)) if said else None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _of_areas(figures: Figures, ref: Ref) -> str:
    """Return how a figure stands among all authorities where that is held, else to areas."""
    found = figures.verdict(ref, EVERYONE)
    if found is not None and found.verdict == NOT_CLEAR and found.areas:
        return rank(found.above, found.areas)  # no difference is claimed
    among = "" if found is None else _AMONG.get(found.verdict, "")
    return among or _of_single_areas(figures, ref)


def _of_single_areas(figures: Figures, ref: Ref) -> str:
    names = {ENGLAND: "England", REGION: figures.region, SIMILAR: "similar areas"}
    held = {role: figures.against(ref, role) for role in names}
    england = held[ENGLAND]
    if england not in (HIGHER, LOWER):
        other = next((r for r in (REGION, SIMILAR) if held[r] in (HIGHER, LOWER)), None)
        if other is not None and england:
            return (
                f"{_PLACES[held[other]]} {names[other]}; {_PLACES.get(england, NOT_CLEAR)} England"
            )
        return f"{_PLACES[england]} England" if england in _PLACES else ""
    same = [names[r] for r in (REGION, SIMILAR) if held[r] == england]
    alike = [names[r] for r in (REGION, SIMILAR) if held[r] == SAME]
    said = f"{_PLACES[england]} England"
    if same:
        said = (
            f"{_PLACES[england]} England and {' and '.join(same)}"
            if len(same) == 1
            else (f"{_PLACES[england]} England, {' and '.join(same)}")
        )
    if alike and not same:
        said += f", as {' and '.join(alike)}"
    return said


def _of_two_periods(figures: Figures, ref: Ref) -> Text | None:
    """Return how a figure stands to a year before and to the period before, in words alone."""
    now = figures.get(ref)
    if now is None:
        return None
    found = [
        (_way(figures, now, then), when)
        for then, when in (
            (figures.earlier(ref), "last year"),
            (figures.previous(ref), the_period_before(figures.period)),
        )
        if then is not None
    ]
    said = [(how, when) for how, when in found if how]
    if not said:
        return None
    if len(said) > 1 and said[0][0] == said[1][0]:
        if said[0][0] == _UNCLEAR:
            return plain("Not clearly changed from either")
        return plain(_capital(f"{said[0][0]} {said[0][1]} and {said[1][1]}"))
    return plain(_capital("; ".join(f"{how} {when}" for how, when in said)))


def _way(figures: Figures, now: Figure, then: Figure) -> str:
    """Return how a figure stands to an earlier one; empty for a share that was not tested."""
    if now.counted:
        if now.value == then.value:
            return "the same as"
        words = multiple(now.value, then.value)
        if words and moved_by_a_third(now.value, then.value):
            return words
        way = "more" if now.value > then.value else "fewer"
        return f"{printed(abs(now.value - then.value))} {way} than"
    found = figures.verdict(now.ref, then.period)
    return _TO_A_PERIOD.get(found.verdict, "") if found is not None else ""


def _of_last_year(figures: Figures, ref: Ref) -> str:
    now, before = figures.get(ref), figures.earlier(ref)
    if now is None or before is None:
        return ""
    if now.counted:
        if now.value == before.value:
            return "the same as last year"
        words = multiple(now.value, before.value)
        if words and moved_by_a_third(now.value, before.value):
            return f"{words} last year’s"
        way = "more" if now.value > before.value else "fewer"
        return f"{printed(abs(now.value - before.value))} {way}"
    verdict = figures.against(ref, "before")
    said: dict[str, str] = {
        HIGHER: "up on last year",
        LOWER: "down on last year",
        SAME: "about the same as last year",
    }
    return said.get(verdict, "not clearly changed" if verdict == NOT_CLEAR else "")
