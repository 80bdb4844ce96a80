"""What a finding says of its effect is what the figures do: with the fault, and without it."""

from __future__ import annotations

import pytest
from good_return import good
from test_rules import EP, HD, RV, B, at

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import evaluate
from iro_analysis.periods import single
from iro_analysis.reading.authority import read_authority

pytestmark = pytest.mark.slow

CORE = [
    ("looked_after", "all"), ("started", "all"), ("ceased", "all"), ("looked_after", "age_band"),
    ("looked_after", "legal_status"), ("looked_after", "provision"), ("reviews_held", "all"),
    ("placements_in_year", "placements"), ("children_missing", "all"),
]  # fmt: skip


def figures(tmp_path, change, wanted):
    made = good()
    change(made)
    [authority] = read_authority(made.write(tmp_path))
    record = CareRecord.of(authority)
    found = {}
    for measure, breakdown in wanted:
        rows = evaluate.figures(record, single(B), measure, breakdown)
        for row in rows.itertuples(index=False):
            value = row.numerator if row.status == "ok" else row.status
            found[measure, breakdown, row.group] = value
    return found, set(authority.account.findings["check"])


def moved(tmp_path, check, change, wanted=CORE):
    """What a fault moves: figure -> value without it, value with it."""
    before, clean = figures(tmp_path / "without", lambda made: None, wanted)
    after, found = figures(tmp_path / "with", change, wanted)
    assert check in found
    assert check not in clean
    keys = before | after
    return {
        key: (before.get(key, 0), after.get(key, 0))
        for key in keys
        if before.get(key, 0) != after.get(key, 0)
    }


def says(check, words):
    assert words in codes.record("checks")[check]["effect"]


def test_a_move_after_an_absence_counts_where_rne_says_so(tmp_path):
    says("no_return_from_temporary", "where RNE says that the carer changed (P, B)")
    change = at(B, EP, "SYN01", 2, PLACE="K2")
    found = moved(tmp_path / "P", "no_return_from_temporary", change)
    assert found["placements_in_year", "placements", "2"][1] == (
        found["placements_in_year", "placements", "2"][0] + 1
    )
    other = at(B, EP, "SYN01", 2, PLACE="K2", RNE="L", LS="C2")
    found = moved(tmp_path / "L", "no_return_from_temporary", other)
    assert not [key for key in found if key[0] == "placements_in_year"]


def test_a_return_that_is_coded_otherwise_moves_no_figure(tmp_path):
    says("return_coded_otherwise", "no move is counted")
    assert moved(tmp_path, "return_coded_otherwise", at(B, EP, "SYN01", 2, RNE="T")) == {}


def test_a_blank_legal_status_is_not_known_and_an_unknown_one_other(tmp_path):
    key = ("looked_after", "legal_status")
    says("missing_code", "in the group Not known")
    found = moved(tmp_path / "a", "missing_code", at(B, EP, "SYN10", LS=""))
    assert found[*key, "Not known"] == (0, 1)
    says("unknown_code", "legal status: Other")
    found = moved(tmp_path / "b", "unknown_code", at(B, EP, "SYN10", LS="Q9"))
    assert found[*key, "Other"] == (0, 1)
    assert {name[:2] for name in found} == {key}


@pytest.mark.parametrize(("child", "counts"), [("SYN05", 1), ("SYN08", 0)])
def test_who_goes_missing_counts_where_looked_after_in_the_period(tmp_path, child, counts):
    says("missing_not_looked_after", "where the child is looked after at some time in the period")
    born = {"SYN05": "09/09/2012", "SYN08": "05/05/2000"}[child]

    def change(made):
        row = {**made.row(B, "Missing", "SYN02"), "CHILD": child, "DOB": born}
        row.update(MIS_START="05/02/2020", MIS_END="06/02/2020")
        made[B, "Missing"].append(row)

    found = moved(tmp_path, "missing_not_looked_after", change, [("children_missing", "all")])
    before, after = found.get(("children_missing", "all", "all"), (1, 1))
    assert after == before + counts


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("upn_form", at(B, HD, "SYN10", UPN="I123456789012")),
        ("provider_not_asked", at(B, EP, "SYN01", 1, PLACE_PROVIDER="PR1")),
        ("leaves_and_continues", at(B, EP, "SYN04", REC="E4A")),
        ("birth_dates_differ", at(B, RV, "SYN10", DOB="12/11/2010")),
        ("code_spelt_out", at(B, EP, "SYN10", LS="Full care order")),
    ],
)
def test_what_no_figure_depends_on_moves_none(tmp_path, check, change):
    assert moved(tmp_path, check, change) == {}
