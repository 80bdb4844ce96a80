"""Disproportionality in depth: worked examples on small returns."""

from __future__ import annotations

from datetime import date

import pytest
from builders import CHILD, add_module, read, write_csv, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.populations import Population
from iro_analysis.estimates import ratios
from iro_analysis.indicators import evaluate
from iro_analysis.indicators.disproportionality import population_note
from iro_analysis.study import Study

YEAR = periods.single("2019-20")
SIZES = {
    "White": 8000, "Asian or Asian British": 1000, "Mixed or multiple ethnic groups": 500,
    "Black, African, Caribbean or Black British": 400, "Other ethnic group": 100,
}  # fmt: skip


def place(tmp_path, children, episodes=None, sizes=SIZES):
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
            for group, size in sizes.items()
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


MIXED, OTHER = "Mixed or multiple ethnic groups", "Other ethnic group"


@pytest.mark.parametrize(("white", "method"), [(13, "one"), (12, "range")])
def test_one_in_twenty_unknown_is_still_one_figure_and_one_in_nineteen_is_not(
    tmp_path, white, method
):
    folder = place(tmp_path, {"WBRI": white, "MWAS": 6, "NOBT": 1})
    row = figure(folder, "ethnicity_rate_ratio", "ethnicity", MIXED)
    assert ("range" in row["method"]) == (method == "range")
    assert row["value"] == pytest.approx((6 / 500) / (white / 8000))


def test_shares_of_the_area_and_of_children_looked_after_over_them(tmp_path):
    """Mixed: 500 of 10,000 children of the area; 6 of 18 looked after; two are not known."""
    folder = place(tmp_path, {"WBRI": 12, "MWAS": 6, "NOBT": 2})
    row = figure(folder, "ethnicity_population_share", "ethnicity", MIXED)
    assert (row["numerator"], row["denominator"], row["value"]) == (500, 10000, 5)
    row = figure(folder, "ethnicity_index", "ethnicity", MIXED)
    assert (row["numerator"], row["denominator"]) == (6, 18)
    assert row["value"] == pytest.approx((6 / 18) / 0.05)
    # With both in another group 6 of 20, a share of 30%; with both in this one 8 of 20, 40%.
    assert row["note"].endswith("; 6.00 to 8.00 wherever the children of unknown ethnicity belong")


@pytest.mark.parametrize("measure", ["ethnicity_index", "ethnicity_rate_ratio"])
def test_where_every_ethnicity_is_known_no_limits_are_said(tmp_path, measure):
    row = figure(place(tmp_path, {"WBRI": 12, "MWAS": 6}), measure, "ethnicity", MIXED)
    assert row["status"] == "ok"
    assert "wherever" not in row["note"]


def test_the_share_of_one_child_can_be_said_and_of_none_not(tmp_path):
    one = figure(place(tmp_path / "one", {"MWAS": 1}), "ethnicity_index", "ethnicity", MIXED)
    assert one["value"] == pytest.approx(1 / 0.05)
    folder = place(tmp_path / "none", {"NOBT": 3})
    found = evaluate.figures(CareRecord.of(read(folder)), YEAR, "ethnicity_index")
    assert found["note"].tolist() == ["no child of known ethnicity is looked after"]


def test_a_group_that_the_population_leaves_out_has_no_ratio_and_the_whole_is_not_known(tmp_path):
    given = {group: size for group, size in SIZES.items() if group != OTHER}
    folder = place(tmp_path, {"WBRI": 12, "MWAS": 6, "OOTH": 2}, sizes=given)
    other = figure(folder, "ethnicity_rate_ratio", "ethnicity", OTHER)["note"]
    assert other.endswith("gives no number for the group Other ethnic group")
    assert figure(folder, "ethnicity_rate_ratio", "ethnicity", MIXED)["value"] == 8
    mixed = figure(folder, "ethnicity_population_share", "ethnicity", MIXED)
    assert mixed["status"] == "not_available"
    assert mixed["note"].endswith(
        "gives no number for Other ethnic group, so the whole is not known"
    )


@pytest.mark.parametrize(
    ("of", "size", "said"),
    [
        (date(2011, 4, 9), 999, ", of only 999 children and 8 years old"),  # 9 years on 8 April
        (date(2011, 4, 9), 1000, ""),  # the limit is below 1,000
        (date(2015, 3, 27), 999, ", of only 999 children and 5 years old"),  # five are enough
        (date(2015, 4, 9), 999, ""),
    ],
)
def test_few_are_under_1000_and_old_is_five_years(of, size, said):
    held = Population(of, "Census", {}, "")
    assert population_note(held, size, date(2020, 3, 31)) == f"population Census{said}"


def test_children_looked_after_for_each_who_started(tmp_path):
    """White: 4 stayed from before, 2 came and stayed, 1 came and left: 6 to 3, two for each.

    Mixed: 5 stayed, 1 came and stayed, 1 came and left: 6 to 2, three for each.
    """
    stayed, came, left = ("01/06/2018", ""), ("01/06/2019", ""), ("01/06/2019", "01/09/2019")
    rows = [
        {"CHILD": f"{code}{letter}{n}", "DECOM": start, "DEC": end, "REC": "E4A" if end else ""}
        for code, letter, (start, end), number in [
            ("WBRI", "S", stayed, 4), ("WBRI", "C", came, 2), ("WBRI", "L", left, 1),
            ("MWAS", "S", stayed, 5), ("MWAS", "C", came, 1), ("MWAS", "L", left, 1),
        ]
        for n in range(number)
    ]  # fmt: skip
    header = [{**CHILD, "CHILD": row["CHILD"], "ETHNIC": row["CHILD"][:4]} for row in rows]
    write_return(tmp_path, rows, children=header)
    record = CareRecord.of(read(tmp_path))
    found = evaluate.figures(record, YEAR, "ethnicity_stay_ratio").set_index("group")
    assert found.loc["White", ["numerator", "denominator", "value"]].tolist() == [6, 3, 1]
    assert found.loc[MIXED, ["numerator", "denominator", "value"]].tolist() == [6, 2, 1.5]
    half = evaluate.figures(record, periods.single("2019-20-H2"), "ethnicity_stay_ratio")
    assert half["status"].tolist() == ["not_available"]
