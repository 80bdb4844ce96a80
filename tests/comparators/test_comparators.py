"""The packaged figures of all authorities: held as published, looked up, and none in vain."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from builders import shared_study

from iro_analysis import catalogue, codes
from iro_analysis.cli.command import main
from iro_analysis.comparators import areas, held, lookup, populations
from iro_analysis.comparators.publications import mapped, mapping
from iro_analysis.periods import single

MARCH = {year: date(year, 3, 31) for year in range(2016, 2026)}
HERE = Path(__file__).parents[1]
BROMLEY = "E09000006"


# What was held before every authority's figures were.


def held_before():
    with (HERE / "held_comparators.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_no_comparator_of_bromley_moved():
    """Each of the 902 figures held until then is the same, but for the neighbours of 2025.

    DfE drew a new model in May 2025, in use when that year's figures were published.
    """
    found: dict[tuple, dict] = {}
    for row in held_before():
        key = (row["measure"], row["breakdown"], row["year"])
        if key not in found:
            rows = lookup.comparators(*key[:2], BROMLEY, MARCH[int(row["year"])])
            found[key] = dict(
                zip(zip(rows["area"], rows["group"], strict=True), rows["value"], strict=True)
            )
        if row["area"].startswith("Statistical") and row["year"] == "2025":
            continue
        value = found[key][row["area"], row["group"]]
        assert value == pytest.approx(float(row["value"]), abs=5e-7), row


def test_no_population_held_before_moved():
    kept = codes.table("populations")
    for row in kept.to_dict("records"):
        if not row["area_code"]:
            continue
        mine = populations.of_area(row["area_code"])
        for column in ("reference_date", "vintage", "breakdown", "group"):
            mine = mine[mine[column] == row[column]]
        assert list(mine["value"]) == [float(row["value"])], row


# Fifty figures drawn at random from the files, by a reader of this test's own.

FILES = [
    # file, words of the row, column of the value, our measure, breakdown and group
    ("{r}/la_cla_placement_stability.csv.gz", "With 3 or more placements during the year",
     "percent", "three_or_more_placements", "all", "all"),
    ("{r}/la_cla_placement_stability.csv.gz", "Living with the same carer for at least 2 years",
     "percent", "long_term_stability", "all", "all"),
    ("{r}/la_conviction_health_outcome_cla.csv.gz", "Had their immunisations up to date",
     "percent", "immunisations", "all", "all"),
    ("{r}/la_conviction_health_outcome_cla.csv.gz", "Had their teeth checked by a dentist",
     "percent", "dental_check", "all", "all"),
    ("{r}/la_conviction_health_outcome_cla.csv.gz", "SDQ average score",
     "count", "sdq_average", "all", "all"),
    ("{r}/la_cla_on_31_march_by_characteristics_REBUILT.csv.gz", "Full care order",
     "percent", "looked_after", "legal_status", "Full care order"),
    ("{r}/la_cla_on_31_march_by_characteristics_REBUILT.csv.gz", "10 to 15 years",
     "percent", "looked_after", "age_band", "10 to 15"),
    ("{r}/la_cla_on_31_march_by_characteristics_REBUILT.csv.gz",
     "Placed outside the local authority boundary",
     "percent", "looked_after", "locality", "Outside the authority"),
    ("{r}/la_care_leavers_accommodation_suitability.csv.gz", "19 to 21 years",
     "percent", "care_leavers_accommodation_suitable", "age_group", "19 to 21"),
]  # fmt: skip
WORDS = {"care_leavers_accommodation_suitable": "Accommodation considered suitable"}


def read(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


def area_of(row: dict[str, str]) -> str:
    if row["geographic_level"] == "National":
        return "E92000001"
    if row["geographic_level"] == "Regional":
        return row["region_code"]
    return row["new_la_code"]


def number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def value_of(row: dict[str, str], kind: str) -> str:
    names = {
        "percent": ("percentage", "children_percent", "care_leaver_percent"),
        "count": ("number", "children_count", "care_leaver_count"),
        "rate": ("rate_per_10000",),
    }[kind]
    return next(row[name] for name in names if name in row)


def drawn(shared: Path, many: int) -> list[tuple]:
    """Return figures drawn at random: measure, breakdown, group, area, year, release, value."""
    chance, found = random.Random(16), []
    dfe = shared / "data" / "dfe"
    rows_of: dict[Path, list] = {}
    while len(found) < many - 10:
        year = chance.choice([2024, 2025])
        name, words, kind, *ours = chance.choice(FILES)
        path = dfe / name.format(r=f"release{year}")
        if path not in rows_of:
            rows_of[path] = read(path)
        rows = rows_of[path]
        row = chance.choice(rows)
        wanted = {words, WORDS.get(ours[0], words)}
        if wanted <= set(row.values()) and number(value_of(row, kind)) is not None:
            found.append((*ours, area_of(row), row["time_period"], f"release {year}",
                          value_of(row, kind)))  # fmt: skip
    rate = read(dfe / "release2025" / "cla_number_and_rate_per_10k_children.csv")
    while len(found) < many - 5:
        row = chance.choice(rate)
        if "31 March" in row["population_type"] and number(row["rate_per_10000"]) is not None:
            found.append(("looked_after_rate", "all", "all", area_of(row), row["time_period"],
                          "release 2025", row["rate_per_10000"]))  # fmt: skip
    lait = read(dfe / "lait" / "lait_cla_extract.csv.gz")
    while len(found) < many:
        row = chance.choice(lait)
        if row["Short Desc"] == "Children_missing" and number(row["Values"]) is not None:
            name = row["LA and Regions"]
            if (area := areas.find(name)) is not None:
                found.append(("children_missing", "all", "all", area.code, row["Years"],
                              "LAIT 2025", row["Values"]))  # fmt: skip
    return found


def test_fifty_figures_of_the_files_are_held_as_published(shared):
    """Value, area, date and release, read from the files by this test's own reader."""
    figures = drawn(shared, 50)
    assert len(figures) == 50
    assert len({figure[:2] for figure in figures}) >= 8
    for measure, breakdown, group, area, year, release, value in figures:
        rows = held.table(measure, breakdown)
        code = area if area.startswith(("E12", "E13", "E92")) else areas.authority(area).code
        mine = rows[(rows["group"] == group) & (rows["area"] == code)]
        mine = mine[(mine["year"] == int(year)) & (mine["release"] == release)]
        assert list(mine["value"].map(Decimal)) == [Decimal(value)], (measure, area, year)
        assert mine["source"].str.contains("Department for Education").all()


