"""Every rule, each with a return that breaks it and one that just keeps it."""

from __future__ import annotations

import pytest
from builders import read, write_csv
from good_return import good

from iro_analysis import codes, contracts
from iro_analysis.reading import impact

A, B = "2018-19", "2019-20"


def at(year, module, child, place=0, /, **values):
    """A change of one row."""
    return lambda made: made.row(year, module, child, place).update(values)


def more(year, module, like, /, **values):
    """A further row, like that of a child."""

    def add(made):
        made[year, module].append({**made.row(year, module, like), **values})

    return add


def less(year, module, child, place=0):
    """A row left out."""
    return lambda made: made[year, module].remove(made.row(year, module, child, place))


def several(*changes):
    def change(made):
        for one in changes:
            one(made)

    return change


EP, RV, HD = "Episodes", "Reviews", "Header"
BROKEN = [
    ("no_child", at(B, EP, "SYN10", CHILD="")),
    ("no_key", at(B, EP, "SYN10", DECOM="")),
    ("unreadable_key", at(B, EP, "SYN10", DECOM="5-Apr-18")),
    ("shortened_identifier", at(B, EP, "SYN10", CHILD="1.23E+11")),
    ("unreadable_end", at(B, EP, "SYN10", DEC="soon", REC="E4A")),
    ("end_before_start", at(B, EP, "SYN10", DEC="01/01/2018", REC="E4A")),
    ("unreadable_date", at(B, HD, "SYN10", DOB="11/11/10")),
    ("unreadable_number", at(B, "OC2", "SYN02", SDQ_SCORE="twelve")),
    ("out_of_range", at(B, "OC2", "SYN02", SDQ_SCORE="41")),
    ("unknown_code", at(B, "OC3", "SYN08", ACCOM="Q9")),
    ("unknown_code", at(B, "AD1", "SYN06", SEX_ADOPTR="XX")),
    ("unknown_code", at(B, "OC2", "SYN02", IMMUNISATIONS="maybe")),
    ("code_spelt_out", at(B, "OC2", "SYN02", IMMUNISATIONS="Yes")),
    ("missing_code", at(B, EP, "SYN10", LS="")),
    ("code_of_another_year", at(B, "OC3", "SYN08", ACTIV="F4")),
    ("future_date", at(B, RV, "SYN01", REVIEW="01/05/2020")),
    ("conflict_in_one_year", more(B, EP, "SYN10", LS="C1")),
    ("repeated_row", more(B, EP, "SYN10")),
    ("no_header_row", less(B, HD, "SYN13")),
    ("birth_dates_differ", at(B, RV, "SYN10", DOB="12/11/2010")),
    ("vanished", less(B, EP, "SYN10")),
    ("adult_with_open_episode", at(B, HD, "SYN02", DOB="01/02/2002")),
    ("born_after_start", at(B, HD, "SYN13", DOB="25/03/2020")),
    ("starts_as_adult", at(B, HD, "SYN13", DOB="20/03/2002")),
    ("overlapping_episodes", at(B, EP, "SYN04", DEC="02/08/2019")),
    ("in_two_places", more(B, EP, "SYN10", DECOM="01/06/2019", PL_POST="ZZ9 9ZZ")),
    ("end_without_reason", at(B, EP, "SYN10", REC="E4A")),
    ("less_than_a_day", at(B, EP, "SYN13", DEC="20/03/2020", REC="E4A")),
    ("before_1991", several(at(B, EP, "SYN13", DECOM="13/10/1991"),
                            at(B, HD, "SYN13", DOB="01/01/1990"))),
    ("impossible_age", at(B, HD, "SYN08", DOB="01/04/1993")),
    ("impossible_age", at(B, HD, "SYN08", DOB="01/04/2020")),
    ("continuation_does_not_touch", at(B, EP, "SYN13", RNE="P")),
    ("start_touches", at(B, EP, "SYN04", 1, RNE="S")),
    ("ends_without_continuation", at(B, EP, "SYN05", REC="X1")),
    ("leaves_and_continues", at(B, EP, "SYN04", REC="E4A")),
    ("temporary_without_placement", at(B, EP, "SYN13", PLACE="T4", PLACE_PROVIDER="")),
    ("ends_in_temporary_placement", several(at(B, EP, "SYN01", 1, REC="E4A"),
                                            less(B, EP, "SYN01", 2))),
    ("no_return_from_temporary", at(B, EP, "SYN01", 2, PLACE="K2")),
    ("return_coded_otherwise", at(B, EP, "SYN01", 2, RNE="T")),
    ("corrected_episode", at(B, EP, "SYN10", DECOM="07/04/2018")),
    ("temporary_too_long", at(B, EP, "SYN01", 1, PLACE="T4")),
    ("short_break_too_long", at(B, EP, "SYN09", DEC="23/05/2019")),
    ("short_break_with_a_move", at(B, EP, "SYN09", RNE="P")),
    ("short_breaks_over_75_days", at(B, EP, "SYN09", DEC="20/07/2019")),
    ("two_kinds_of_short_break", more(B, EP, "SYN09", DECOM="01/08/2019", DEC="02/08/2019",
                                      LS="V4")),
    ("change_not_shown", at(B, EP, "SYN04", 1, RNE="P")),
    ("change_not_shown", at(B, EP, "SYN04", 1, RNE="B")),
    ("change_not_shown", at(B, EP, "SYN04", 1, LS="C1")),
    ("change_not_shown", at(B, EP, "SYN04", 1, PLACE="K2")),
    ("parents_under_section_20", at(B, EP, "SYN13", PLACE="P1", PLACE_PROVIDER="PR0")),
    ("parents_as_provider", at(B, EP, "SYN13", PLACE_PROVIDER="PR0")),
    ("provider_not_asked", at(B, EP, "SYN01", 1, PLACE_PROVIDER="PR1")),
    ("provider_missing", at(B, EP, "SYN13", PLACE_PROVIDER="")),
    ("adopted_but_not_placed", at(B, EP, "SYN06", PLACE="U5")),
    ("placed_without_order", at(B, EP, "SYN06", LS="C2")),
    ("guardian_was_no_foster_carer", at(B, EP, "SYN05", PLACE="K2")),
    ("changed_between_returns", at(B, EP, "SYN10", CIN="N3")),
    ("not_in_last_return", less(A, EP, "SYN10")),
    ("review_before_care", at(B, RV, "SYN06", REVIEW="02/04/2019")),
    ("review_not_looked_after", more(B, RV, "SYN04", CHILD="SYN05", DOB="09/09/2012",
                                     REVIEW="20/12/2019")),
    ("review_not_looked_after", more(B, RV, "SYN04", CHILD="SYN09", DOB="06/06/2009",
                                     REVIEW="06/05/2019")),
    ("participation_and_age", at(B, RV, "SYN10", REVIEW_CODE="PN0")),
    ("participation_and_age", at(B, RV, "SYN06", REVIEW_CODE="PN1")),
    ("conviction_and_age", at(B, "OC2", "SYN11", CONVICTED="0")),
    ("conviction_and_age", at(B, "OC2", "SYN02", CONVICTED="")),
    ("development_check_and_age", at(B, "OC2", "SYN11", HEALTH_CHECK="1")),
    ("development_check_and_age", at(B, "OC2", "SYN12", HEALTH_CHECK="")),
    ("intervention_and_offer", at(B, "OC2", "SYN02", INTERVENTION_OFFERED="")),
    ("intervention_and_offer", at(B, "OC2", "SYN02", INTERVENTION_RECEIVED="1")),
    ("outcomes_not_looked_after", more(B, "OC2", "SYN11", CHILD="SYN05", DOB="09/09/2012")),
    ("upn_form", at(B, HD, "SYN10", UPN="I123456789012")),
    ("upn_of_two_children", at(B, HD, "SYN10", UPN="A123456789012")),
    ("identifier_in_two_forms", more(B, HD, "SYN10", CHILD="syn10", UPN="UN5")),
    ("uasc_as_adult", at(B, "UASC", "SYN07", DUC="02/02/2021")),
    ("missing_not_looked_after", at(B, "Missing", "SYN02", CHILD="SYN08", DOB="05/05/2000")),
    ("missing_twice_at_once", at(B, "Missing", "SYN02", 1, MIS_START="06/07/2019")),
    ("decision_without_reason", at(B, "PlacedAdoption", "SYN06", DATE_PLACED_CEASED="01/05/2019")),
]  # fmt: skip
# Rules of whole files, of lists and of regional extracts, and those with returns of their own.
ELSEWHERE = {
    "no_authority", "not_a_module", "column_missing", "too_many_fields", "conflict_in_a_list",
    "too_many_holidays", "independent_under_16", "month_before_day", "nothing_in_the_year",
    "deprived_in_unexpected_place", "deprived_in_forbidden_place",
    "impossible_key", "impossible_value", "more_than_it_is_of", "ends_before_it_begins",
    "unknown_label", "population_of_zero", "unreadable_answer",
    "unreadable_deciding", "impossible_deciding", "list_not_used", "not_in_any_return",
    "before_a_gap",
}  # fmt: skip


