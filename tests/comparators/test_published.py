"""DfE's files: read with their symbols and vintages, and answering for measures and areas."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from iro_analysis.comparators import files, layouts, lookup
from iro_analysis.comparators.publications import Publications, says
from iro_analysis.errors import InputError

HEAD = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,la_name,new_la_code"
)
ENGLAND = "{year},Reporting year,National,E92000001,England,,,,,"
PLACE = "{year},Reporting year,Local authority,E92000001,England,E12000007,London,999,Sampleton,E99"


def long_file(*rows: str) -> str:
    """A file in the layout of 2024; a row is ``area year filter,...``."""
    lines = [f"{HEAD},cla_group,placement_stability,number,percentage"]
    for row in rows:
        where, year, rest = row.split(" ", 2)
        place = ENGLAND if where == "England" else PLACE
        lines.append(f"{place.format(year=year)},{rest}")
    return "\n".join(lines) + "\n"


GROUP = "CLA on 31 March"
ROWS = [
    f"Sampleton 2020 {GROUP},Total children,50,100",
    f"Sampleton 2020 {GROUP},With 3 or more placements during the year,6,12",
    f"Sampleton 2019 {GROUP},Total children,c,z",
    f"Sampleton 2019 {GROUP},With 3 or more placements during the year,c,c",
    f"England 2020 {GROUP},Total children,80000,100",
    f"England 2020 {GROUP},With 3 or more placements during the year,8500,11",
]


def answers(folder, *what):
    return [(one.value, one.symbol, one.release) for one in Publications.of(folder).answers(*what)]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "release2024"
    place.mkdir()
    (place / "stability.csv").write_text("\ufeff" + long_file(*ROWS), encoding="utf-8")
    return tmp_path


def test_a_figure_is_answered_with_its_release(folder):
    measure = "three_or_more_placements"
    assert answers(folder, measure, "England", 2020) == [(Decimal(11), "", "2024 release")]
    assert answers(folder, measure, "Sampleton", 2020) == [(Decimal(12), "", "2024 release")]
    assert answers(folder, measure, "Sampleton", 2021) == []
    assert answers(folder, "reviews_on_time", "Sampleton", 2020) == []


def test_a_symbol_is_told_and_is_no_number(folder):
    [one] = Publications.of(folder).answers("three_or_more_placements", "Sampleton", 2019)
    assert (one.value, one.symbol) == (None, "c")
    assert "hidden by DfE" in one.words


def test_a_new_release_is_a_file_dropped_in_the_folder_packed_or_not(folder):
    measure = "three_or_more_placements"
    later = long_file(f"Sampleton 2020 {GROUP},With 3 or more placements during the year,7,14")
    with gzip.open(folder / "newer_release2025.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write(later)
    with zipfile.ZipFile(folder / "release2026.zip", "w") as packed:
        packed.writestr("data/stability.csv", later.replace(",7,14", ",8,16"))
    found = answers(folder, measure, "Sampleton", 2020)
    assert [(value, release) for value, _, release in found] == [
        (Decimal(12), "2024 release"),
        (Decimal(14), "2025 release"),
        (Decimal(16), "2026 release"),
    ]


def test_a_folder_without_a_file_of_dfe_is_refused(tmp_path):
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no file of DfE"):
        Publications.of(tmp_path)


@pytest.mark.parametrize(
    ("text", "year"), [("2020", 2020), ("201920", 2020), ("199900", 2000), ("202425", 2025)]
)
def test_a_school_year_is_the_year_in_which_it_ends(text, year):
    assert files.year_of(text) == year


@pytest.mark.parametrize(
    ("published", "printed", "same"),
    [("27.3", "27", True), ("27.5", "28", True), ("11", "11.4", True), ("11", "12", False)],
)
def test_a_printed_figure_is_held_to_the_coarser_precision(folder, published, printed, same):
    [one] = Publications.of(folder).answers("three_or_more_placements", "England", 2020)
    one = type(one)(Decimal(published), "", one.area, one.year, one.release, one.file)
    assert says(one, Decimal(printed)) is same


@pytest.fixture(scope="module")
def dfe(shared):
    return Publications.of(shared / "data" / "dfe")


@pytest.mark.parametrize(
    ("measure", "area", "year", "group", "value"),
    [
        ("looked_after_rate", "England", 2018, "all", "64"),
        ("looked_after_rate", "Bromley", 2020, "all", "45"),
        ("age_share", "England", 2020, "16 and over", "24"),
        ("age_share", "London", 2020, "16 and over", "37"),
        ("age_share", "England", 2020, "10 to 15", "39"),
        ("age_share", "London", 2020, "10 to 15", "38"),
        ("long_term_stability", "Bromley", 2020, "all", "56"),
        ("long_term_stability", "England", 2018, "all", "69"),
        ("immunisations", "Bromley", 2019, "all", "87"),
        ("three_or_more_placements", "Outer London", 2020, "all", "10"),
    ],
)
def test_real_files_answer_as_the_benchmarks_have_it(dfe, measure, area, year, group, value):
    breakdown = "age_band" if group != "all" else "all"
    found = dfe.answers(measure, area, year, breakdown, group)
    assert found
    assert {one.value for one in found} == {Decimal(value)}


def test_every_row_of_a_file_is_a_cell(dfe):
    for file in dfe.files:
        found = layouts.cells_of(file)
        if "t_pupils" not in file.rows:
            assert len(found) == len(file.rows), file.name
        assert (found["area"] != "").all(), file.name


def test_the_files_give_comparators_in_the_shape_of_the_suites_own(dfe):
    day, bands = date(2024, 3, 31), ["10 to 15", "16 and over"]
    mine = lookup.comparators("age_share", "age_band", "E09000006", day)
    theirs = lookup.from_publications(
        dfe, "age_share", "age_band", bands, "E09000006", day, "percent"
    )
    assert list(theirs.columns) == list(mine.columns)
    assert set(theirs["area"]) == {"England", "Outer London", "London"}
    both = theirs.merge(mine, on=["area", "group"])
    assert len(both) >= 4
    assert (both["value_x"] == both["value_y"]).all()
    in_year = date(2024, 1, 31)
    assert lookup.from_publications(
        dfe, "age_share", "age_band", bands, "E09000006", in_year, "percent"
    ).empty