def test_twelve_populations_of_the_files_are_held(shared):
    """ONS's estimates and censuses, each district added up by this test."""
    place, chance = shared / "data" / "population", random.Random(2011)
    estimates = read(place / "ons_mid-year_population_estimates_2012_to_2024.csv")
    for row in chance.sample([r for r in estimates if number(r["population_estimate"])], 6):
        code = next(c for c in (row["new_la_code"], row["la_name"], area_of(row)) if "E" in c[:1])
        mine = populations.of_area(
            area_of(row) if row["geographic_level"] != "Local authority" else code
        )
        mine = mine[(mine["breakdown"] == "all") & (mine["vintage"] == "rebased")]
        mine = mine[mine["reference_date"] == f"{row['time_period']}-06-30"]
        assert list(mine["value"]) == [float(row["population_estimate"])], row
    # Kent is twelve districts; 2019's single years, ages 0 to 17 added up.
    kent = {row["LTLA23CD"] for row in read(place / "ltla_to_utla_april_2023.csv")
            if row["UTLA23NM"] == "Kent"}  # fmt: skip
    years = read(place / "ons_mye_persons_single_year_ltla_mid2019_2020geog.csv")
    total = sum(
        int(row[str(age)]) for row in years if row["ltla19_code"] in kent for age in range(18)
    )
    found = populations.latest("E10000016", None, "all", date(2020, 3, 31))
    assert (len(kent), found.values["all"], found.name) == (12, total, "mid-2019, first published")
    # Cumberland: Allerdale, Carlisle and Copeland, Census 2021.
    white = read(place / "census2021_white_british_and_other_single_year_ltla2021.csv.gz")
    three = {"E07000026", "E07000028", "E07000029"}
    total = sum(int(r["white"]) for r in white if r["code"] in three and int(r["age"]) < 18)
    [found] = populations.all_held("E06000063", None, "white_british")
    assert found.values["White British"] == total
    # The column is White British: ONS's own total of all ages in England.
    england = sum(int(r["white"]) for r in white if r["code"] == "E92000001")
    assert england == pytest.approx(41_540_791, rel=1e-4)


