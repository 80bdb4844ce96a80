"""Say whether this authority stands out among all others; no rank is given."""

from __future__ import annotations

from iro_analysis import catalogue
from iro_analysis.estimates import LEVEL
from iro_analysis.indicators.among_authorities import Among
from iro_analysis.narrative.finding import Finding
from iro_analysis.rounding import printed
from iro_analysis.wording import number, share, span


def funnel_finding(found: Among) -> Finding:
    """Say whether this authority stands out from all others, given its size."""
    title = catalogue.measure(found.measure).title
    low, high = (end * 100 for end in found.limits(LEVEL))
    many = int((found.of == found.of).sum())
    if found.stands:
        heading = (
            f"{title}: {found.stands} than in authorities of its size, and more than their usual "
            "differences would explain"
        )
    else:
        heading = f"{title}: within the usual differences between authorities of its size"
    middle, least, most = (value * 100 for value in found.drawn_in)
    return Finding(
        heading,
        (
            f"As the Department for Education published it for 31 March {found.year} "
            f"({found.release}): {share(found.met[found.own], found.of[found.own])} here, "
            f"{number(found.spread.target * 100, 'percent')} over {many} authorities together.",
            f"Of authorities of this size, 19 in 20 lie within {span(low, high, 'percent')}, "
            "allowing for how much authorities differ besides chance "
            f"({printed(found.spread.phi, 1)} times as much as chance alone).",
            f"Drawn towards all authorities, as a small one is the more, it would be "
            f"{number(middle, 'percent')} ({span(least, most, 'percent')}): what is likely to "
            "last, beside what was.",
            "Only one that lies outside the limits of 998 in 1,000 is called unlike the others. No "
            "order of authorities is shown, since chance makes most of it.",
        ),
    )
