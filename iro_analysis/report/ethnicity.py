"""Write the finding on ethnic groups: who is in care more often, by how much, how sure."""

from __future__ import annotations

from iro_analysis import codes
from iro_analysis.comparators.populations import Population
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import HIGHER, LOWER, Figures
from iro_analysis.report.record import label_of, report
from iro_analysis.report.text import Number, Text, join, plain
from iro_analysis.wording import joined

_RATIO, _RATE = "ethnicity_rate_ratio", "ethnicity_rate"
_SHARE, _BY = "ethnicity_population_share", "ethnicity"
_AT_10_TO_17 = "the 2021 Census"  # the only one held by ethnic group for these ages
_DEPENDS = "depending on the census and the ages counted"


def clear_groups(figures: Figures, verdict: str = HIGHER) -> list[Figure]:
    """Return the groups whose rate clearly differs from White children's, the largest first.

    Groups of few children are left out: how much higher they are depends on which count of the
    area's children they are set against.
    """
    least = report()["least_children_in_a_finding"]
    found = [f for f in figures.group_figures(_RATIO, _BY) if f and f.ref.group != "White"]
    clear = [f for f in found if figures.against(f.ref, "White") == verdict]
    return sorted((f for f in clear if f.numerator >= least), key=lambda f: -f.value)


def heading(figures: Figures) -> Text | None:
    """Return the finding as a heading; None where no group clearly differs."""
    groups = clear_groups(figures)
    if not groups:
        lower = clear_groups(figures, LOWER)
        if not lower:
            return None
        return plain(f"{_children(lower)} are less likely than White children to be in care")
    return plain(f"{_children(groups)} are more likely than White children to be in care")


def _children(groups: list[Figure]) -> str:
    """Name the children of some groups; not every group's name can stand before "children"."""
    of = report()["children_of"]
    short = [label_of(f.ref) for f in groups if f.ref.group not in of]
    parts = [f"{joined(short)} children"] if short else []
    parts += [of[f.ref.group] for f in groups if f.ref.group in of]
    named = joined(parts)
    return named[:1].upper() + named[1:]


def lines(figures: Figures) -> list[Text]:
    """Return the sentences that bear the finding out."""
    said = []
    few = _few(figures)
    if few:
        names = joined([label_of(f.ref) for f in few])
        first = (
            f"The {names} group is small: its ratio is uncertain"
            if len(few) == 1
            else f"The {names} groups are small: their ratios are uncertain"
        )
        said.append(Text((first, *_of_a_small_population(figures, few), ".")))
    over = _by_population(figures)
    on_page_two = attention(figures) is not None and _between(figures) is not None
    if over is not None and not on_page_two:
        said.append(over)
    recent = _against_white_british(figures)
    if recent is not None:
        said.append(recent)
    return said


def _few(figures: Figures) -> list[Figure]:
    least = report()["least_children_in_a_finding"]
    return [
        f
        for f in figures.group_figures(_RATIO, _BY)
        if f
        and f.ref.group != "White"
        and (f.numerator < least or _few_of_an_old_census(figures, f) is not None)
    ]


def _few_of_an_old_census(figures: Figures, ratio: Figure) -> Number | None:
    """Return how many children of the area a ratio rests on, where an old census counted few."""
    held = figures.population
    rate = figures.get(Ref(_RATE, _BY, ratio.ref.group))
    if held is None or rate is None or not _is_old(figures, held):
        return None
    least = codes.record("rules")["population_of_few"]["children"]
    return rate.number("denominator") if rate.denominator < least else None


def _of_a_small_population(figures: Figures, few: list[Figure]) -> list[str | Number]:
    """Return how many children of the area an uncertain ratio rests on, where they are few."""
    if figures.population is None:
        return []
    least = codes.record("rules")["population_of_few"]["children"]
    pieces: list[str | Number] = []
    for each in few:
        rate = figures.get(Ref(_RATE, _BY, each.ref.group))
        if rate is not None and rate.denominator < least:
            number = rate.number("denominator")
            if number is not None:
                pieces += ["; " if pieces else " (", f"{label_of(each.ref)}: ", number]
    return [*pieces, f" children in {figures.population.in_words})"] if pieces else []