def found_in(tmp_path, change):
    made = good()
    change(made)
    account = read(made.write(tmp_path)).account
    totals = account.totals()
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["set_aside"] == len(account.rows_set_aside)
    return account


@pytest.mark.parametrize(
    ("check", "change"), [pytest.param(*row, id=f"{n}-{row[0]}") for n, row in enumerate(BROKEN)]
)
def test_a_rule_finds_what_breaks_it(tmp_path, check, change):
    account = found_in(tmp_path, change)
    assert check in set(account.findings["check"])


def test_every_rule_has_an_example():
    assert {check for check, _ in BROKEN} | ELSEWHERE == set(codes.record("checks"))


KEPT = [
    pytest.param(lambda made: None, id="the return as it is"),
    pytest.param(at(B, "OC2", "SYN02", SDQ_SCORE="40"), id="the highest score"),
    pytest.param(several(at(B, HD, "SYN08", DOB="02/04/1993"),
                         at(B, "OC3", "SYN08", DOB="02/04/1993")), id="25 on the year's first day"),
    pytest.param(at(B, EP, "SYN09", DEC="22/05/2019"), id="a break of 17 days"),
    pytest.param(at(B, RV, "SYN01", REVIEW="31/03/2020"), id="a review on the last day"),
    pytest.param(several(at(B, RV, "SYN06", REVIEW="01/10/2021"), less(B, RV, "SYN06")),
                 id="no review"),
    pytest.param(at(B, "UASC", "SYN07", DUC="01/02/2021"), id="asylum until the 18th birthday"),
    pytest.param(at(B, "Missing", "SYN02", 1, MIS_START="07/07/2019"), id="missing the same day"),
    pytest.param(at(B, HD, "SYN10", UPN="a12345678901b"), id="a UPN with a letter at its end"),
    pytest.param(several(at(B, EP, "SYN13", PLACE="P1", PLACE_PROVIDER="PR0", LS="C2")),
                 id="with parents under a care order"),
]  # fmt: skip


