"""Returns as councils give them: what is read, what is refused, and what the figures do."""

from __future__ import annotations

import csv
import shutil
from datetime import date, timedelta

import pytest
from builders import EPISODES, add_list, add_module, read, write_csv, write_return

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import breakdowns, evaluate
from iro_analysis.periods import single
from iro_analysis.reading import repairs
from iro_analysis.reading.authority import read_authority
from iro_analysis.study import Study

YEAR = "2019-20"
OUTCOMES = {
    "DOB": "15/06/2006", "SDQ_SCORE": "10", "CONVICTED": "0", "IMMUNISATIONS": "1",
    "TEETH_CHECK": "1", "HEALTH_ASSESSMENT": "1", "SUBSTANCE_MISUSE": "0",
}  # fmt: skip


def children(number, **values):
    rows = [{"CHILD": f"SYN{i:03}", "DECOM": "01/05/2018", "LS": "C2"} for i in range(number)]
    return [{**row, **values} for row in rows]


def figure(authority, measure, period=YEAR, breakdown="all", group="all"):
    rows = evaluate.figures(CareRecord.of(authority), single(period), measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples(index=False)
    return row


def outcomes(folder, answers, number=40):
    """A return of children looked after for the year, some answers in place of the good ones."""
    write_return(folder, children(number))
    rows = [{"CHILD": f"SYN{i:03}", **OUTCOMES, **answers(i)} for i in range(number)]
    write_csv(folder / "ssda903" / YEAR / "oc2.csv", list(rows[0]), rows)
    return read(folder)


@pytest.mark.parametrize(
    ("yes", "no"), [("Y", "N"), ("Yes", "No"), ("TRUE", "false"), ("1 - Yes", "0 - No"), ("t", "f")]
)
def test_an_answer_that_can_mean_one_thing_is_read_as_it(tmp_path, yes, no):
    found = outcomes(tmp_path, lambda i: {"HEALTH_ASSESSMENT": no if i < 5 else yes})
    row = figure(found, "health_assessment")
    assert (row.status, row.numerator, row.denominator) == ("ok", 35, 40)
    assert found.account.totals()["repaired"] == 40
    assert not found.account.whole


def test_an_answer_that_can_mean_anything_is_never_no(tmp_path):
    found = outcomes(tmp_path, lambda i: {"HEALTH_ASSESSMENT": "X" if i < 5 else "1"})
    row = figure(found, "health_assessment")
    assert row.status == "not_available"
    assert "HEALTH_ASSESSMENT holds no code that is known in 5 of 40 rows of OC2" in row.note
    assert figure(found, "immunisations").status == "ok"


def test_a_few_answers_not_known_are_named_with_the_figure(tmp_path):
    found = outcomes(tmp_path, lambda i: {"HEALTH_ASSESSMENT": "X" if i < 3 else "1"})
    row = figure(found, "health_assessment")
    assert (row.status, row.numerator, row.denominator) == ("ok", 37, 40)
    assert "not known for 3 of 40" in row.note


def interviews(folder, answers):
    write_return(folder, children(30))
    rows = [
        {"CHILD": f"SYN{i:03}", "MISSING_START": f"{i % 28 + 1:02}/06/2019", "OFFERED": "1",
         "HELD": answer}
        for i, answer in enumerate(answers)
    ]  # fmt: skip
    write_csv(folder / "local" / "return_interviews.csv", list(rows[0]), rows)
    return read(folder)


def test_an_answer_in_a_list_that_is_neither_yes_nor_no_is_not_counted_as_no(tmp_path):
    found = interviews(tmp_path, ["1"] * 16 + ["no"] * 4 + ["planned"])
    row = figure(found, "return_interviews")
    assert (row.status, row.numerator, row.denominator) == ("ok", 16, 20)
    assert found.account.totals()["set_aside"] == 1
    assert "held holds neither yes nor no (planned)" in found.account.rows_set_aside.to_string()


def test_a_list_of_answers_that_can_mean_anything_is_not_used(tmp_path):
    found = interviews(tmp_path, ["1"] * 16 + ["planned"] * 4)
    assert figure(found, "return_interviews").status == "not_available"
    [line] = [line for line in found.account.unusable if "return_interviews" in line]
    assert "held holds neither yes nor no in 4 of 20 rows" in line
    assert not found.account.whole


def test_a_committee_is_told_of_a_few_unknown_answers_without_their_number(tmp_path):
    found = outcomes(tmp_path, lambda i: {"HEALTH_ASSESSMENT": "X" if i < 3 else "01"[i < 25]})
    for audience, said in (("internal", "3 of 40"), ("committee", "a few of 40")):
        figures = Study.of(found, single(YEAR), audience).everything.figures
        [row] = figures[figures["measure"].eq("health_assessment")
                        & figures["breakdown"].eq("all")].itertuples()  # fmt: skip
        assert row.note == f"not known for {said}: the code is of no list"


@pytest.mark.parametrize(
    ("list_name", "text", "code"),
    [
        ("participation", "PN1 - CHILD ATTENDS", "PN1"), ("ethnicity", "WHITE BRITISH", "WBRI"),
        ("sex", "FEMALE", "2"), ("need", "ABUSE OR NEGLECT (N1)", "N1"),
        ("need", "N1: ABUSE", "N1"),
        ("legal_status", "C2 - INTERIM CARE ORDER", ""), ("yes_or_no", "1 - NO", ""),
        ("ethnicity", "WHITE", ""), ("yes_or_no", "MAYBE", ""), ("placement", "U", ""),
    ],
)  # fmt: skip
def test_a_code_written_out_is_read_only_where_it_can_mean_one(list_name, text, code):
    assert repairs.as_code(text, list_name) == code


def test_every_label_of_every_list_is_read_as_its_code():
    lists = {c["code_list"] for _, c in codes.table("return_columns").iterrows()} - {""}
    for name in sorted(lists):
        rows = codes.CodeList(name).rows
        for row in rows.itertuples(index=False):
            read_as = repairs.as_code(row.label.upper(), name)
            assert codes.CodeList(name).column("label")[read_as] == row.label, (name, row.label)


@pytest.mark.parametrize(
    "word", ["N/A", "#N/A", "-", "NULL", "01/01/1900", "1900-01-01 00:00:00", "n/a", "31/12/9999"]
)
def test_a_word_for_nothing_leaves_an_episode_open(tmp_path, word):
    rows = children(12)
    for row in rows[:9]:
        row["DEC"] = word
    found = read(write_return(tmp_path, rows))
    assert figure(found, "looked_after").value == 12
    totals = found.account.totals()
    assert (totals["repaired"], totals["set_aside"]) == (9, 0)
    assert any("9 values read as blank" in line for line in found.account.remarks)


def test_a_placeholder_in_a_local_list_is_blank(tmp_path):
    write_return(tmp_path, children(2))
    rows = "raised stage theme resolved\n02/05/2019 Formal Drift N/A\n03/05/2019 Formal Drift -"
    add_list(tmp_path, "disputes", rows)
    found = read(tmp_path)
    assert found.lists["disputes"]["resolved"].isna().all()
    assert found.account.findings.query("check == 'unreadable_date'").empty


def test_where_many_rows_cannot_be_used_nothing_is_counted_from_the_rest(tmp_path):
    rows = children(40)
    for row in rows[:5]:
        row["DEC"] = "some day"
    found = read(write_return(tmp_path, rows))
    row = figure(found, "looked_after")
    assert row.status == "not_available"
    assert "5 of 40 rows of Episodes of 2019-20 cannot be used, more than 10%" in row.note


def test_where_few_rows_cannot_be_used_the_rest_is_counted(tmp_path):
    rows = children(40)
    for row in rows[:4]:
        row["DEC"] = "some day"
    assert figure(read(write_return(tmp_path, rows)), "looked_after").value == 36


REVIEWS = "\n".join(["CHILD REVIEW REVIEW_CODE", *(f"SYN{i:03} 15/02/2019 PN1" for i in range(12))])


def last_years(folder):
    for year in ("2018-19", YEAR):
        write_return(folder, children(24), year)
        add_module(folder, "reviews", REVIEWS, year, DOB="15/06/2010")
    return read(folder)


def test_last_years_files_in_this_years_folder_are_named_and_not_used(tmp_path):
    found = last_years(tmp_path)
    said = "\n".join(found.account.unusable)
    assert "2019-20/episodes.csv holds 2018-19's episodes: the latest date is 1 May 2018" in said
    assert "2019-20/reviews.csv holds 2018-19's reviews: the latest date is 15 Feb" in said
    assert not found.account.whole
    for measure in ("looked_after", "started", "reviews_held"):
        assert figure(found, measure).status == "not_available"
        assert figure(found, measure, "2018-19").status == "ok"


def test_a_year_in_which_nobody_started_is_no_other_years_return(tmp_path):
    write_return(tmp_path, children(20), "2018-19")
    found = read(write_return(tmp_path, children(15)))
    assert not found.unfit
    assert "nothing_in_the_year" in set(found.account.findings["check"])
    assert figure(found, "looked_after").value == 15


def test_next_years_files_in_this_years_folder_are_named(tmp_path):
    rows = children(12) + [
        {"CHILD": f"NEW{i}", "DECOM": "01/06/2020", "LS": "C2"} for i in range(4)
    ]
    found = read(write_return(tmp_path, rows))
    [line] = found.account.unusable
    assert line.startswith("2019-20/episodes.csv holds 2020-21's episodes: the latest date is 1 Ju")


def resubmitted(folder, older, newer):
    write_return(folder, older)
    rows = [{**dict.fromkeys(EPISODES, ""), "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6",
             "PLACE_PROVIDER": "PR1", **row} for row in newer]  # fmt: skip
    write_csv(folder / "ssda903" / YEAR / "resubmission.csv", EPISODES, rows)
    return read(folder)


def test_a_superseded_open_row_of_a_resubmitted_file_does_not_go_on_counting(tmp_path):
    ended = {"CHILD": "SYN009", "DECOM": "01/05/2018", "DEC": "01/07/2019", "REC": "E4A"}
    newer = [*children(9), ended]
    found = resubmitted(tmp_path, [*children(12), {"CHILD": "GONE", "DECOM": "02/05/2018"}], newer)
    assert figure(found, "looked_after").value == 9
    assert figure(found, "ceased").value == 1
    [line] = found.account.unusable
    assert "2019-20/resubmission.csv, which is newer (its latest date is 1 July 2019)" in line
    totals = found.account.totals()
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["replaced"] == 13


def test_two_parts_of_one_return_are_both_used(tmp_path):
    others = [{"CHILD": f"OTHER{i}", "DECOM": "01/05/2018"} for i in range(5)]
    found = resubmitted(tmp_path, children(5), others)
    assert figure(found, "looked_after").value == 10
    assert found.account.unusable == []


def test_of_an_open_and_an_ended_row_of_one_episode_the_ended_one_counts(tmp_path):
    rows = [*children(3), {**children(3)[0], "DEC": "01/07/2019", "REC": "E4A"}]
    found = read(write_return(tmp_path, rows))
    assert "conflict_in_one_year" in set(found.account.findings["check"])
    assert figure(found, "looked_after").value == 2
    assert figure(found, "ceased").value == 1


def test_a_file_with_the_month_first_is_named_and_not_used(tmp_path):
    write_return(tmp_path, children(6))
    rows = "\n".join(
        ["CHILD REVIEW REVIEW_CODE", *(f"SYN00{i} 05/2{i}/2019 PN1" for i in range(4))]
    )
    add_module(tmp_path, "reviews", rows, YEAR, DOB="06/15/2010")
    found = read(tmp_path)
    [line] = found.account.unusable
    assert line.startswith("2019-20/reviews.csv: this file looks like mm/dd/yyyy")
    assert found.account.totals()["set_aside"] == 4
    assert len(found.account.rows_set_aside) == 4


def test_identifiers_that_lost_their_zeros_in_one_file_are_named(tmp_path):
    rows = [{"CHILD": f"000{i}", "DECOM": "01/05/2018"} for i in range(1, 8)]
    write_return(tmp_path, rows)
    reviews = "\n".join(["CHILD REVIEW REVIEW_CODE", *(f"{i} 05/06/2019 PN1" for i in range(1, 8))])
    found = read(add_module(tmp_path, "reviews", reviews, YEAR, DOB="15/06/2010"))
    assert "7 of 7 identifiers have lost the zeros in front" in found.account.unusable[0]
    assert figure(found, "reviews_held").status == "not_available"
    assert figure(found, "looked_after").value == 7


def test_a_year_without_episodes_is_named(tmp_path):
    write_return(tmp_path, children(3))
    write_return(tmp_path, children(3), "2020-21")
    (tmp_path / "ssda903" / "2020-21" / "episodes.csv").unlink()
    found = read(tmp_path)
    assert found.returns == (2019,)
    assert found.account.unusable[0].startswith("2020-21: no Episodes file was given with 2020-21/")


def test_what_cannot_be_opened_is_named_with_what_to_do(tmp_path):
    place = write_return(tmp_path, children(3)) / "ssda903" / YEAR
    (place / "return.zip").write_bytes(b"PK\x03\x04")
    (place / "return.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    text = (place / "episodes.csv").read_text(encoding="utf-8")
    (place / "titled.csv").write_text(f"Episodes 2019-20\n\n{text}", encoding="utf-8")
    said = "\n".join(read(tmp_path).account.unusable)
    assert "return.zip: a zip archive; unpack it" in said
    assert "return.xls: an Excel workbook of the old form; save it as .xlsx or CSV" in said
    assert "titled.csv: the header with the column names stands in line 3" in said
    assert "delete lines 1 to 2" in said


def corrected(folder, before, after):
    write_return(folder, before)
    write_return(folder, after, "2020-21")
    return read(folder)


def one(**values):
    return {"CHILD": "SYN1", "DECOM": "01/05/2019", "LS": "C2", **values}


def test_a_start_corrected_in_the_next_return_is_one_episode(tmp_path):
    late = {"CHILD": "SYN2", "DECOM": "30/03/2020"}
    found = corrected(
        tmp_path, [one(), late], [one(DECOM="03/05/2019"), {**late, "DECOM": "02/04/2020"}]
    )
    assert figure(found, "started").value == 1
    assert figure(found, "started", "2020-21").value == 1
    assert figure(found, "placements_in_year", breakdown="placements", group="1").value == 1
    totals = found.account.totals()
    assert totals["corrected"] == 2
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert set(found.account.findings["check"]) == {"corrected_episode"}


@pytest.mark.parametrize(
    "change",
    [
        {"DECOM": "03/05/2019", "DEC": "01/09/2020", "REC": "E4A"},  # it has ended since
        {"DECOM": "20/05/2019", "LS": "C1", "PLACE": "U4"},  # codes too, within the month
        {"DECOM": "01/12/2019"},  # all but the start agrees
        {"LS": "V2"},  # the same key: a later return's codes win
    ],
)
def test_what_corrects_an_episode(tmp_path, change):
    found = corrected(tmp_path, [one()], [one(**change)])
    assert len(found.tables["episodes"]) == 1
    assert figure(found, "looked_after").value == 1


@pytest.mark.parametrize(
    "change",
    [
        {"DECOM": "01/12/2019", "LS": "C1"},  # another status, months later
        {"DECOM": "03/05/2019", "RNE": "P"},  # another kind of beginning
        {"DECOM": "03/05/2019", "PL_POST": "ZZ9 9ZZ"},  # another place
        {"CHILD": "SYN9", "DECOM": "03/05/2019"},
    ],
)
def test_what_corrects_no_episode(tmp_path, change):
    found = corrected(tmp_path, [one()], [one(**change)])
    assert len(found.tables["episodes"]) == 2
    assert found.account.totals()["corrected"] == 0


def test_an_episode_that_follows_one_with_a_corrected_end_begins_no_new_period_of_care(tmp_path):
    first = one(DEC="10/09/2019", REC="X1")
    second = one(DECOM="10/09/2019", RNE="P", PL_POST="ZZ3 3CC")
    found = corrected(tmp_path, [first, second], [{**second, "DECOM": "13/09/2019"}])
    assert figure(found, "started").value == 1
    assert figure(found, "ceased").value == 0
    assert figure(found, "placements_in_year", breakdown="placements", group="2").value == 1


def day(text):
    return date(*(int(part) for part in reversed(text.split("/"))))


@pytest.mark.slow
def test_starts_moved_in_the_next_return_move_no_other_figure(tmp_path, demo):
    shutil.copytree(demo, tmp_path / "demo")
    place = tmp_path / "demo" / "ssda903"
    before = CareRecord.of(read(demo))
    file = next(f for f in (place / "2020-21").iterdir() if "episodes" in f.name.lower())
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    in_year = [row for row in rows if date(2019, 4, 1) <= day(row["DECOM"]) < date(2020, 4, 1)]
    for row in in_year[::11]:
        row["DECOM"] = (day(row["DECOM"]) + timedelta(days=3)).strftime("%d/%m/%Y")
    write_csv(file, list(rows[0]), rows)
    assert len(in_year[::11]) >= 12
    after = CareRecord.of(read(tmp_path / "demo"))
    for measure, value in (("three_or_more_placements", 33), ("started", 122)):
        [row] = evaluate.figures(after, single(YEAR), measure, "all").itertuples(index=False)
        assert row.numerator == value
    [now], [then] = (
        evaluate.figures(each, single(YEAR), "looked_after", "all")["value"]
        for each in (after, before)
    )
    assert now == then
    assert after.authority.account.totals()["corrected"] >= len(in_year[::11])


def test_who_vanished_before_the_year_is_in_no_denominator_of_it(tmp_path):
    write_return(tmp_path, children(20))
    write_return(tmp_path, children(15), "2020-21")
    rows = "CHILD MISSING MIS_START MIS_END\nSYN001 M 01/06/2020 02/06/2020"
    found = read(add_module(tmp_path, "missing", rows, "2020-21", DOB="15/06/2010"))
    row = figure(found, "children_missing", "2020-21")
    assert (row.numerator, row.denominator) == (1, 15)


def test_who_ceased_on_the_first_day_was_looked_after_in_the_year(tmp_path):
    write_return(tmp_path, children(20))
    rows = children(20)
    rows[0].update(DEC="01/04/2020", REC="E4A")
    write_return(tmp_path, rows, "2020-21")
    rows = "CHILD MISSING MIS_START MIS_END\nSYN001 M 01/06/2020 02/06/2020"
    found = read(add_module(tmp_path, "missing", rows, "2020-21", DOB="15/06/2010"))
    assert figure(found, "children_missing", "2020-21").denominator == 20


REGION = [
    {**row, "LA": ("Kent", "Leeds")[i % 2], "YEAR": str(year)}
    for year in (2019, 2020)
    for i, row in enumerate(children(40))
]
OFFICERS = """officer role full_time_equivalent started left authority
    One Permanent 1 01/04/2015 - Kent
    Two Permanent 0.6 01/04/2015 - Leeds
    Three Permanent 1 01/04/2015 - leeds"""


def region(folder, settings="", officers=OFFICERS):
    rows = [{**dict.fromkeys(EPISODES, ""), "RNE": "S", "CIN": "N1", "PLACE": "U6",
             "PLACE_PROVIDER": "PR1", **row} for row in REGION]  # fmt: skip
    write_csv(folder / "ssda903" / "episodes.csv", [*EPISODES, "LA", "YEAR"], rows)
    add_list(folder, "officers", officers)
    (folder / "authority.toml").write_text(settings, encoding="utf-8")
    return {one.name: one for one in read_authority(folder)}


def test_each_authority_of_a_regional_extract_has_its_own_settings_and_lists(tmp_path):
    found = region(
        tmp_path, '[authorities.Kent]\nons_code = "E10000016"\n[authorities."leeds"]\nname = "L"\n'
    )
    assert sorted(found) == ["Kent", "L"]
    assert (found["Kent"].ons_code, found["L"].ons_code) == ("E10000016", "")
    assert list(found["L"].lists["officers"]["officer"]) == ["Two", "Three"]
    assert list(found["Kent"].lists["officers"]["officer"]) == ["One"]
    assert all(one.account.whole for one in found.values())
    assert any("gives no ons_code" in line for line in found["L"].account.remarks)


def test_a_list_of_a_region_that_cannot_be_told_apart_is_given_to_nobody(tmp_path):
    without = "\n".join(line.rpartition(" ")[0] for line in OFFICERS.splitlines())
    for one in region(tmp_path, officers=without).values():
        assert "officers" not in one.lists
        assert "which authority each row belongs to cannot be told" in one.account.unusable[0]


ALIKE = """officer role full_time_equivalent started left authority
    R1 Permanent 1 01/04/2015 - Kent
    R1 Permanent 1 01/04/2015 - Leeds
    R2 Permanent 1 01/04/2015 - Kent
    R2 Permanent 0.5 01/04/2016 - Leeds
    R2 Permanent 0.8 01/04/2016 - LEEDS"""
SIZES = """reference_date breakdown group value source authority
    30/06/2019 all all 330000 invented Kent
    30/06/2019 all all 170000 invented Leeds
    30/06/2019 age_band Under_1 18000 invented Kent
    30/06/2019 age_band 1_to_4 8000 invented Leeds"""


def test_rows_of_two_authorities_that_are_alike_are_no_repeats(tmp_path):
    """Each of them numbers its officers from R1; the second row of Leeds's own R2 is the later."""
    add_list(tmp_path, "population", SIZES)
    found = region(tmp_path, officers=ALIKE)
    time = {
        name: list(one.lists["officers"]["full_time_equivalent"]) for name, one in found.items()
    }
    assert time == {"Kent": [1, 1], "Leeds": [1, 0.8]}
    assert {name: list(one.lists["population"]["value"]) for name, one in found.items()} == {
        "Kent": [330000, 18000], "Leeds": [170000, 8000],
    }  # fmt: skip
    said = "\n".join(line for one in found.values() for line in one.account.remarks)
    lacking = "local/population.csv, Kent: age_band of 30/06/2019 has no row for 1 to 4, 5 to 9"
    assert lacking in said
    checks = [check for one in found.values() for check in one.account.findings["check"]]
    assert checks.count("conflict_in_a_list") == 1
    assert "repeated_row" not in checks


def test_a_misspelt_authority_in_the_settings_is_named(tmp_path):
    found = region(tmp_path, '[authorities."Leads"]\nons_code = "E08000035"\n')
    said = "\n".join(found["Leeds"].account.unusable)
    assert 'authority.toml: [authorities."Leads"] is no authority of the extract' in said
    assert "did you mean Leeds?" in said


CENSUS = """reference_date breakdown group value source
    30/06/2019 ethnicity White:_Total 20000 invented
    30/06/2019 ethnicity Black,_Black_British,_Black_Welsh,_Caribbean_or_African 3000 invented
    30/06/2019 ethnicity Other_ethnic_group 0 invented
    30/06/2019 ethnicity Martian 10 invented
    30/06/2019 age_band Aged_5_to_9_years 6000 invented"""


def test_the_labels_of_the_census_are_read_and_others_are_named(tmp_path):
    write_return(tmp_path, children(5))
    found = read(add_list(tmp_path, "population", CENSUS))
    assert list(found.lists["population"]["group"]) == [
        "White", "Black, African, Caribbean or Black British", "Other ethnic group", "5 to 9",
    ]  # fmt: skip
    [line] = found.account.unusable
    assert line.startswith("local/population.csv line 5: 'Martian' is no group of ethnicity")
    assert "Mixed or multiple ethnic groups" in line
    checks = found.account.findings
    assert list(checks.loc[checks["check"] == "population_of_zero", "line"]) == [4]


def test_the_labels_of_the_census_are_those_of_the_breakdowns():
    for breakdown, groups in codes.record("list_checks")["labels"].items():
        if breakdown != "all":
            known = breakdowns.groups(breakdown)
            assert set(groups) <= set(known)


@pytest.mark.parametrize(
    ("name", "rows", "check"),
    [
        ("officers", "officer role full_time_equivalent started left\nA Permanent 37 01/04/2015 -",
         "impossible_value"),
        ("midway_reviews", "child date\nSYN000 01/05/1919", "impossible_key"),
        ("suspensions", "child date days\nSYN000 01/05/2019 -2", "impossible_value"),
        ("key_stage_4", "child year gcses_any gcses_grade4 english_grade4 maths_grade4\n"
         "SYN000 2019 5 6 1 1", "more_than_it_is_of"),
        ("disputes", "raised stage theme resolved\n02/05/2019 A B 01/05/2019",
         "ends_before_it_begins"),
    ],
)  # fmt: skip
def test_what_cannot_be_in_a_list_is_found(tmp_path, name, rows, check):
    write_return(tmp_path, children(2))
    found = read(add_list(tmp_path, name, rows.replace(" - ", " - ")))
    assert check in set(found.account.findings["check"])
    totals = found.account.totals()
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["set_aside"] == len(found.account.rows_set_aside)
