"""As many measures for any council as for Bromley: the same children under another code.

The long run is every authority and year of the table:
``IRO_EVERY_AUTHORITY=1 python -m pytest tests/whole/test_every_authority.py -s``.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date

import pytest

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators import areas
from iro_analysis.demonstration.calendars import Span
from iro_analysis.demonstration.writing import Named, write_demonstration
from iro_analysis.indicators.evaluate import all_figures
from iro_analysis.periods import reporting_year
from iro_analysis.reading.authority import read_authority

pytestmark = pytest.mark.slow
LONG = bool(os.environ.get("IRO_EVERY_AUTHORITY"))
AUTHORITIES = [
    "Bromley", "Leeds", "Kent", "Rutland", "Cumberland", "North Yorkshire",
    "Bournemouth, Christchurch and Poole", "West Northamptonshire", "Cornwall", "Hackney",
    "City of London", "Isles of Scilly",
]  # fmt: skip
YEARS = range(2017, 2025)
SAMPLE = [("Cumberland", 2018), ("Leeds", 2024), ("Isles of Scilly", 2022)]
CASES = [(name, first) for name in AUTHORITIES for first in YEARS] if LONG else SAMPLE
CHILDREN = 150
# What a reason for no figure may be, and why it is not for want of reference data that is public.
NO_PUBLIC_FIGURE = "no public figure"
REASONS = {
    "no population": NO_PUBLIC_FIGURE,
    "no census": NO_PUBLIC_FIGURE,
    "the returns begin": "the first return is too recent to look back that far",
    "the returns do not go back": "the first return is too recent to look back that far",
    "the returns do not cover": "the first return is too recent to look back that far",
    "fewer than": "too few of these children to say",
    "there is nobody to count": "none of these children to count",
    "no child": "none of these children to count",
    "results are given": "cohorts before the first return",
}


@pytest.fixture(scope="module")
def returns(tmp_path_factory):
    """Synthetic returns 2016-17 to 2024-25, read once."""
    place = tmp_path_factory.mktemp("every") / "one"
    time = Span.between(date(2016, 4, 1), date(2025, 3, 31))
    write_demonstration(place, children=CHILDREN, named=Named("Bromley", "E09000006"), time=time)
    [authority] = read_authority(place)
    return authority


def as_of(returns, name, first):
    """Return the figures of a year as if the returns were those of an authority."""
    area = areas.resolve(name)
    record = CareRecord.of(replace(returns, name=area.name, ons_code=area.code))
    return all_figures(record, reporting_year(first))


def given(figures):
    ok = figures[figures["status"].eq("ok") & figures["breakdown"].ne("period")]
    return set(zip(ok["measure"], ok["breakdown"], strict=True))


def exceptions(figures, wanted):
    """Return what is not given though it is wanted: (measure, breakdown) -> reason."""
    missing = {}
    for pair in sorted(wanted - given(figures)):
        rows = figures[figures["measure"].eq(pair[0]) & figures["breakdown"].eq(pair[1])]
        missing[pair] = "; ".join(sorted(set(rows["note"])))
    return missing


def explained(reason):
    return next((why for begins, why in REASONS.items() if begins in reason), "")


@pytest.fixture(scope="module")
def wanted(returns):
    """What Bromley's 2019-20 has of the same data."""
    found = given(as_of(returns, "Bromley", 2019))
    assert len({measure for measure, _ in found}) > 70
    return found


@pytest.mark.parametrize(
    ("name", "first"),
    [CASES[0], *(pytest.param(*each, marks=pytest.mark.long) for each in CASES[1:])],
)
def test_every_council_has_as_many_measures_as_bromley_in_2019_20(returns, wanted, name, first):
    missing = exceptions(as_of(returns, name, first), wanted)
    year, had = reporting_year(first).name, len(wanted) - len(missing)
    lines = [f"\n{name:36} {year}  {had} of {len(wanted)}"]
    for (measure, breakdown), reason in missing.items():
        why = explained(reason) or "NOT EXPLAINED"
        lines.append(f"    {measure} [{breakdown}]: {why} ({reason})")
    sys.stdout.write("\n".join(lines) + "\n")
    unexplained = {pair: why for pair, why in missing.items() if not explained(why)}
    assert unexplained == {}
    existed = areas.resolve(name).existed_on(reporting_year(first).end)
    rates = {"looked_after_rate", "started_rate", "unaccompanied_rate"}
    without = {measure for measure, _ in missing} & rates
    # Before it existed an authority has a rate only where its districts' children are held.
    assert without in ([set()] if existed else [set(), rates]), "every council's children count"
