"""Disproportionality at entry: years together, ages allowed for; values from R."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from builders import CHILD, read, shared_record, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.populations import Population
from iro_analysis.estimates import standardised
from iro_analysis.indicators import ethnicity_at_entry, evaluate
from iro_analysis.study import Study

YEAR = periods.single("2019-20")
VALUES = json.loads((Path(__file__).parents[1] / "values" / "entry_ratio.json").read_text("utf-8"))
BLACK = "Black, African, Caribbean or Black British"


@pytest.mark.parametrize("case", VALUES["cases"], ids=lambda case: case["name"])
def test_the_ratio_and_its_range_agree_with_r(case):
    # By group, age band and period.
    events, holders = np.array(case["events"]), np.array(case["holders"])
    base = case["reference"]
    rates = events[base].sum(axis=1) / holders[base].sum(axis=1)
    wanted = (holders * rates[:, None]).sum(axis=1)  # by group and period
    phi, freedom = standardised.dispersion(events.sum(axis=1), wanted)
    assert phi == pytest.approx(case["phi"], rel=1e-7)
    assert freedom == case["freedom"]
    for group, expected in case["found"].items():
        found = standardised.compared(
            events[int(group)].sum(), holders[int(group)].sum(axis=1), events[base].sum(axis=1),
            holders[base].sum(axis=1), phi, freedom,
        )  # fmt: skip
        assert found == pytest.approx([expected[k] for k in ("ratio", "lower", "upper")], rel=1e-6)


def test_a_ratio_worked_out_by_hand():
    # White: 10 of 1,000 under 10 and 40 of 1,000 older. The group: 100 under 10, 300 older, so
    # that 1 + 12 = 13 are expected; 26 came. Weights 0.1 and 0.3 of the reference's counts.
    ratio, lower, upper = standardised.compared(26, [100, 300], [10, 40], [1000, 1000], 2.0)
    assert ratio == 2
    error = math.sqrt(2 * (1 / 26 + (0.01 * 10 + 0.09 * 40) / 13**2))
    assert upper / ratio == pytest.approx(math.exp(1.959963985 * error))
    assert ratio / lower == pytest.approx(upper / ratio)


def test_where_nothing_came_or_nothing_is_expected_there_are_no_limits():
    assert standardised.compared(0, [100], [10], [1000])[0] == 0
    assert all(math.isnan(each) for each in standardised.compared(3, [100], [0], [1000]))
    assert standardised.dispersion([[3]], [[1.0]]) == (1.0, 0.0)


@pytest.mark.parametrize(
    "given", [(1, [1], [1], [0]), (1.5, [1], [1], [1]), (1, [1], [1], [1], 0.5)]
)
def test_what_cannot_be_compared_is_an_error(given):
    with pytest.raises(ValueError, match=r"phi is|whole numbers"):
        standardised.compared(*given)


SIZES = {
    "White": (9000, 4000),
    BLACK: (900, 600),
    "Asian or Asian British": (800, 300),
    "Other ethnic group": (100, 50),
    "Mixed or multiple ethnic groups": (700, 300),
}


def place(tmp_path, children, monkeypatch):
    """Write children as (name, ethnic code, birth, first day), and hold a population."""
    rows = [
        {"CHILD": name, "DECOM": day, "HOME_POST": f"ZZ{name[-1]} {name}"}
        for name, _, _, day in children
    ]
    header = [{**CHILD, "CHILD": name, "DOB": born, "ETHNIC": code}
              for name, code, born, _ in children]  # fmt: skip
    for year, last in [("2017-18", "20180331"), ("2018-19", "20190331"), ("2019-20", "20200331")]:
        held = [row for row in rows if "".join(reversed(row["DECOM"].split("/"))) <= last]
        known = {row["CHILD"] for row in held}
        write_return(tmp_path, held, year, [row for row in header if row["CHILD"] in known])
    both = tuple(
        Population(date(2019, 6, 30), "mid", {k: v[place] for k, v in SIZES.items()}, "own")
        for place in (0, 1)
    )
    monkeypatch.setattr(ethnicity_at_entry, "populations", lambda record: both)
    return CareRecord.of(read(tmp_path))


def many(code, count, born, letter):
    """Return children who came on different days of three years."""
    return [
        (f"{letter}{number:03d}", code, born,
         f"{1 + number % 27:02d}/{1 + number % 12:02d}/{2018 + number % 2}")
        for number in range(count)
    ]  # fmt: skip


def test_years_and_ages_worked_out_from_a_return(tmp_path, monkeypatch):
    children = (
        many("WBRI", 50, "15/06/2015", "W") + many("WBRI", 40, "15/06/2005", "V")
        + many("BAFR", 12, "15/06/2005", "B") + many("AIND", 9, "15/06/2015", "A")
    )  # fmt: skip
    record = place(tmp_path, children, monkeypatch)
    found = evaluate.figures(record, YEAR, "ethnicity_entry_ratio").set_index("group")
    # White: 50 of 5,000 under 10 and 40 of 4,000 older; of Black children 3 and 6 are expected.
    assert found.loc[BLACK, "value"] == pytest.approx(12 / 9)
    assert found.loc[BLACK, "numerator"] == 12
    assert found.loc[BLACK, "denominator"] == 90
    assert "3 years together" in found.loc[BLACK, "note"]
    assert found.loc["Asian or Asian British", "note"] == "fewer than 10 came into care"


def test_brothers_and_sisters_who_come_together_widen_the_range(tmp_path, monkeypatch):
    apart = many("WBRI", 60, "15/06/2015", "W") + many("BAFR", 12, "15/06/2005", "B")
    record = place(tmp_path, apart, monkeypatch)
    counts = ethnicity_at_entry._counts(people := _came(record))
    several = ethnicity_at_entry.years(record, YEAR, "ethnicity_entry_ratio")
    family = {child: child[:1] + str(int(child[1:]) // 6) for child in people["child"]}
    together = people.assign(start=people.groupby(people["child"].map(family))["start"]
                             .transform("first"))  # fmt: skip
    phi, _ = ethnicity_at_entry._spread(record, people, counts, several)
    more, _ = ethnicity_at_entry._spread(record, together, counts, several)
    assert more > phi


def _came(record):
    import pandas as pd

    several = ethnicity_at_entry.years(record, YEAR, "ethnicity_entry_ratio")
    return pd.concat([record.started(year) for year in several], ignore_index=True)


def test_without_a_population_by_age_there_is_no_ratio(tmp_path, monkeypatch):
    record = place(tmp_path, many("WBRI", 20, "15/06/2015", "W"), monkeypatch)
    monkeypatch.undo()
    assert ethnicity_at_entry.populations(record) is None
    found = evaluate.figures(record, YEAR, "ethnicity_entry_ratio")
    assert found["note"].str.contains("no population by ethnic group and age").all()


def test_both_populations_are_of_one_source(demo):
    whole, older = ethnicity_at_entry.populations(shared_record(demo))
    assert whole.name == older.name == "Census 2011"
    assert (whole.children("White"), older.children("White")) == (52286, 23737)


def test_children_counted_are_those_who_started_in_each_year(demo):
    record = shared_record(demo)
    found = evaluate.figures(record, YEAR, "ethnicity_entry_ratio").set_index("group")
    white = sum(
        int(record.started(periods.single(year))["ethnicity"].eq("White").sum())
        for year in ("2017-18", "2018-19", "2019-20")
    )
    assert found.loc["White", "numerator"] == white
    without = evaluate.figures(record, YEAR, "ethnicity_entry_ratio_without_uasc")
    assert (without["numerator"].dropna() <= white).all()
    # Nearly everyone of the other ethnic groups who came had come to the country alone.
    other = without.set_index("group").loc["Other ethnic group"]
    assert other["status"] == "not_available"


def test_a_ratio_on_few_children_of_an_old_census_says_so(demo):
    record = shared_record(demo)
    for measure in ("ethnicity_entry_ratio", "ethnicity_rate_ratio"):
        notes = evaluate.figures(record, YEAR, measure).set_index("group")["note"]
        assert "of only 610 children and 9 years old" in notes["Other ethnic group"]
        assert "of only" not in notes[BLACK]


def test_the_committee_is_told_that_they_are_internal_and_the_analyst_what_they_say(demo):
    record = shared_record(demo)
    committee = Study.of_record(record, YEAR, "committee")
    assert (
        "internal report only" in committee.published("ethnicity_entry_ratio", "ethnicity").reason
    )
    internal = Study.of_record(record, YEAR, "internal")
    said = internal.finding("ethnicity_entry_ratio_without_uasc", "ethnicity")
    assert "Black" in said.heading
    assert said.sentences[-1].endswith("deprivation is not taken into account.")
    assert date(2020, 3, 31) == internal.period.end
