"""One-line changes to the code that counts: the tests notice those that matter most."""

from __future__ import annotations

import subprocess
import sys

import code_changes
import mutants
import pytest

# Each of these went unnoticed once: the change, and the example that now notices it.
ONCE_UNNOTICED = [
    (
        "cohorts/reviews:_when_placed: pairs['placed'] < day -> pairs['placed'] <= day",
        "test_a_review_on_the_day_of_being_placed_for_adoption_keeps_the_ordinary_timetable",
    ),
    (
        "indicators/placements:moves: rows['number'] > 1 -> rows['number'] >= 1",
        "test_a_first_placement_is_no_change_of_placement",
    ),
    (
        "cohorts/record:CareRecord._seeking_asylum: ceased > people['day']"
        " -> ceased >= people['day']",
        "test_who_ceased_to_be_unaccompanied_on_the_day_is_no_longer",
    ),
]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="changes are made in forked processes")
def test_what_once_went_unnoticed_is_noticed_and_what_no_test_calls_is_not(project):
    untested = "cohorts/siblings:_families: "
    siblings = code_changes.changes("cohorts/siblings")
    other = next(c.name for c in siblings if c.name.startswith(untested))
    changes = [change for change, _ in ONCE_UNNOTICED]
    asked = [part for name in [*changes, other] for part in ("--change", name)]
    tests = [f"{project}/tests/indicators/test_edges.py::{test}" for _, test in ONCE_UNNOTICED]
    done = subprocess.run(
        [sys.executable, project / "tests" / "mutants.py", *asked, "--tests", *tests],
        capture_output=True, text=True, encoding="utf-8", cwd=project, timeout=900, check=False,
    )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if " -> " in line]
    for name, test in ONCE_UNNOTICED:
        [line] = [line for line in said if name in line]
        assert line.startswith("killed"), line
        assert test in line
    assert any(line.startswith("no test") and other in line for line in said), done.stderr
    assert f"not reviewed: {other}" in said


def test_every_reviewed_survivor_is_a_change_of_today_with_a_reason():
    today = {change.name for change in code_changes.every_change()}
    rows = mutants.reviewed()
    names = [row["change"] for row in rows]
    assert len(names) == len(set(names))
    assert [name for name in names if name not in today] == []
    assert {row["verdict"] for row in rows} <= {"equivalent", "no figure", "to do"}
    assert all(len(row["why"]) > 10 for row in rows)