# The lookup.


def test_a_borough_of_inner_london_is_set_beside_inner_london():
    found = lookup.comparators("looked_after_rate", "all", "E09000007", MARCH[2024])
    assert list(found["area"]) == [
        "England", "London", "Inner London", "Statistical neighbours (2021 model)"
    ]  # fmt: skip
    leeds = lookup.comparators("looked_after_rate", "all", "E08000035", MARCH[2024])
    assert list(leeds["area"])[:2] == ["England", "Yorkshire and The Humber"]
    assert list(lookup.comparators("looked_after_rate", "all", "", MARCH[2024])["area"]) == [
        "England"
    ]


def test_the_mean_of_neighbours_is_that_of_their_figures():
    day = MARCH[2024]
    ten = lookup.neighbour_values("looked_after_rate", "all", "all", "Leeds", day)
    assert len(ten) == 10
    mean = lookup.comparators("looked_after_rate", "all", "E08000035", day).iloc[-1]
    assert mean["value"] == pytest.approx(ten["value"].mean())
    assert mean["n_areas"] == 10
    assert "Derived, not published" in mean["source"]


def test_a_mean_is_not_given_where_dfe_hid_a_neighbour_as_small():
    """Leeds 2024, Other ethnic group: at least one of the ten is hidden, so no mean."""
    day = MARCH[2024]
    ten = lookup.neighbour_values("looked_after", "ethnicity", "Other ethnic group", "Leeds", day)
    assert ten["value"].isna().any()
    found = lookup.comparators("looked_after", "ethnicity", "E08000035", day)
    mine = found[found["group"] == "Other ethnic group"]
    assert list(mine["area"]) == ["England", "Yorkshire and The Humber"]


def test_the_model_of_2025_is_used_from_that_year_and_for_new_authorities():
    rows = lookup.comparators("looked_after_rate", "all", BROMLEY, MARCH[2025])
    assert rows["area"].iloc[-1] == "Statistical neighbours (2025 model)"
    rows = lookup.comparators("looked_after_rate", "all", "E06000063", MARCH[2024])
    assert rows["area"].iloc[-1] == "Statistical neighbours (2025 model)"
    assert len(lookup.neighbours("Isles of Scilly", MARCH[2024])) == 10


def test_a_figure_that_dfe_hid_says_so():
    everyone = lookup.all_authorities(
        "looked_after", "ethnicity", "Other ethnic group", MARCH[2024]
    )
    hidden = everyone[everyone["reason"].str.startswith("hidden by DfE")]
    assert len(hidden)
    assert hidden["value"].isna().all()


def test_every_authority_of_a_day_is_there_once():
    everyone = lookup.all_authorities("looked_after_rate", day=MARCH[2025])
    assert sorted(everyone["area_code"]) == sorted(area.code for area in areas.current())
    assert everyone["total"].gt(0).all()
    assert len(lookup.all_authorities("looked_after_rate", day=MARCH[2020])) == 151