@pytest.mark.parametrize("change", KEPT)
def test_what_just_keeps_the_rules_is_not_found(tmp_path, change):
    assert found_in(tmp_path, change).findings["check"].tolist() == []


def test_a_third_holiday_within_twelve_months_is_found(tmp_path):
    made = good()
    rows = made[B, EP]
    last = made.row(B, EP, "SYN12")
    days = ["01/05/2019", "08/05/2019", "01/06/2019", "08/06/2019", "01/07/2019", "08/07/2019"]
    last.update(DEC=days[0], REC="X1")
    for number, day in enumerate(days):
        absent = number % 2 == 0
        rows.append({**last, "DECOM": day, "RNE": "P", "PLACE": "T3" if absent else "U6",
                     "PLACE_PROVIDER": "" if absent else "PR4", "PL_POST": "" if absent else
                     last["PL_POST"], "DEC": (days[number + 1 :] or [""])[0],
                     "REC": "X1" if number < 5 else ""})  # fmt: skip
    assert set(read(made.write(tmp_path)).account.findings["check"]) == {"too_many_holidays"}


@pytest.mark.parametrize(("born", "found"), [("01/04/2008", True), ("01/04/2007", False)])
def test_supported_accommodation_is_from_16_since_october_2023(tmp_path, born, found):
    from builders import write_return

    rows = [{"CHILD": "SYN1", "DECOM": "01/11/2023", "PLACE": "H5"}]
    write_return(tmp_path, rows, "2023-24", [{"CHILD": "SYN1", "DOB": born}])
    checks = set(read(tmp_path).account.findings["check"])
    assert ("independent_under_16" in checks) == found


UNEXPECTED, FORBIDDEN = "deprived_in_unexpected_place", "deprived_in_forbidden_place"


@pytest.mark.parametrize(
    ("place", "order", "found"),
    [
        ("K2", "01/05/2026 01/06/2026", set()),
        ("Z12", "01/05/2026 01/06/2026", set()),
        ("Z13", "01/05/2026 01/06/2026", set()),
        ("Z11", "01/05/2026 01/06/2026", {UNEXPECTED}),
        ("U6", "01/05/2026 01/06/2026", {UNEXPECTED}),
        ("U6", "01/05/2026 -", set()),  # the rule asks for both dates
        ("U6", "01/03/2026 14/04/2026", set()),  # over the day before the placement
        ("U6", "01/03/2026 15/04/2026", {UNEXPECTED}),
        ("K1", "01/05/2026 01/06/2026", {FORBIDDEN}),
        ("P1", "01/05/2026 01/06/2026", {FORBIDDEN}),
        ("K3", "01/05/2026 01/06/2026", {FORBIDDEN}),
        ("R5", "01/05/2026 01/06/2026", {FORBIDDEN}),
    ],
)
def test_placements_while_deprived_of_liberty(tmp_path, place, order, found):
    from builders import add_module, write_return

    provider = "" if place.startswith("Z") else "PR0" if place == "P1" else "PR1"
    rows = [{"CHILD": "SYN1", "DECOM": "15/04/2026", "PLACE": place, "PLACE_PROVIDER": provider,
             "LS": "C2"}]  # fmt: skip
    write_return(tmp_path, rows, "2026-27", [{"CHILD": "SYN1", "SEX": "F", "DOB": "15/06/2010"}])
    orders = f"CHILD DOLO_START DOLO_END\nSYN1 {order}"
    add_module(tmp_path, "dolo", orders, "2026-27", DOB="15/06/2010")
    checks = set(read(tmp_path).account.findings["check"])
    assert checks & {UNEXPECTED, FORBIDDEN} == found


