"""Minority ethnic children against White ones: each population, ages, stays; by hand."""

from __future__ import annotations

from datetime import date

import pytest
from builders import CHILD, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.populations import Population
from iro_analysis.estimates import ratios
from iro_analysis.indicators import ethnicity_in_depth, minority_ethnic
from iro_analysis.reading.authority import Authority

YEAR = periods.single("2019-20")
WHITE_AND_FOUR = (
    "White", "Mixed or multiple ethnic groups", "Asian or Asian British",
    "Black, African, Caribbean or Black British", "Other ethnic group",
)  # fmt: skip
OLDER = "ethnicity_age_10_to_17"


def population(day, vintage, *numbers, groups=WHITE_AND_FOUR):
    """A population of White children, then of the others."""
    return Population(
        date.fromisoformat(day), vintage, dict(zip(groups, numbers, strict=False)), ""
    )


CENSUS = population("2011-03-27", "Census 2011", 8000, 1000, 500, 400, 100)  # 2,000 of others


@pytest.fixture
def held(monkeypatch):
    """The populations held for the area, by breakdown: the census until a test says more."""
    found = {"ethnicity": [CENSUS]}
    monkeypatch.setattr(Authority, "populations", lambda self, kind: found.get(kind, []))
    monkeypatch.setattr(Authority, "population", lambda self, kind, day: found[kind][-1])
    return found


KINDS = {
    "stayed": ("01/06/2018", ""),
    "came": ("01/06/2019", ""),
    "came_and_left": ("01/06/2019", "01/09/2019"),
    "left": ("01/06/2018", "01/09/2019"),
}


def returned(tmp_path, text):
    """A return of so many children of a code, each line of one kind and date of birth."""
    rows, header = [], []
    for line in text.split(";"):
        number, code, kind, *born = line.split()
        start, end = KINDS[kind]
        for _ in range(int(number)):
            name = f"C{len(rows):03d}"
            rows.append({"CHILD": name, "DECOM": start, "DEC": end, "REC": "E4A" if end else ""})
            header.append({**CHILD, "CHILD": name, "ETHNIC": code}
                          | ({"DOB": born[0]} if born else {}))  # fmt: skip
    return CareRecord.of(read(write_return(tmp_path, rows, children=header)))


def figures(function, record):
    return function(record, YEAR, "all").set_index("group")


def test_each_population_of_its_year_and_the_nearest_school_census(tmp_path, held):
    held[minority_ethnic.PUPILS] = [
        population("2018-01-18", "School census", 5000, 500, 250, 200, 50),
        population("2020-01-16", "School census", 4000, 750, 400, 300, 50),  # 1,500 of others
        population("2021-01-21", "School census", 5000, 500, 250, 200, 50),
    ]
    two = ("White", "Minority ethnic")
    held["minority_ethnic_share"] = [
        population("2019-03-31", "report 2018-19, as printed", 85, 15, groups=two),
        population("2020-03-31", "report 2019-20, as printed", 80, 20, groups=two),
    ]
    record = returned(tmp_path, "30 WBRI stayed; 15 MWAS stayed")
    found = figures(minority_ethnic.ratio, record)
    pupils, census, printed = (
        "school census of January 2020", "Census 2011", "report 2019-20, as printed",
    )  # fmt: skip
    assert found.index.tolist() == [pupils, census, printed]
    # 15 of 1,500 to 30 of 4,000; 15 of 2,000 to 30 of 8,000; 15 of 20 to 30 of 80.
    assert found["value"].tolist() == pytest.approx([4 / 3, 2, 2])
    of_pupils = found["note"].str.contains("pupils of state-funded schools")
    assert of_pupils.tolist() == [True, False, False]
    # The share may have been 19.5% or 20.5%: 15 / 30, over 0.205 / 0.795 or over 0.195 / 0.805.
    assert "the share of 20% was rounded: 1.94 to 2.06 by" in found.loc[printed, "note"]
    assert not found["note"].iloc[:2].str.contains("rounded").any()


def test_as_many_of_each_have_a_ratio_and_one_unknown_of_25_does_not_stop_it(tmp_path, held):
    record = returned(tmp_path, "12 WBRI stayed; 12 MWAS stayed; 1 NOBT stayed")
    [row] = figures(minority_ethnic.ratio, record).to_dict("records")
    assert (row["numerator"], row["denominator"], row["value"]) == (12, 12, 4)
    assert row["method"] == ratios.RATE_RATIO