def test_what_is_public_of_an_authority_is_listed():
    found = lookup.published_counts("Leeds", MARCH[2024])
    assert set(found["measure"]) >= {"looked_after", "started", "ceased", "adopted"}
    mine = found[(found["measure"] == "started") & (found["release"] == "release 2025")]
    assert mine["count"].map(number).notna().all()


# Nothing in vain.


def test_every_held_figure_belongs_to_a_measure_breakdown_and_group():
    """A value that no measure, breakdown and group can show is dead weight."""
    measures = catalogue.measures()
    elsewhere = {m.elsewhere["held_as"] for m in measures.values() if m.elsewhere}
    for name, by in mapped():
        assert name in elsewhere or by in measures[name].breakdowns, (name, by)
        groups = set(mapping(name, by).get("groups", ["all"]))
        found = held.table(name, by)
        assert len(found), (name, by)
        assert set(found["group"]) <= groups, (name, by)
    files = {path.name for path in (held.place() / "values").iterdir()}
    assert files == {held.file_name(*each) for each in held.tables()}
    older = codes.table("comparators/earlier_releases")
    assert set(zip(older["measure"], older["breakdown"], strict=True)) <= set(held.tables())


# Figures of DfE's interactive tool that are no measure's, and why.
NOT_OURS = {
    "%_of LAC Adopted": "held from the table of reasons",
    "CareLeaverEETNum": "the count behind a share that is held",
    "CareLeaversNEET": "what is left of a share that is held",
    "CareLeavers_LA_NotInTouch": "what is left of a share that is held",
    "Children_Away": "being away without authorisation is no measure of the suite",
    "LAC%_Adopt_AppUnop": "adoptions are not split by consent",
    "LAC%_Adopt_ConsentDisp": "adoptions are not split by consent",
    "LACnum_Adopt_AppUnop": "adoptions are not split by consent",
    "LACnum_Adopt_ConsentDisp": "adoptions are not split by consent",
    "LACDistance": "over 20 miles and outside the area at once; distance is held from the table",
    "LACStableNum_2016on": "the count behind a share that is held",
    "LAC_LongStableNum": "the count behind a share that is held",
    "LAC_19_HE": "the suite counts young people in higher education on a day, of a local list",
    "LAC_19_HE_Num": "the suite counts young people in higher education on a day, of a local list",
    "LAC_Cease_Rate": "leaving per 10,000 is no measure of the suite",
    "LAC_EngMaths9-4": "English and maths at grade 4, without the other three GCSEs",
    "LAC_Fixed_ Ex": "a share of all pupils; the suite counts children of a local list",
    "LAC_Over_Abs": "absence is no measure of the suite",
    "LAC_Pers_Abs": "absence is no measure of the suite",
    "LAC_Unauth": "absence is no measure of the suite",
    "LAC_RetHome_CarePlan_%": "held from the table of reasons",
    "LAC_RetHome_Not_CarePlan_%": "held from the table of reasons",
    "LAC_ceased_CAO%": "held from the table of reasons",
    "LAC_ceased_SGO%": "held from the table of reasons",
    "LAC_SEN": "any special educational need is no measure of the suite",
    "NoCareLeavers": "the denominator of shares that are held",
    "NoCareLeaverAcc": "the count behind a share that is held",
    "Number_Foster_Places(New)": "foster places are not in the return",
    "Number_Foster_Places_Filled(New)": "foster places are not in the return",
    "StayingPut": "staying put is no measure of the suite",
    "Stability_School": "school moves are not in the return",
    "UASC_%_Starting": "a share of those who start; the suite gives their number",
    "Unacc_Asylmn_Seek_Childn": "the count behind a share that is held",
    "Unacc_Asylmn_Seek_Childn%": "held from the table, as a group of children looked after",
}
# Whole families: key stages, guardianship by carer; and placements, held from their table.
NOT_OURS_LIKE = ("LAC_KS", "LAC_SGO_")
IN_PLACEMENTS = {
    "LAC_Foster_Placements", "LAC_Ind_SInd_Liv_Arr", "LAC_Other_Place_Inc_Unreg",
    "LAC_Other_Res_Settings", "LAC_Parents_OR_Others", "LAC_SecHome_And_ChildHome",
}  # fmt: skip


