"""Every case of ../shared/cases gives what its README says should come.

Each is the smallest input of its kind; the kinds as a whole are tested in the room of their rule.
"""

from __future__ import annotations

import pytest

from iro_analysis.cli import command
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators.evaluate import figures
from iro_analysis.periods import single
from iro_analysis.reading.authority import read_authority
from iro_analysis.study import Study

pytestmark = pytest.mark.slow

HEALTH = "health_assessment"
# case, period, measure, numerator, denominator
COUNTED = [
    ("z1_and_blank_provider", "2019-20", "looked_after", 40, 40),
    ("nobody_in_the_year", "2019-20", "looked_after", 0, 0),
    ("oc2_yes_no", "2019-20", HEALTH, 35, 40),
    ("placeholders_for_open", "2019-20", "looked_after", 40, 40),
    ("placed_for_adoption_then_fostered", "2019-20", "long_term_stability", 0, 1),
    ("population_", "2019-20", "looked_after_rate", 60, 29500),
    ("start_corrected_in_next_return", "2019-20", "started", 2, 2),
    ("start_corrected_in_next_return", "2020-21", "started", 1, 1),
    ("start_corrected_in_next_return", "2019-20", "three_or_more_placements", 0, 2),
    ("temporary_absences", "2019-20", "looked_after", 3, 3),
    ("vanished_between_returns", "2020-21", "children_missing", 1, 15),
]


@pytest.fixture(scope="module")
def cases(shared):
    """Read each case once, by the beginning of its name."""
    held = {}

    def read(name):
        if name not in held:
            [folder] = (shared / "cases").glob(f"{name}*")
            held[name] = read_authority(folder)
        return held[name]

    return read


@pytest.mark.parametrize(("case", "period", "measure", "numerator", "denominator"), COUNTED)
def test_a_case_is_counted_as_it_should_be(cases, case, period, measure, numerator, denominator):
    [authority] = cases(case)
    found = figures(CareRecord.of(authority), single(period), measure, "all").iloc[0]
    assert (found["status"], found["numerator"], found["denominator"]) == (
        "ok", numerator, denominator,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case", "checks"),
    [
        ("z1_and_blank_provider", {"provider_missing"}),
        ("oc2_yes_no", {"code_spelt_out"}),
        ("start_corrected_in_next_return", {"corrected_episode"}),
        ("vanished_between_returns", {"vanished"}),
        ("population_", {"population_of_zero"}),
        ("temporary_absences", {"return_coded_otherwise", "no_return_from_temporary"}),
    ],
)
def test_what_is_wrong_with_a_case_is_found_and_no_row_is_lost(cases, case, checks):
    [authority] = cases(case)
    totals = authority.account.totals()
    assert totals["read"] == totals["used"]
    assert set(authority.account.findings["check"]) >= checks


def test_last_years_files_make_no_figure_of_this_year(cases):
    [authority] = cases("last_years_files_in_this_years_folder")
    record = CareRecord.of(authority)
    for measure in ("looked_after", "started", "ceased"):
        found = figures(record, single("2019-20"), measure, "all").iloc[0]
        assert found["status"] == "not_available"
        assert "2019-20/episodes.csv holds 2018-19's episodes" in found["note"]


def test_moves_of_one_child_are_hidden_whatever_their_number(cases):
    [authority] = cases("eight_moves_of_one_child")
    shown = Study.of(authority, single("2019-20"), "committee").everything.figures
    for measure in ("placement_changes", "midway_reviews"):
        rows = shown[shown["measure"] == measure]
        assert len(rows)
        assert not rows["numerator"].between(1, 11).any()


def test_each_authority_of_an_extract_is_read_by_itself(cases):
    found = cases("regional_extract")
    assert [each.name for each in found] == ["Kent", "Leeds"]
    officers = [
        figures(CareRecord.of(each), single("2019-20"), "officers", "all").iloc[0] for each in found
    ]
    assert [each["status"] for each in officers] == ["not_available"] * 2


def test_the_audit_finds_percentages_that_their_counts_do_not_give(shared, tmp_path, capsys):
    path = shared / "cases" / "audit" / "percentages_without_counts.md"
    assert command.main(["audit", str(path), "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "7.6" in said
    assert "34%" in said
    assert "67%" in said


def test_the_audit_reads_a_known_name_of_a_column(shared, tmp_path, capsys):
    path = shared / "cases" / "audit" / "unknown_column.csv"
    assert command.main(["audit", str(path), "--out", str(tmp_path)]) == 1
    assert "60" in capsys.readouterr().out