def _between(figures: Figures) -> Text | None:
    """Return the ratio under all populations held in one line; None where one alone is held."""
    both = _two_populations(figures)
    if both is None or _same_census(figures):
        return None
    return Text(("All minority ethnic groups together: ", *_from_to(both), f" times, {_DEPENDS}."))


def _from_to(both: tuple[Figure, Figure]) -> tuple[str | Number, ...]:
    """Return the least and the largest ratio; where both print alike, that one.

    Ages and census differ at once, so that neither number may be put down to one of them.
    """
    low, high = sorted(both, key=lambda figure: figure.value)
    if str(low.shown) == str(high.shown):
        return (low.shown,)
    return "between ", low.shown, " and ", high.shown


def _two_populations(figures: Figures) -> tuple[Figure, Figure] | None:
    """Return the ratio under the population that the groups' rates use, and that at 10 to 17."""
    if figures.population is None:
        return None
    whole = figures.get(Ref("minority_ethnic_ratio", "population", figures.population.name))
    older = figures.get(Ref("minority_ethnic_ratio_10_to_17"))
    return (whole, older) if whole is not None and older is not None else None


def _same_census(figures: Figures) -> bool:
    return figures.population is not None and figures.population.in_words == _AT_10_TO_17


def _by_population(figures: Figures) -> Text | None:
    """Return what the ratio is against each count of the area's children: it depends on them."""
    both = _two_populations(figures)
    if both is None or figures.population is None:
        return None
    together, census = "Minority ethnic children taken together are ", figures.population.in_words
    if _same_census(figures):
        whole, older = both
        return Text(
            (
                together, whole.shown, f" times as likely as White children by {census}, ",
                older.shown, " at ages 10 to 17 by the same census.",
            )
        )  # fmt: skip
    as_likely = f" times as likely as White children, {_DEPENDS}."
    return Text((together, *_from_to(both), as_likely))


def notes(figures: Figures) -> tuple[str, ...]:
    """Return what a reader needs to know of the table of rates: the base and the population."""
    if figures.population is None:
        return ()
    held, shares = figures.population, figures.group_figures(_SHARE, _BY)
    largest = max((f for f in shares if f), key=lambda f: f.value, default=None)
    base = "We compare with White children"
    if largest is not None and largest.ref.group == "White":
        base += ", the largest group"
    if not _is_old(figures, held):
        return (f"{base}. The population is from {held.in_words}.",)
    return (
        f"{base}. The population is from {held.in_words}: the ratio of a group that has "
        "grown faster since is too high.",
    )


def _against_white_british(figures: Figures) -> Text | None:
    """Return the ratio under the Census 2021, which divides White children differently."""
    found = figures.get(Ref("minority_ethnic_to_white_british_ratio"))
    if found is None:
        return None
    return Text(
        (
            "By the 2021 Census (all under 18), all other groups are ",
            found.shown, " times as likely as White British children.",
        )
    )  # fmt: skip


def attention(figures: Figures) -> tuple[Text, Text] | None:
    """Return the line of what needs attention, and more of it; None where no group is higher."""
    groups = clear_groups(figures)
    found = heading(figures)
    if not groups or found is None:
        return None
    parts = [_times(figures, figure) for figure in groups]
    last = _between(figures) or _by_an_old_census(figures)
    return found + plain("."), join([*parts, *filter(None, [last])])


def _times(figures: Figures, ratio: Figure) -> Text:
    """Return by how much a group is more likely to be in care; that it is uncertain for a few."""
    few = _few_of_an_old_census(figures, ratio)
    if few is None or figures.population is None:
        return Text((f"{label_of(ratio.ref)}: ", ratio.shown, " times."))
    counted = f" children in {figures.population.in_words}, so how many times is uncertain."
    return Text((f"{label_of(ratio.ref)}: only ", few, counted))


def _by_an_old_census(figures: Figures) -> Text | None:
    """Return on which count of the area's children the ratios rest; None where it is recent."""
    held = figures.population
    return None if held is None or not _is_old(figures, held) else plain(f"By {held.in_words}.")


def _is_old(figures: Figures, held: Population) -> bool:
    """Whether a group can have grown much since the area's children were counted."""
    old = (figures.period.end - held.reference_date).days / 365.25
    return old >= codes.record("rules")["population_of_few"]["years"]