def test_a_placement_that_ended_on_the_day_an_order_began_is_not_meant(tmp_path):
    from builders import add_module, write_return

    born = {"DOB": "15/06/2010"}
    first = {"CHILD": "SYN1", "DECOM": "05/04/2026", "LS": "C2", "DEC": "01/05/2026", "REC": "X1"}
    then = {"CHILD": "SYN1", "DECOM": "01/05/2026", "LS": "C2", "RNE": "P", "PLACE": "K2",
            "PL_POST": "ZZ3 3CC"}  # fmt: skip
    write_return(tmp_path, [first, then], "2026-27", [{"CHILD": "SYN1", "SEX": "F", **born}])
    orders = "CHILD DOLO_START DOLO_END\nSYN1 01/05/2026 01/06/2026"
    add_module(tmp_path, "dolo", orders, "2026-27", **born)
    assert not set(read(tmp_path).account.findings["check"]) & {UNEXPECTED, FORBIDDEN}


def test_every_rule_names_columns_that_exist_and_a_number():
    numbers = {}
    for name, record in codes.record("checks").items():
        assert record["number"], name
        if record["number"][0] == "A":
            numbers.setdefault(record["number"], []).append(name)
        for column in record["columns"]:
            if column != impact.ANY:
                module, _, statutory = column.partition(".")
                known = {c.statutory for c in contracts.modules()[module].columns}
                assert statutory in known, (name, column)
    assert all(len(names) == 1 for names in numbers.values())


MOVED = [
    ("unknown_code", "ETHNIC", "Header", "ethnicity_share", True),
    ("unknown_code", "ETHNIC", "Header", "placement_changes", False),
    ("unknown_code", "CIN", "Episodes", "looked_after [need]", True),
    ("unreadable_key", "DECOM", "Episodes", "looked_after", True),
    ("unreadable_date", "DOB", "Header", "age_share", True),
    ("unreadable_date", "DOB", "Reviews", "age_share", True),
    ("unreadable_key", "date", "suspensions", "looked_after", False),
    ("upn_form", "UPN", "Header", "looked_after", False),
    ("not_a_module", "", "", impact.ANY_MEASURE, True),
    ("conflict_in_a_list", "child", "key_stage_4", "gcse_5_grade4", True),
]


@pytest.mark.parametrize(("check", "column", "module", "measure", "moved"), MOVED)
def test_a_fault_moves_the_measures_that_need_what_is_at_fault(
    check, column, module, measure, moved
):
    assert (measure in impact.measures_moved(check, column, module)) == moved


def test_a_fault_moves_at_most_the_children_it_is_of(tmp_path):
    change = several(*(at(B, EP, child, PLACE_PROVIDER="") for child in ("SYN02", "SYN13")),
                     at(B, EP, "SYN01", 2, PLACE_PROVIDER=""),
                     at(B, EP, "SYN01", 0, PLACE_PROVIDER=""),
                     at(B, EP, "SYN12", CHILD=""), at(B, EP, "SYN11", CHILD=""))  # fmt: skip
    account = found_in(tmp_path, change)
    kinds = impact.summary(account).set_index("check")
    assert kinds.loc["provider_missing", ["count", "children"]].tolist() == [4, 3]
    assert kinds.loc["no_child", ["count", "children"]].tolist() == [2, 2]
    assert "looked_after [provision]" in kinds.loc["provider_missing", "measures"]
    every = impact.findings(account)
    assert set(every.loc[every["check"] == "no_child", "children_at_most"]) == {2}
    assert "child" not in every


def test_a_conflict_in_a_list_is_found_and_its_measure_named(tmp_path):
    place = good().write(tmp_path)
    columns = ["child", "year", "gcses_any", "gcses_grade4", "english_grade4", "maths_grade4"]
    rows = [dict(zip(columns, ["SYN02", "2019", n, "5", "1", "1"], strict=True)) for n in "56"]
    write_csv(place / "local" / "key_stage_4.csv", columns, rows)
    [kind] = impact.summary(read(place).account).itertuples()
    assert (kind.check, kind.children) == ("conflict_in_a_list", 1)
    assert any(name.startswith("gcse") for name in kind.measures)
