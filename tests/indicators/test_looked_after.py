"""Where children looked after live, why a rate has no population, and the days of five years."""

from __future__ import annotations

import pytest
from builders import add_list, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import looked_after

YEAR = periods.single("2019-20")


def recorded(folder, code=""):
    if code:
        (folder / "authority.toml").write_text(f'name = "A council"\nons_code = "{code}"\n')
    return CareRecord.of(read(folder))


def test_a_placement_of_20_miles_is_near_however_its_postcode_is_written(tmp_path):
    """A to F: 20 miles, 20.5, 21, none given, a postcode not in the list, one written twice."""
    rows = [
        {"CHILD": child, "DECOM": "01/06/2019", "PL_POST": postcode}
        for child, postcode in [
            ("A", "ZZ1 1AA"), ("B", "zz11bb"), ("C", "ZZ1 1CC"), ("D", "ZZ1 1DD"), ("E", "ZZ9 9ZZ"),
            ("F", "ZZ1 1FF"),
        ]
    ]  # fmt: skip
    write_return(tmp_path, rows)
    add_list(
        tmp_path,
        "placements",
        "postcode inside_authority miles\nZZ1_1AA 1 20\nZZ1_1BB 0 20.5\nZZ1_1CC 0 21\n"
        "ZZ1_1DD 1 -\nZZ1_1FF 1 3\nZZ11FF 1 3\n",
    )
    record = recorded(tmp_path)
    people = record.looked_after_on(YEAR.end)
    assert people["child"].tolist() == list("ABCDEF")
    near, far, inside, outside = (
        "20 miles or less", "More than 20 miles", "Inside the authority", "Outside the authority",
    )  # fmt: skip
    distance = looked_after.labels(record, people, "distance", YEAR.end)
    assert distance.tolist() == [near, far, far, "Not known", "Not known", near]
    locality = looked_after.labels(record, people, "locality", YEAR.end)
    assert locality.tolist() == [inside, outside, outside, inside, "Not known", inside]


@pytest.mark.parametrize(
    ("code", "year", "said"),
    [
        ("", "2019-20", "authority.toml gives no ons_code and local/population.csv was not given"),
        ("E09999999", "2019-20", "E09999999 is no English authority's ONS code"),
        ("E06000061", "2019-20", "did not exist then; see Northamptonshire"),  # from April 2021
        ("E06000058", "2020-21", "is in the package; ONS's file in"),  # Poole's: from April 2019
        ("E09000006", "2019-20", "is in the package; ONS's file in"),
    ],
)
def test_why_no_population_is_held(tmp_path, code, year, said):
    write_return(tmp_path, [{"CHILD": "A", "DECOM": "01/06/2019"}])
    reason = looked_after.no_population(recorded(tmp_path, code), "by age", periods.single(year))
    assert reason.startswith("no population by age")
    assert said in reason


def test_a_list_of_populations_of_another_day_is_not_said_to_be_missing(tmp_path):
    write_return(tmp_path, [{"CHILD": "A", "DECOM": "01/06/2019"}])
    add_list(
        tmp_path,
        "population",
        "reference_date breakdown group value source\n2022-06-30 all all 5000 ours",
    )
    reason = looked_after.no_population(recorded(tmp_path), "by age", YEAR)
    said = "authority.toml gives no ons_code and local/population.csv has none for 31 March 2020"
    assert reason == f"no population by age: {said}"


def test_the_day_before_the_first_return_and_the_last_day_are_known(tmp_path):
    """One was there before 1 April 2019, two came; the three years before are not covered."""
    rows = [
        {"CHILD": child, "DECOM": day}
        for child, day in [("A", "01/06/2018"), ("B", "01/06/2019"), ("C", "01/07/2019")]
    ]
    write_return(tmp_path, rows)
    found = looked_after.looked_after_history(recorded(tmp_path), YEAR, "year_end")
    found = found.set_index("group")
    assert found["status"].tolist() == ["not_available"] * 3 + ["ok"] * 2
    assert found.loc[["2019-03-31", "2020-03-31"], "value"].tolist() == [1, 3]
