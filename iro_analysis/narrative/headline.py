"""Return the finding of a headline figure, with earlier periods and what chance could explain."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from iro_analysis.catalogue import DIFFERENT
from iro_analysis.comparisons import Comparison
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.rates import rate
from iro_analysis.narrative.finding import Finding
from iro_analysis.narrative.findings import NO_COMPARATORS, finding
from iro_analysis.narrative.history import beside
from iro_analysis.narrative.parts import shown
from iro_analysis.wording import LEAST_FOR_A_PERCENTAGE, answers_chance, by_chance


def headline(
    published: Published,
    comparators: pd.DataFrame = NO_COMPARATORS,
    history: Published | None = None,
    compared: Sequence[Comparison] = (),
) -> Finding:
    """Return what a figure says, earlier periods with it; never silent on whether it is chance.

    Parameters
    ----------
    published : Published
        Of one measure, the breakdown ``all``.
    comparators : DataFrame, optional
    history : Published, optional
        The breakdown ``period`` of the measure.
    compared : sequence of Comparison, optional
        What may be said of the figure and earlier periods.

    Returns
    -------
    Finding
        Where no comparison was tested and no range was said, the last sentence says what chance
        alone could do to the figure, or why that cannot be told.
    """
    found = finding(published, comparators)
    sentences = list(found.sentences)
    if history is not None and not history.reason and not published.anything_hidden:
        sentences += beside(history, NO_COMPARATORS, compared).sentences
    if shown(published) and not answers_chance(sentences):
        sentences += chance_alone(published)
    return Finding(found.heading, tuple(sentences), found.brief)


def chance_alone(published: Published) -> list[str]:
    """Return what chance alone could do to one figure beside which nothing was tested.

    A count of children, or of events of different children, has the limits of a count; what comes
    several to a child, a full list, and an average have none, and the catalogue says why.

    References
    ----------
    STATISTICS 1.2: exact below 10, Byar's from there.
    """
    measure, [row] = published.measure, shown(published)
    if measure.no_range:
        return [f"No likely range is given: {measure.no_range}."]
    if measure.unit == "percent" and row.denominator < LEAST_FOR_A_PERCENTAGE:
        return ["No likely range is given: they are too few."]
    if measure.unit == "children" or measure.again == DIFFERENT:
        _, low, high = (float(value) for value in rate(row.value, 1, 1))
        return [by_chance(low, high, measure.unit, "a number of this size")]
    return []
