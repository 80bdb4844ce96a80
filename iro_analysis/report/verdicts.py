"""Word what the typed comparisons of a figure say, for a table's cell; list what was not tested."""

from __future__ import annotations

from iro_analysis import catalogue
from iro_analysis.contracts import ALL
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import (
    ENGLAND,
    EVERYONE,
    HIGHER,
    LOWER,
    NOT_CLEAR,
    NOT_TESTED,
    REGION,
    SAME,
    SIMILAR,
    Figures,
    rank,
)
from iro_analysis.report.history import the_period_before
from iro_analysis.report.record import report
from iro_analysis.report.text import Text, capital, join, plain
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
    SAME: "about the same as",
    NOT_CLEAR: _UNCLEAR,
}
_AMONG = {SAME: "about the same as councils together"}
BETTER, WORSE = "better", "worse"
NOT_CLEARLY, NOT_UNUSUALLY = "not clearly", "not unusually"


def untested(figures: Figures) -> list[tuple[Figure, Figure, str]]:
    """Return the totals shown for two years whose change was not tested, and why.

    Returns
    -------
    list of (this year's figure, last year's, the reason)
        In the order of the catalogue.
    """
    found = []
    for name, entry in catalogue.measures().items():
        if ALL not in entry.breakdowns:
            continue
        ref = Ref(name)
        compared = figures.verdict(ref, figures.before.name)
        if compared is None or compared.verdict != NOT_TESTED:
            continue
        now, then = figures.get(ref), figures.earlier(ref)
        if now is not None and then is not None:
            found.append((now, then, compared.reason))
    return found


def verdict_words(figures: Figures, ref: Ref, ranked: bool = True) -> Text | None:
    """Return how a headline stands: to other areas where they are published, else to last year.

    Of part of a year, to the same part of last year and to the part just before. Of a share that
    has a name for what it leaves out, how many those are.

    Parameters
    ----------
    figures : Figures
    ref : Ref
    ranked : bool
        Whether to add how many councils have a higher figure, where no difference is claimed; it
        is added in any case where few are further out.
    """
    if not figures.period.is_year:
        said = _of_two_periods(figures, ref)
    else:
        words = _of_areas(figures, ref, ranked) or _of_last_year(figures, ref)
        said = plain(words) if words else None
    left_out = _left_out(figures, ref)
    if left_out is not None:
        said = left_out if said is None else join([left_out, said], "; ")
    return None if said is None else capital(said)


def _left_out(figures: Figures, ref: Ref) -> Text | None:
    """Return how many a share leaves out, with their name: "88 late"."""
    now, name = figures.get(ref), report()["rests"].get(ref.measure)
    if now is None or name is None or ref.group != ALL:
        return None
    rest = now.number("rest")
    return None if rest is None else Text((rest, f" {name}"))


def way_of(ref: Ref, now: float, other: float) -> str:
    """Return the direction from another figure to this one: better or worse where one is."""
    better = ref.entry.better
    if better in ("higher", "lower"):
        return BETTER if (now > other) == (better == "higher") else WORSE
    return "higher" if now > other else "lower"


def _of_areas(figures: Figures, ref: Ref, ranked: bool) -> str:
    """Return how a figure stands among all authorities where that is held, else to areas."""
    found = figures.verdict(ref, EVERYONE)
    if found is not None and found.verdict == NOT_CLEAR and found.areas:
        among = rank(found.above, found.areas)
        far_out = min(found.above, found.below) <= report()["most_beyond"] * found.areas
        said = _beside_england(figures, ref, far_out)  # no difference is claimed
        return f"{said}; {among}" if said and (ranked or far_out) else said or among
    if found is not None and found.verdict in (HIGHER, LOWER):
        side = 1.0 if found.verdict == HIGHER else -1.0
        return f"{way_of(ref, side, 0.0)} than most councils"
    among = "" if found is None else _AMONG.get(found.verdict, "")
    said = among or _of_single_areas(figures, ref)
    now, england = figures.get(ref), figures.areas(ref).get(ENGLAND)
    if now is None or england is None or figures.against(ref, ENGLAND) not in (HIGHER, LOWER):
        return said
    way = way_of(ref, now.size, england[1])
    return f"{way}: {said}" if way in (BETTER, WORSE) else said


def _beside_england(figures: Figures, ref: Ref, far_out: bool) -> str:
    """Return on which side of England a figure lies, and that it may be usual among councils.

    That the two numbers differ is there for all to see, and so is a rank near either end; that the
    figure is unusual is what is not claimed.
    """
    now, england = figures.get(ref), figures.areas(ref).get(ENGLAND)
    shown = figures.area_number(ref, ENGLAND)
    if now is None or england is None or shown is None:
        return ""
    if str(now.number("share" if ref.share else "value")) == str(shown):
        return "as in England"
    if figures.against(ref, ENGLAND) != NOT_CLEAR:
        return ""
    side = "high" if now.size > england[1] else "low"
    return f"{side}, but {NOT_CLEARLY} unusual" if far_out else f"{NOT_UNUSUALLY} {side}"


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
            return plain("not clearly changed from either")
        return plain(f"{said[0][0]} {said[0][1]} and {said[1][1]}")
    return plain("; ".join(f"{how} {when}" for how, when in said))


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
    if found is not None and found.verdict in (HIGHER, LOWER):
        return f"{way_of(now.ref, now.size, then.size)} than"
    return _TO_A_PERIOD.get(found.verdict, "") if found is not None else ""


def _of_last_year(figures: Figures, ref: Ref) -> str:
    now, before = figures.get(ref), figures.earlier(ref)
    if now is None or before is None:
        return ""
    if now.counted:
        if now.value == before.value:
            return "the same as last year"
        words = multiple(now.value, before.value)
        way = "more" if now.value > before.value else "fewer"
        said = f"{printed(abs(now.value - before.value))} {way}"
        if words and moved_by_a_third(now.value, before.value):
            said = f"{words} last year’s"
        way = way_of(ref, now.value, before.value)
        is_clear = figures.against(ref, "before") in (HIGHER, LOWER)
        return f"{way}: {said}" if is_clear and way in (BETTER, WORSE) else said
    verdict = figures.against(ref, "before")
    if verdict == SAME:
        return "about the same as last year"
    if verdict in (HIGHER, LOWER):
        return f"{way_of(ref, now.size, before.size)} than last year"
    if verdict != NOT_CLEAR:
        return ""
    if str(now.number()) == str(before.number()):
        return "as last year"
    return f"{NOT_CLEARLY} {way_of(ref, now.size, before.size)}"
