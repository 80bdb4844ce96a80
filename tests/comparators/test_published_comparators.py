"""A new release of DfE's is a file dropped in a folder: its figures become comparators."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from builders import read, write_return

from iro_analysis.comparators import lookup

NAME = "cla_number_and_rate_per_10k_children.csv"


@pytest.fixture
def place(tmp_path, shared):
    """An authority beside whose folder a release of a year lies that the suite does not hold."""
    mine = write_return(tmp_path / "mine", "CHILD DECOM LS\nA 01/06/2019 C2")
    (mine / "authority.toml").write_text('ons_code = "E09000006"\n', encoding="utf-8")
    text = (shared / "data" / "dfe" / "release2024" / NAME).read_text(encoding="utf-8-sig")
    head, *rows = text.splitlines()
    newer = [row.replace("2024", "2034", 1) for row in rows if row.startswith("2024,")]
    assert len(newer) > 150
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / NAME).write_text("\n".join([head, *newer]) + "\n", encoding="utf-8")
    return mine


def test_a_release_dropped_in_the_folder_is_used(place):
    authority = read(place)
    day = date(2034, 3, 31)
    assert lookup.comparators("looked_after_rate", "all", "E09000006", day).empty
    found = lookup.comparators(
        "looked_after_rate", "all", "E09000006", day, "per_10000", authority.publications
    )
    # DfE, 2024 release, England and London: 70 and 48 (the file's own rows of 2024).
    assert dict(zip(found["area"], found["value"], strict=True))["England"] == 70
    assert found["source"].str.startswith("Department for Education").all()


def test_what_the_suite_holds_stays_as_it_is(place):
    day = date(2020, 3, 31)
    held = lookup.comparators("looked_after_rate", "all", "E09000006", day)
    more = lookup.comparators(
        "looked_after_rate", "all", "E09000006", day, "per_10000", read(place).publications
    )
    assert held.equals(more)


def test_the_authoritys_own_folder_goes_first_and_none_is_no_fault(place):
    assert len(read(place).publications.files) == 1
    shutil.copytree(place.parent / "published", place / "published")
    shutil.rmtree(place.parent / "published")
    assert len(read(place).publications.files) == 1
    shutil.rmtree(place / "published")
    assert read(place).publications is None
