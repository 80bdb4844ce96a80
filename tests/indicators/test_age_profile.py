"""Age profile beside other areas: worked out by hand on small returns of Bromley."""

from __future__ import annotations

import math

import pytest
from builders import CHILD, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import age_profile

YEAR = periods.single("2019-20")


def bromley(tmp_path, rows, children=None):
    write_return(tmp_path, rows, children=children)
    (tmp_path / "authority.toml").write_text('name = "Bromley"\nons_code = "E09000006"\n')
    return CareRecord.of(read(tmp_path))


def test_the_difference_of_a_share_is_in_percentage_points_and_so_are_its_limits(tmp_path):
    """One of ten is under 1, and nine are 10 to 15; of England's children 5% were under 1."""
    rows = [{"CHILD": f"C{n}", "DECOM": "01/02/2020"} for n in range(10)]
    children = [
        {**CHILD, "CHILD": f"C{n}", "DOB": "15/06/2009" if n else "15/01/2020"} for n in range(10)
    ]
    record = bromley(tmp_path, rows, children)
    found = age_profile.share_difference(record, YEAR, "age_band_by_comparator")
    row = found.set_index("group").loc["Under 1: England"]
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 10, 10 - 5)
    share = age_profile.share(record, YEAR, "age_band").set_index("group").loc["Under 1"]
    assert share["value"] == 10
    # Goodman: a = 6.634897, the limit of chi-squared at 1% for each of five groups; 1 of 10 is
    # (a + 2 ± sqrt(a (a + 4 * 1 * 9 / 10))) / (2 (10 + a)).
    a = 6.634897
    half = math.sqrt(a * (a + 3.6))
    assert share["lower"] == pytest.approx(100 * (a + 2 - half) / (20 + 2 * a), rel=1e-6)
    assert share["upper"] == pytest.approx(100 * (a + 2 + half) / (20 + 2 * a), rel=1e-6)
    assert row["lower"] == pytest.approx(share["lower"] - 5)
    assert row["upper"] == pytest.approx(share["upper"] - 5)
    assert row["note"] == "comparator from release 2024"


def test_with_nobody_looked_after_there_is_no_difference(tmp_path):
    rows = [{"CHILD": "A", "DECOM": "01/06/2018", "DEC": "01/09/2019", "REC": "E4A"}]
    found = age_profile.share_difference(bromley(tmp_path, rows), YEAR, "age_band_by_comparator")
    assert found["note"].tolist() == ["there is no child to count"]