def test_every_figure_of_dfes_tool_is_held_or_is_no_measures(shared):
    """Each short name of the extract is mapped, or named here with the reason."""
    rows = read(shared / "data" / "dfe" / "lait" / "lait_cla_extract.csv.gz")
    names = {row["Short Desc"] for row in rows}
    used = {cell.get("lait") for each in mapped() for cell in mapping(*each)["cells"]}
    assert not used & set(NOT_OURS)
    left = names - used - set(NOT_OURS) - IN_PLACEMENTS
    assert {name for name in left if not name.startswith(NOT_OURS_LIKE)} == set()


def test_every_group_has_a_figure_of_england():
    for name, by in held.tables():
        rows = held.table(name, by)
        assert rows["unit"].nunique() == 1
        for group in mapping(name, by).get("groups", ["all"]):
            mine = rows[(rows["group"] == group) & (rows["area"] == "E92000001")]
            assert len(mine), (name, by, group)


def test_the_shares_of_looked_after_children_are_shown():
    found = lookup.comparators("looked_after", "locality", BROMLEY, MARCH[2020])
    out = found[found["group"] == "Outside the authority"].set_index("area")["value"]
    assert (out["England"], out["Outer London"]) == (41, 57)
    assert set(found["unit"]) == {"percent"}
    # A count of another area is no comparator.
    assert lookup.comparators("looked_after", "all", BROMLEY, MARCH[2020]).empty


# The build.


@pytest.mark.long
@pytest.mark.slow
def test_the_tables_are_those_that_the_command_builds(shared, tmp_path, capsys):
    """One command makes them, byte for byte, and says that nothing changed on a second run."""
    assert main(["reference", "build", str(shared / "data"), "--out", str(tmp_path)]) == 0
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(built) > 30
    for path in built:
        assert (tmp_path / path).read_bytes() == (held.place() / path).read_bytes(), path
    capsys.readouterr()
    assert main(["reference", "build", str(shared / "data"), "--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(built)
    assert all(line.endswith("as before") for line in lines)


def test_a_build_says_what_changed(tmp_path):
    from iro_analysis.comparators import build

    path = tmp_path / "values.csv.gz"
    columns = ["area", "value"]
    assert str(build._write(path, columns, [["a", "1"], ["b", "2"]], 1)) == (
        "values.csv.gz: 2 figures; 2 new, 0 gone, 0 changed"
    )
    again = str(build._write(path, columns, [["b", "3"], ["c", "4"]], 1))
    assert again.splitlines() == [
        "values.csv.gz: 2 figures; 1 new, 1 gone, 1 changed",
        "    b: 2 is now 3",
    ]


def test_a_folder_without_files_is_refused(tmp_path, capsys):
    assert main(["reference", "build", str(tmp_path), "--out", str(tmp_path / "x")]) == 2
    assert "no file of DfE here" in capsys.readouterr().err


def test_the_tables_are_small_and_quick():
    size = sum(path.stat().st_size for path in held.place().rglob("*") if path.is_file())
    assert size < 2_000_000
    start = time.perf_counter()
    held.table.__wrapped__("looked_after_rate", "all")
    assert time.perf_counter() - start < 2


def test_the_page_says_a_groups_share_elsewhere(demo):
    study = shared_study(demo, single("2019-20"), "committee")
    said = " ".join(study.finding("looked_after", "locality").sentences)
    assert "The same share elsewhere: England 41%, London 65%, Outer London 57%" in said
    # A share is not marked on bars of counts.
    assert study.comparator("looked_after", "locality", "England") is None
