"""ONS's files dropped in published/ as ONS gives them: read by their columns and put to use."""

from __future__ import annotations

from datetime import date

import pytest
from builders import read, write_return
from openpyxl import Workbook
from population_files import RUTLAND, custom_dataset, school_census

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators import ons, populations
from iro_analysis.comparators.publications import Publications
from iro_analysis.indicators import evaluate
from iro_analysis.periods import single


@pytest.fixture
def place(tmp_path):
    mine = write_return(tmp_path / "mine", "CHILD DECOM LS\nA 01/06/2021 C2")
    (mine / "authority.toml").write_text(f'ons_code = "{RUTLAND}"\n', encoding="utf-8")
    (mine / "published").mkdir()
    return mine


@pytest.mark.parametrize("level", ["Upper tier local authorities", "Lower tier local authorities"])
def test_a_custom_dataset_of_the_census_gives_children_by_ethnic_group(place, level):
    (place / "published" / "census.csv").write_text(custom_dataset(level), encoding="utf-8")
    authority = read(place)
    found = authority.population("ethnicity", date(2022, 3, 31))
    # Ages 0 to 9 and 10 to 17 added up: 31 + 32 Indian children, and so on; 18 and over left out.
    assert found.values == {
        "Asian or Asian British": 63,
        "Black, African, Caribbean or Black British": 43,
        "Mixed or multiple ethnic groups": 23,
        "White": 701 + 702 + 51 + 52,
        "Other ethnic group": 13,
    }
    assert (found.vintage, found.reference_date) == ("own file", date(2021, 3, 21))
    assert found.name == "Census 2021, own file"
    assert "census.csv" in found.source
    older = authority.populations("ethnicity_age_10_to_17")
    assert older[-1].values["White"] == 702 + 52
    two = authority.populations("white_british")[-1]
    assert two.values["White British"] == 701 + 702
    # The Census 2011 in the package is still there, so that the answer under each can be given.
    held = [each.vintage for each in authority.populations("ethnicity")]
    assert held == ["Census 2011", "own file"]


def test_a_dataset_that_cannot_be_cut_at_18_gives_no_children(place):
    text = custom_dataset().replace("Aged 10 to 17 years", "Aged 10 to 19 years")
    text = text.replace("Aged 18 years and over", "Aged 20 years and over")
    (place / "published" / "census.csv").write_text(text, encoding="utf-8")
    assert read(place).population("ethnicity", date(2022, 3, 31)).vintage == "Census 2011"


MYEB1_HEAD = [
    "ladcode23",
    "laname23",
    "country",
    "sex",
    "age",
    "population_2023",
    "population_2024",
]


def myeb1():
    rows = [["MYEB1: Detailed population estimates, mid-2011 to mid-2024"], []]
    rows.append(MYEB1_HEAD)
    for sex in ("F", "M"):
        for age in range(91):
            rows.append([RUTLAND, "Rutland", "E", sex, age, 100 + age, 200 + age])
    return rows


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_mid_year_estimates_give_children_by_age_band(place, form):
    rows, path = myeb1(), place / "published" / f"myeb1_detailed.{form}"
    if form == "csv":
        text = "\n".join(",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row)
                         for row in rows)  # fmt: skip
        path.write_text(text + "\n", encoding="utf-8")
    else:
        book = Workbook()
        book.active.title = "Notes"
        sheet = book.create_sheet("MYEB1")
        for row in rows:
            sheet.append(row)
        book.save(path)
    authority = read(place)
    bands = authority.population("age_band", date(2025, 3, 31))
    # Both sexes, mid-2024: 2 x 200 at age 0; 216 + 217, twice, at 16 and 17.
    assert (bands.values["Under 1"], bands.values["16 and over"]) == (400, 866)
    assert bands.name == "mid-2024, own file"
    whole = authority.population("all", date(2025, 3, 31))
    assert whole.values["all"] == 2 * sum(200 + age for age in range(18))
    assert sum(bands.values.values()) == whole.values["all"]
    # Without the file, no age bands of that year are held.
    assert populations.latest(RUTLAND, None, "age_band", date(2025, 3, 31)) is None


def test_an_in_house_table_is_no_file_of_ons(tmp_path):
    (tmp_path / "dfe.csv").write_text("time_period,geographic_level\n2024,National\n", "utf-8")
    (tmp_path / "other.csv").write_text("code,name,age,white\n1,2,3,4\n", encoding="utf-8")
    assert Publications.of(tmp_path).populations.empty


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (["ladcode23", "age", "population_2011"], "MYEB1"),
        (["ltla19_code", "ltla19_name", "total_population", "0", "1"], "single year"),
        (["code", "name", "age", "white", "other"], "White British"),
    ],
)
def test_a_layout_is_known_by_its_columns(columns, name):
    assert name in ons.layout_of(columns).name


@pytest.mark.parametrize("phase", ["phase_type_grouping", "Phase-type_grouping"])
def test_the_school_census_is_a_second_best_by_ethnic_group_and_says_so(place, phase):
    text = school_census(("201920", "202021", "202223"), phase)
    (place / "published" / "spc_pupils_ethnicity_and_language.csv").write_text(text, "utf-8")
    authority = read(place)
    found = authority.populations("ethnicity_pupils")
    # The third Thursday of January; detailed groups added up, totals and unclassified left out.
    assert [str(each.reference_date) for each in found] == [
        "2020-01-16",
        "2021-01-21",
        "2023-01-19",
    ]
    assert found[0].values == {
        "White": 3100, "Mixed or multiple ethnic groups": 60, "Asian or Asian British": 45,
        "Black, African, Caribbean or Black British": 30, "Other ethnic group": 10,
    }  # fmt: skip
    assert found[1].name == "school census of January 2021"
    assert authority.population("ethnicity", date(2022, 3, 31)).vintage == "Census 2011"


def test_a_ratio_under_the_school_census_divides_by_its_pupils(tmp_path):
    rows = [{"CHILD": f"SYN{n:02}", "DECOM": "01/06/2020", "LS": "C2"} for n in range(40)]
    header = [{"CHILD": f"SYN{n:02}", "ETHNIC": "AIND" if n < 10 else "WBRI"} for n in range(40)]
    mine = write_return(tmp_path / "mine", rows, "2020-21", header)
    (mine / "authority.toml").write_text(f'ons_code = "{RUTLAND}"\n', encoding="utf-8")
    (mine / "published").mkdir()
    (mine / "published" / "spc.csv").write_text(school_census(), encoding="utf-8")
    rows = evaluate.figures(CareRecord.of(read(mine)), single("2020-21"), "minority_ethnic_ratio")
    [row] = rows[rows["group"].str.startswith("school census")].itertuples()
    # 10 children of 60 + 45 + 30 + 10 = 145 pupils, against 30 of 3,100 White ones.
    assert row.value == pytest.approx((10 / 145) / (30 / 3100))
    assert "pupils of state-funded schools" in row.note
