"""Authorities of England: old and new codes, names, regions, and what replaced what."""

import csv
from datetime import date

import pytest

from iro_analysis import codes
from iro_analysis.comparators import areas
from iro_analysis.errors import InputError


def test_there_are_153_authorities_in_nine_regions():
    now = areas.current()
    assert len(now) == 153
    assert len({area.dfe_code for area in now}) == 153
    assert len({area.name for area in now}) == 153
    assert len({area.region for area in now}) == 9
    parts = [area.part_of_region for area in now if area.region == "London"]
    assert (parts.count("Inner London"), parts.count("Outer London")) == (14, 19)
    assert not any(area.part_of_region for area in now if area.region != "London")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("E08000035", "Leeds"),
        (" e08000035 ", "Leeds"),
        ("leeds", "Leeds"),
        ("Leeds City Council", "Leeds"),
        ("London Borough of Camden", "Camden"),
        ("Hull", "Kingston upon Hull, City of"),
        ("Kingston upon Hull", "Kingston upon Hull, City of"),
        ("Royal Borough of Kingston upon Thames", "Kingston upon Thames"),
        ("City of London", "City of London"),
        ("Brighton & Hove", "Brighton and Hove"),
        ("St Helens", "St. Helens"),
        ("Durham County Council", "County Durham"),
        ("Herefordshire", "Herefordshire, County of"),
        ("Bristol", "Bristol, City of"),
        ("Bournemouth, Christchurch & Poole", "Bournemouth, Christchurch and Poole"),
        ("isle of wight", "Isle of Wight"),
    ],
)
def test_an_authority_is_found_by_code_or_name(text, name):
    assert areas.resolve(text).name == name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("E10000023", "E06000065"),
        ("E10000027", "E06000066"),
        ("E10000002", "E06000060"),
        ("E06000048", "E06000057"),
        ("E08000020", "E08000037"),
        ("E08000016", "E08000038"),
        ("E08000019", "E08000039"),
    ],
)
def test_old_and_new_code_are_one_authority(old, new):
    found = areas.resolve(old)
    assert found is areas.resolve(new)
    assert found.code == new
    assert found.codes == (new, old)
    assert found.valid_to is None
    assert found.existed_on(date(2013, 1, 1))


def test_an_authority_that_was_split_names_what_took_over():
    cumbria = areas.resolve("Cumbria")
    assert cumbria is areas.resolve("E10000006")
    assert cumbria.valid_to == date(2023, 3, 31)
    assert [areas.authority(code).name for code in cumbria.successors] == [
        "Cumberland",
        "Westmorland and Furness",
    ]
    assert areas.resolve("Cumberland").predecessors == ("E10000006",)
    assert not areas.resolve("Cumberland").existed_on(date(2020, 3, 31))
    assert areas.resolve("Dorset").code == "E06000059"
    assert areas.resolve("E10000009").successors == ("E06000058", "E06000059")
    bcp = areas.resolve("BCP")
    assert set(bcp.predecessors) == {"E06000028", "E06000029", "E10000009"}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Leads", "Leeds"),
        ("Camdem", "Camden"),
        ("West Northants", "West Northamptonshire"),
        ("E08000099", "E0800009|E080000"),
        ("", "no authority was named"),
        ("  ", "no authority was named"),
        ("E99999999", "no English authority has this code"),
        ("W06000015", "no English authority has this code"),
    ],
)
def test_what_is_no_authority_is_refused_with_near_names(text, hint):
    with pytest.raises(InputError, match=hint):
        areas.resolve(text)


def test_every_district_lies_in_an_authority_of_today():
    found = areas.districts()
    now = {area.code for area in areas.current()}
    assert set(found.values()) == now
    assert found["E07000048"] == found["E06000028"] == "E06000058"  # Christchurch, Bournemouth
    assert found["E07000028"] == "E06000063"  # Carlisle
    assert found["E07000105"] == "E10000016"  # Ashford
    assert "E10000006" not in found
    assert areas.former_districts()["E07000028"] == "E10000006"


def test_every_change_is_between_known_authorities_with_a_source():
    known = set(codes.table("areas/authorities")["code"])
    changes = codes.table("areas/changes")
    assert set(changes["old_code"]) | set(changes["new_code"]) <= known
    assert changes["source"].ne("").all()
    ends = codes.table("areas/authorities").set_index("code")["valid_to"]
    assert set(ends[ends.ne("")].index) == set(changes["old_code"])
    assert set(codes.table("areas/names")["code"]) <= known


def test_the_district_table_is_that_of_the_ons_file(shared):
    text = (shared / "data/population/ltla_to_utla_april_2023.csv").read_text("utf-8-sig")
    found = areas.districts()
    rows = [row for row in csv.reader(text.splitlines()) if row[0].startswith("E")]
    assert len(rows) == 296
    assert {row[0]: found[row[0]] for row in rows} == {
        row[0]: areas.authority(row[3]).code for row in rows
    }