def test_without_a_white_child_or_a_whole_there_is_no_ratio(tmp_path, held):
    record = returned(tmp_path, "3 MWAS stayed")
    assert figures(minority_ethnic.ratio, record)["note"].tolist() == [minority_ethnic.NOT_DEFINED]
    held["ethnicity"] = [population("2011-03-27", "Census 2011", 8000, 1000, 500, 400)]
    [note] = figures(minority_ethnic.ratio, record)["note"]
    assert note.endswith("gives no number for Other ethnic group, so the whole is not known")


def test_the_rates_of_10_to_17_are_of_the_newest_census_and_of_no_child_of_9(tmp_path, held):
    """On 31 March 2020 two White children are 10, and two 17; two Mixed ones are 10, one is 17."""
    nobody = (1, 1, 1, 1, 1)
    held[OLDER] = [
        population("2001-04-29", "Census 2001", *nobody),
        population("2011-03-27", "Census 2011", *nobody),
        population("2021-03-21", "Census 2021", 4000, 400, 300, 200, 100),  # 1,000 of others
    ]
    record = returned(
        tmp_path,
        "2 WBRI stayed 31/03/2010; 2 WBRI stayed 01/04/2002; 3 WBRI stayed 01/04/2010;"
        "2 MWAS stayed 31/03/2010; 1 MWAS stayed 01/04/2002; 1 MWAS stayed 01/04/2010",
    )
    row = figures(minority_ethnic.ratio_10_to_17, record).loc["all"]
    assert (row["numerator"], row["denominator"]) == (3, 4)
    assert row["value"] == pytest.approx((3 / 1000) / (4 / 4000))
    mixed = figures(ethnicity_in_depth.aged_10_to_17, record).loc[WHITE_AND_FOUR[1]]
    assert (mixed["numerator"], mixed["denominator"]) == (3, 4)
    assert mixed["value"] == pytest.approx((3 / 400) / (4 / 4000))


def test_white_british_children_are_compared_by_the_newest_census_that_has_both(tmp_path, held):
    two = (minority_ethnic.WHITE_BRITISH, minority_ethnic.ALL_OTHERS)
    held["white_british"] = [
        population("2011-03-27", "Census 2011", 7500, 2500, groups=two),
        population("2021-03-21", "Census 2021", 6000, 4000, groups=two),
    ]
    record = returned(tmp_path, "6 WBRI stayed; 2 WIRI stayed; 6 MWAS stayed")
    row = figures(minority_ethnic.white_british_ratio, record).loc["all"]
    assert (row["numerator"], row["denominator"]) == (8, 6)
    assert row["value"] == pytest.approx((8 / 4000) / (6 / 6000))
    held["white_british"].append(population("2031-03-21", "Census 2031", 6000, groups=two))
    [note] = figures(minority_ethnic.white_british_ratio, record)["note"]
    assert note.endswith("gives no number for the group All other ethnic groups")


def test_looked_after_entering_staying_and_leaving(tmp_path, held):
    """Entering times staying is looked after: 8/3 times 3/2 is 4."""
    record = returned(
        tmp_path,
        "4 WBRI stayed; 2 WBRI came; 1 WBRI came_and_left; 2 WBRI left;"
        "5 MWAS stayed; 1 MWAS came; 1 MWAS came_and_left; 1 MWAS left",
    )
    found = figures(minority_ethnic.parts, record)["value"]
    assert found["Looked after"] == pytest.approx((6 / 2000) / (6 / 8000))
    assert found["Entering"] == pytest.approx((2 / 2000) / (3 / 8000))
    # Looked after at the end for each who came: Mixed 6 to 2, White 6 to 3.
    assert found["Staying"] == pytest.approx((6 / 2) / (6 / 3))
    # Left, of those there at the end or left: Mixed 2 of 8, White 3 of 9.
    assert found["Leaving"] == pytest.approx((2 / 8) / (3 / 9))


def test_shorter_stays_are_a_ratio_below_1_and_nobody_leaving_is_0(tmp_path, held):
    record = returned(
        tmp_path, "4 WBRI stayed; 2 WBRI came; 2 WBRI left; 1 MWAS stayed; 1 MWAS came"
    )
    found = figures(minority_ethnic.parts, record)
    assert found.loc["Staying", "value"] == pytest.approx((2 / 1) / (6 / 2))
    assert found.loc["Leaving", ["value", "numerator", "denominator"]].tolist() == [0, 0, 2]


def test_where_no_white_child_left_there_is_no_ratio_of_leaving(tmp_path, held):
    record = returned(tmp_path, "4 WBRI stayed; 3 MWAS stayed; 1 MWAS left")
    found = figures(minority_ethnic.parts, record)
    assert found.loc["Leaving", "note"] == minority_ethnic.NOT_DEFINED
    assert found.loc["Staying", "note"] == minority_ethnic.NOT_DEFINED  # nobody came
