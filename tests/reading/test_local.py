"""Local lists as services keep them: what cannot be read is no blank; nothing is left unsaid."""

from __future__ import annotations

import pytest
from builders import add_list, read, write_csv, write_return

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import evaluate
from iro_analysis.periods import single

YEAR = "2019-20"
CHILDREN = [f"SYN{i:03}" for i in range(20)]


def returned(folder):
    rows = [{"CHILD": child, "DECOM": "01/05/2018", "LS": "C2"} for child in CHILDREN]
    return write_return(folder, rows)


def figure(authority, measure, breakdown="all", group="all"):
    rows = evaluate.figures(CareRecord.of(authority), single(YEAR), measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples(index=False)
    return row


def balances(authority):
    totals = authority.account.totals()
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["set_aside"] == len(authority.account.rows_set_aside)
    return totals


def disputes(folder, *resolved):
    """Disputes raised on 1 May 2019; resolved on 8 May is in time, on 8 August is not."""
    rows = [{"raised": "01/05/2019", "stage": "Formal", "theme": "Drift", "resolved": day}
            for day in resolved]  # fmt: skip
    write_csv(returned(folder) / "local" / "disputes.csv", list(rows[0]), rows)
    return read(folder)


@pytest.mark.parametrize("strange", ["08-May-19", "43593", "8.5.2019", "01/01/1919"])
def test_an_end_that_cannot_be_read_is_no_open_end(tmp_path, strange):
    found = disputes(tmp_path, *["08/05/2019"] * 9, *["08/08/2019"] * 3, "", strange)
    row = figure(found, "disputes_within_20_working_days")
    assert (row.status, row.numerator, row.denominator) == ("ok", 9, 13)
    assert balances(found)["set_aside"] == 1
    assert not found.account.whole


def test_a_list_of_ends_that_cannot_be_read_is_not_used(tmp_path):
    found = disputes(tmp_path, *["08-May-19"] * 3, *["08/08/2019"] * 3)
    for measure in ("disputes", "disputes_within_20_working_days"):
        row = figure(found, measure)
        assert (row.status, row.note) == (
            "not_available",
            "local/disputes.csv could not be used",
        )
    [line] = found.account.unusable
    assert "resolved holds no date in 3 of 6 rows, more than 10%; expected dd/mm/yyyy" in line
    assert balances(found)["set_aside"] == 6


def test_a_list_of_which_half_the_rows_have_no_date_gives_no_count(tmp_path):
    add_list(returned(tmp_path), "disputes", "raised stage theme resolved\n" + "\n".join(
        ["01/05/2019 A B -"] * 4 + ["01-May-19 A B -"] * 4))  # fmt: skip
    found = read(tmp_path)
    assert figure(found, "disputes").status == "not_available"
    assert balances(found)["set_aside"] == 8


def test_results_that_are_no_number_are_not_read_as_none(tmp_path):
    rows = [{"child": child, "year": "2020", "gcses_any": "8", "gcses_grade4": "5",
             "english_grade4": "1", "maths_grade4": "1"} for child in CHILDREN]  # fmt: skip
    rows[0]["gcses_any"] = rows[0]["gcses_grade4"] = ""
    rows[1]["gcses_any"] = "8 GCSEs"
    write_csv(returned(tmp_path) / "local" / "key_stage_4.csv", list(rows[0]), rows)
    row = figure(read(tmp_path), "gcse_5_any", "cohort_year", "2020")
    assert (row.numerator, row.denominator) == (18, 19)
    for each in rows:
        each["gcses_any"] = "8 GCSEs"
    write_csv(tmp_path / "local" / "key_stage_4.csv", list(rows[0]), rows)
    assert figure(read(tmp_path), "gcse_5_any").note == "local/key_stage_4.csv could not be used"


OFFICERS = """officer role full_time_equivalent started left
A Permanent 1 01/04/2015 {}
B Permanent 1 {} -
C Permanent 1 01/04/2015 -
"""


@pytest.mark.parametrize(("left", "started"), [("31-Mar-19", "01/04/2015"), ("-", "-")])
def test_an_officer_whose_time_cannot_be_told_is_said_to_be_left_out(tmp_path, left, started):
    more = "".join(f"D{i} Permanent 1 01/04/2015 -\n" for i in range(8))
    add_list(returned(tmp_path), "officers", OFFICERS.format(left, started) + more)
    found = read(tmp_path)
    assert figure(found, "officers").value == 10
    assert balances(found)["set_aside"] == 1


@pytest.mark.parametrize("children", ["-", "sixty", "900"])
def test_a_caseload_that_is_not_given_is_no_caseload_of_nobody(tmp_path, children):
    add_list(returned(tmp_path), "officers", OFFICERS.format("-", "01/04/2015"))
    add_list(
        tmp_path, "caseload", f"officer date children\nA 31/03/2020 {children}\nB 31/03/2020 60\n"
    )
    row = figure(read(tmp_path), "caseload_per_officer")
    assert row.status == "not_available"
    assert "1 of the rows of local/caseload.csv of 31 March 2020" in row.note


def suspensions(folder, children, name="suspensions.csv"):
    rows = [{"child": child, "date": "01/06/2019", "days": "2"} for child in children]
    write_csv(folder / "local" / name, ["child", "date", "days"], rows)


def test_a_list_whose_identifiers_are_not_the_returns_is_not_used(tmp_path):
    suspensions(returned(tmp_path), [child.lower() for child in CHILDREN[:4]] + CHILDREN[4:6])
    found = read(tmp_path)
    row = figure(found, "suspended_children")
    assert (row.status, row.note) == ("not_available", "local/suspensions.csv could not be used")
    [line] = found.account.unusable
    assert line.startswith("local/suspensions.csv: 4 of its 6 children dated within the returns")
    balances(found)


def test_a_row_of_a_child_in_no_return_is_said(tmp_path):
    suspensions(returned(tmp_path), [*CHILDREN[:6], "OTHER"])
    found = read(tmp_path)
    assert figure(found, "suspended_children").value == 6
    faults = found.account.findings
    assert list(faults.loc[faults["check"].eq("not_in_any_return"), "line"]) == [8]
    assert not found.account.unusable


def test_a_list_that_reaches_further_back_than_the_returns_is_used(tmp_path):
    suspensions(returned(tmp_path), CHILDREN[:2])
    with (tmp_path / "local" / "suspensions.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(f"OLD{i},01/06/2010,1\n" for i in range(20))
    found = read(tmp_path)
    assert figure(found, "suspended_children").value == 2
    assert "not_in_any_return" not in set(found.account.findings["check"])
    assert not found.account.unusable


@pytest.mark.parametrize("other", ["Suspensions.CSV", "2018/suspensions.csv"])
def test_a_list_given_twice_is_not_half_used(tmp_path, other):
    suspensions(returned(tmp_path), CHILDREN[:3])
    suspensions(tmp_path, CHILDREN[3:9], other)
    found = read(tmp_path)
    assert figure(found, "suspended_children").note == "local/suspensions.csv could not be used"
    [line] = found.account.unusable
    assert line.startswith("local/suspensions.csv: the list is given more than once")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("suspensions.xlsx", "lists are read from CSV; save it as local/suspensions.csv"),
        ("suspensions 2019-20.csv", "did you mean suspensions.csv?"),
        ("suspension.csv", "did you mean suspensions?"),
        ("holiday rota.csv", "no list has this name; iro check --lists"),
    ],
)
def test_a_table_that_is_no_list_is_not_passed_over(tmp_path, name, said):
    suspensions(returned(tmp_path), CHILDREN[:3], name)
    found = read(tmp_path)
    [line] = found.account.unusable
    assert line.startswith(f"local/{name}: ")
    assert said in line


def test_notes_beside_the_lists_are_left_alone(tmp_path):
    suspensions(returned(tmp_path), CHILDREN[:3])
    (tmp_path / "local" / "README.md").write_text("Where the lists come from.", encoding="utf-8")
    found = read(tmp_path)
    assert found.account.whole
    assert figure(found, "suspended_children").value == 3


def test_a_header_below_a_title_is_named_by_its_line(tmp_path):
    suspensions(returned(tmp_path), CHILDREN[:3])
    path = tmp_path / "local" / "suspensions.csv"
    path.write_text(
        "Suspensions 2019-20,,\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8"
    )
    [line] = read(tmp_path).account.unusable
    assert "column names stands in line 3, below a title; delete lines 1 to 2" in line
