"""ONS's files dropped in published/ as ONS gives them: read by their columns and put to use."""

from __future__ import annotations

from datetime import date

import pytest
from builders import read, write_return
from openpyxl import Workbook

from iro_analysis.comparators import ons, populations
from iro_analysis.comparators.publications import Publications

RUTLAND = "E06000017"
GROUPS = {
    3: ("Asian, Asian British or Asian Welsh: Indian", 30),
    6: ("Black, Black British, Black Welsh, Caribbean or African: African", 20),
    9: ("Mixed or Multiple ethnic groups: White and Asian", 10),
    13: ("White: English, Welsh, Scottish, Northern Irish or British", 700),
    17: ("White: Other White", 50),
    19: ("Other ethnic group: Any other ethnic group", 5),
    -8: ("Does not apply", 0),
}
AGES = {1: "Aged 9 years and under", 2: "Aged 10 to 17 years", 3: "Aged 18 years and over"}


def custom_dataset(level="Upper tier local authorities"):
    """The columns of ONS's "Create a custom dataset"; each older band has one child more."""
    rows = [
        f"{level} Code,{level},Age (3 categories) Code,Age (3 categories),"
        "Ethnic group (20 categories) Code,Ethnic group (20 categories),Observation"
    ]
    for age, age_words in AGES.items():
        for code, (words, many) in GROUPS.items():
            value = many + age if many else 0
            rows.append(f'{RUTLAND},Rutland,{age},{age_words},{code},"{words}",{value}')
    return "\n".join(rows) + "\n"


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
