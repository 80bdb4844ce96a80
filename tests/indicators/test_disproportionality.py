"""Disproportionality in depth: worked examples on small returns."""

from __future__ import annotations

import pytest
from builders import CHILD, add_module, read, write_csv, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import ratios
from iro_analysis.indicators import evaluate
from iro_analysis.study import Study

YEAR = periods.single("2019-20")
SIZES = {
    "White": 8000, "Asian or Asian British": 1000, "Mixed or multiple ethnic groups": 500,
    "Black, African, Caribbean or Black British": 400, "Other ethnic group": 100,
}  # fmt: skip


def place(tmp_path, children, episodes=None):
    """A return of children by ethnicity code, with a population list."""
    rows = [
        {"CHILD": f"{code}{n}", "DECOM": "01/06/2018"}
        for code, number in children.items()
        for n in range(number)
    ]
    header = [{**CHILD, "CHILD": row["CHILD"], "ETHNIC": row["CHILD"][:4]} for row in rows]
    write_return(tmp_path, episodes or rows, children=header)
    write_csv(
        tmp_path / "local" / "population.csv",
        ["reference_date", "breakdown", "group", "value", "source"],
        [
            {"reference_date": "2011-03-27", "breakdown": "ethnicity", "group": group,
             "value": str(size), "source": "census"}
            for group, size in SIZES.items()
        ],
    )  # fmt: skip
    return tmp_path


def figure(folder, measure, breakdown, group):
    found = evaluate.figures(CareRecord.of(read(folder)), YEAR, measure, breakdown)
    return found.set_index("group").loc[group]


def test_every_group_but_white_together(tmp_path):
    folder = place(tmp_path, {"WBRI": 40, "AIND": 3, "MWAS": 12, "BAFR": 10, "NOBT": 1})
    row = figure(folder, "minority_ethnic_ratio", "population", "mid-2011, own list")
    assert (row["numerator"], row["denominator"]) == (25, 40)
    expected = ratios.rate_ratio(25, 2000, 40, 8000)
    assert (row["value"], row["lower"], row["upper"]) == pytest.approx(expected)
    assert "2.44 to 2.60 wherever" in row["note"]  # 25/2000 over 41/8000; 26/2000 over 40/8000


def test_white_irish_children_are_set_against_white_british_ones(tmp_path):
    """In Bromley's Census 2021, 42,935 children were White British and 29,585 of other groups."""
    folder = place(tmp_path, {"WBRI": 40, "WIRI": 5, "MWAS": 12, "BAFR": 8, "NOBT": 1})
    (folder / "authority.toml").write_text('name = "Bromley"\nons_code = "E09000006"\n')
    row = figure(folder, "minority_ethnic_to_white_british_ratio", "all", "all")
    assert (row["numerator"], row["denominator"]) == (25, 40)
    assert row["value"] == pytest.approx(25 / 29585 / (40 / 42935))
    expected = ratios.rate_ratio(25, 29585, 40, 42935)
    assert (row["value"], row["lower"], row["upper"]) == pytest.approx(expected)
    assert "0.88 to 0.94 wherever" in row["note"]  # 25 to 41, and 26 to 40


def test_the_demonstration_has_160_of_other_groups_and_168_white_british_children(demo):
    found = evaluate.figures(
        CareRecord.of(read(demo)), YEAR, "minority_ethnic_to_white_british_ratio", "all"
    )
    [row] = found.to_dict("records")
    assert (row["numerator"], row["denominator"]) == (160, 168)
    assert row["value"] == pytest.approx(160 / 29585 / (168 / 42935))


def test_over_one_in_twenty_unknown_there_is_only_a_range(tmp_path):
    folder = place(tmp_path, {"WBRI": 40, "MWAS": 12, "BAFR": 10, "NOBT": 8})
    study = Study.of(read(folder), YEAR, "internal")
    said = study.finding("ethnicity_rate_ratio", "ethnicity").text
    assert "not known for too many children to say" in said
    assert "Mixed or multiple ethnic groups: 4.00 to 8.00 wherever" in said
    assert "times as likely as White children to be" not in said
    assert "not said as one figure" in study.finding("minority_ethnic_ratio", "population").text


def test_unaccompanied_children_are_left_out_and_no_one_else(tmp_path):
    folder = place(tmp_path, {"WBRI": 40, "OOTH": 12})
    add_module(folder, "uasc", "CHILD DUC\nOOTH0 -\nOOTH1 -\nOOTH2 01/01/2019\n",
               SEX="1", DOB="15/06/2010")  # fmt: skip
    row = figure(folder, "ethnicity_rate_ratio_without_uasc", "ethnicity", "Other ethnic group")
    assert row["numerator"] == 10  # the third ceased to be unaccompanied before the day


def test_groups_of_few_children_are_not_ranked(tmp_path):
    folder = place(tmp_path, {"WBRI": 40, "OOTH": 9, "BAFR": 15})
    found = Study.of(read(folder), YEAR, "internal").finding("ethnicity_rate_ratio", "ethnicity")
    assert "Other ethnic group" not in found.heading  # 18 times as likely, of nine children
    assert "Black, African, Caribbean or Black British" in found.heading
    assert "Of fewer than 10 children, and not ranked: " in found.text


def test_placed_with_family_and_left_for_good(tmp_path):
    rows = [
        {"CHILD": f"{code}{n}", "DECOM": "01/06/2018", "PLACE": place_, "DEC": dec, "REC": rec}
        for code, place_, dec, rec, number in [
            ("WBRI", "U6", "", "", 6), ("WBRI", "U1", "", "", 4), ("MWAS", "U1", "", "", 3),
            ("WBRI", "U6", "01/09/2019", "E12", 2), ("WBRI", "U6", "01/09/2019", "E4A", 2),
            ("MWAS", "U6", "01/09/2019", "E45", 3),
        ]
        for n in range(number)
    ]  # fmt: skip
    for number, row in enumerate(rows):
        row["CHILD"] = f"{row['CHILD'][:4]}{number}"
    header = [{**CHILD, "CHILD": row["CHILD"], "ETHNIC": row["CHILD"][:4]} for row in rows]
    write_return(tmp_path, rows, children=header)
    mixed = "Mixed or multiple ethnic groups"
    row = figure(tmp_path, "ethnicity_family_placement_ratio", "ethnicity", mixed)
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 3, 2.5)
    row = figure(tmp_path, "ethnicity_permanence_ratio", "ethnicity", mixed)
    assert (row["numerator"], row["denominator"], row["value"]) == (3, 3, 2.0)


@pytest.mark.parametrize("measure", ["ethnicity_index", "ethnicity_rate"])
def test_a_group_of_few_children_of_an_old_census_says_so_beside_its_figure(tmp_path, measure):
    folder = place(tmp_path, {"WBRI": 40, "AIND": 3, "MWAS": 12, "BAFR": 10, "NOBT": 2})
    few = figure(folder, measure, "ethnicity", "Other ethnic group")["note"]
    assert "of only 100 children and 9 years old" in few
    many = figure(folder, measure, "ethnicity", "White")["note"]
    assert many.startswith("population ")
    assert "of only" not in many
