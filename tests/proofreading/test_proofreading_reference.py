"""The words, subjects and layouts by which reports and DfE's files are read."""

from __future__ import annotations

import re
from datetime import date

import pytest

from iro_analysis import catalogue, codes
from iro_analysis.comparators.publications import mapped, mapping
from iro_analysis.contracts import UNITS
from iro_analysis.indicators.breakdowns import groups
from iro_analysis.proofreading import words

SUBJECTS = {k: v for k, v in codes.record("audit_subjects").items() if k != "source"}
# Breakdowns whose groups a measure names itself.
GROUPS = {
    ("ceased", "reason"): codes.REASON_CEASED.groups("group"),
    ("placement_changes", "reason"): codes.REASON_PLACE_CHANGE.groups(),
}


@pytest.mark.parametrize(
    "name",
    ["audit_words", "audit_subjects", "audit_checks", "published_layouts", "published_measures"],
)
def test_every_record_names_its_source(name):
    assert len(codes.record(name)["source"]) > 20


def test_every_other_name_of_an_area_has_a_source_and_stands_once():
    rows = codes.table("published_areas")
    assert rows["name"].is_unique
    assert rows.ne("").all().all()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_means_a_measure_breakdown_and_group_of_the_suite(name):
    record = SUBJECTS[name]
    assert record["unit"] in UNITS
    assert all(re.compile(pattern) for pattern in record["patterns"])
    if (breakdown := record.get("breakdown")) and record["measure"] in catalogue.measures():
        assert breakdown in catalogue.measure(record["measure"]).breakdowns
        known = codes.record("breakdowns")[breakdown].get("groups", [])
        assert record["group"] in known or record["group"] == "{year}"
    if "groups" in record:
        labels = set(codes.CodeList(record["code_list"]).groups("group"))
        assert {*record["groups"], *record["left_out_of_total"]} <= labels


@pytest.mark.parametrize(("name", "by"), mapped())
def test_a_published_measure_says_where_its_cells_are(name, by):
    record = mapping(name, by)
    assert record["cells"]
    for cell in record["cells"]:
        assert ("lait" in cell) != ("value" in cell)
        assert cell.get("value", "count") in ("count", "percent", "rate")
    assert ("groups" in record) == (by != "all")
    known = GROUPS.get((name, by)) or codes.record("breakdowns")[by].get("groups", [])
    known = known or groups(by, date(2024, 3, 31))
    assert set(record.get("groups", {})) <= set(known)


def test_every_pattern_of_the_words_can_be_read():
    for part in ("direction", "sums", "counted", "bases", "fractions"):
        for name, listed in words.section(part).items():
            for pattern in listed if isinstance(listed, list) else []:
                assert re.compile(pattern), name
    assert words.passed_over()
    assert words.areas()


def test_every_known_exception_says_why_and_who_says_so():
    for one in codes.record("published_layouts")["exceptions"]:
        assert {"file", "year", "area", "count", "total", "printed", "why", "source"} == set(one)
