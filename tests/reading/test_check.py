"""What `iro check` says and writes: for the head of service, and for the analyst."""

from __future__ import annotations

import csv

import openpyxl
import pandas as pd
import pytest
from builders import read
from good_return import good

from iro_analysis.cli.command import main
from iro_analysis.reading import impact
from iro_analysis.runner import findings, outputs

B, EP = "2019-20", "Episodes"


def spoilt(tmp_path):
    made = good()
    made.row(B, EP, "SYN10").update(DECOM="=HYPERLINK(1)", LS="C2")
    made.row(B, EP, "SYN11").update(LS="@Q9")
    made.row(B, EP, "SYN12").update(LS="\x07<script>alert(1)</script>")
    made.row(B, EP, "SYN13").update(PLACE_PROVIDER="")
    return made.write(tmp_path / "council")


@pytest.fixture
def checked(tmp_path, capsys):
    status = main(["check", str(spoilt(tmp_path)), "--out", str(tmp_path / "out")])
    return status, capsys.readouterr(), tmp_path / "out" / "internal" / "council" / "check"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_summary_says_what_it_means_for_the_figures(checked):
    status, said, _ = checked
    assert status == 1
    plain = " ".join(said.out.split())
    assert "1 rows are not counted: figures may miss 1 children at most." in said.out
    assert "3 rows are counted with a value read as not known, of 3 children at most." in said.out
    assert "It moves no figure by more than one child." in plain
    assert "2 x LS holds a code of no year's list [A14], first in 2019-20/episodes.csv" in plain
    assert "Expected: a code of the list (accepted: C1, C2, E1," in plain
    assert "Can move: all of Children looked after" in plain
    assert "by 2 children at most" in plain
    assert said.out.index("What was found") < said.out.index("Rows by file")
    assert "findings.xlsx" in said.out
    assert "\x07" not in said.out + said.err


def test_the_full_list_names_every_fault_its_measures_and_children(checked):
    _, _, place = checked
    rows = rows_of(place / "findings.csv")
    [provider] = [row for row in rows if row["check"] == "provider_missing"]
    assert provider["number"] == "178"
    assert (provider["line"], provider["severity"]) == ("15", "value ignored")
    assert "looked_after [provision]" in provider["measures"]
    assert provider["children_at_most"] == "1"
    assert "child" not in provider
    kinds = rows_of(place / "summary.csv")
    assert sum(int(kind["count"]) for kind in kinds) == len(rows)
    assert len(rows_of(place / "rows_set_aside.csv")) == 1
    totals = rows_of(place / "reconciliation.csv")
    assert all(int(r["read"]) == int(r["used"]) + int(r["set_aside"]) for r in totals)


def test_nothing_in_the_list_can_be_a_formula(checked):
    _, _, place = checked
    with (place / "findings.csv").open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not any(cell.lstrip()[:1] in ("=", "+", "-", "@") for cell in cells if cell)
    book = openpyxl.load_workbook(place / "findings.xlsx")
    assert book.sheetnames == ["Kinds of fault", "Every fault", "Rows by file"]
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in values} <= {"s", "n", "inlineStr"}
    assert "'=HYPERLINK(1)" in {cell.value for cell in values}
    assert "'@Q9" in {cell.value for cell in values}


def test_a_good_return_gives_an_empty_list(tmp_path, capsys):
    place = good().write(tmp_path / "council")
    assert main(["check", str(place), "--out", str(tmp_path / "out")]) == 0
    assert "Nothing was found" in capsys.readouterr().out
    assert rows_of(tmp_path / "out" / "internal" / "council" / "check" / "findings.csv") == []


def test_where_the_list_cannot_be_written_it_is_said_in_one_line(tmp_path, capsys):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    assert main(["check", str(spoilt(tmp_path)), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert "cannot be written" in said.err.splitlines()[-1]
    assert "What was found" in said.out


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "\n=1", "\uff1d1"],
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert outputs.harmless(text) == f"'{text}"


def test_a_workbook_takes_any_text(tmp_path):
    table = pd.DataFrame({"a": ["=1+1", "x" * 40_000, "\x00\x1f\ufffe", "ok"], "b": [1, 2, 3, 4]})
    findings.write_workbook({"A": table}, tmp_path / "a.xlsx")
    [sheet] = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    assert [cell.value for cell in sheet["B"]] == ["b", 1, 2, 3, 4]
    assert sheet["A2"].value == "'=1+1"
    assert len(sheet["A3"].value) == 32_767


def test_words_for_measures():
    moved = impact.measures_moved("unknown_code", "CIN", "Episodes")
    assert "by main need when care began" in impact.in_words(moved)
    assert impact.in_words(()) == "no figure of the report"
    assert impact.in_words((impact.ANY_MEASURE,)) == "any figure of the report"


def test_findings_of_a_sheet_of_a_workbook_name_their_module(tmp_path):
    made = good()
    made.row(B, EP, "SYN13").update(PLACE_PROVIDER="")
    account = read(made.write(tmp_path)).account
    assert set(impact.findings(account)["module"]) == {EP}


def test_measures_that_move_are_all_named():
    every = impact.measures_moved("no_key", "DECOM", "Episodes")
    said = impact.in_words(every)
    assert "all of Placements" in said
    assert " more" not in said.replace("three or more", "")


def council(tmp_path, settings, commentary=""):
    place = good().write(tmp_path / "council")
    (place / "authority.toml").write_text(settings, encoding="utf-8")
    if commentary:
        (place / "commentary").mkdir()
        (place / "commentary" / "2019-20.md").write_text(commentary, encoding="utf-8")
    return place


def _head(lines):
    return f"+++\n{lines}\n+++\n"


@pytest.mark.parametrize(
    ("settings", "commentary", "said"),
    [
        ('ons_code = "E08000999"', "", "ons_code E08000999: no English authority has this code"),
        ('ons_code = "Leads"', "", "ons_code Leads: no English authority has this name"),
        ('[cover]\ndat = "10 March 2021"', "", "'dat' is no fact of the cover sheet"),
        ("", "+++\ntitel = \"x\"\n+++\n", "commentary/2019-20.md: 'titel' is no fact"),
        ("", "## Reviews\n\n{{ looked_afte }}\n",
         "commentary/2019-20.md, line 3: 'looked_afte' is no measure; did you mean looked_after?"),
        ("", "## Reviews\n{{ looked_after | sexx | Male }}\n", "has no breakdown 'sexx'"),
        ("", _head("owner.disputes = 'Head of Service'"),
         "owner.disputes: nothing is said to be done; expected response.disputes"),
        ("", _head("response.disputes = 'x'\nby.disputes = 2020-03-31"),
         "by.disputes is 31 March 2020; expected a day after the period"),
        ("", _head("for_you.by = 2020-03-31"),
         "for_you.by is 31 March 2020; expected a day after the period"),
        ("", _head("for_you.by = 'soon'"), "for_you.by should be a date, such as 2021-06-30"),
        ("", _head("for_you.who = 'x'"), 'expected for_you.owner = "..." and for_you.by = 2021'),
        ("", _head("response.disputes = 'x'\nby.disputes = 'soon'"),
         "by.disputes should be a date, such as 2021-06-30"),
        ("", _head("response.disputes = 'x'\nby.disputes = 2021-06-30T10:00:00"),
         "by.disputes should be a date, such as 2021-06-30"),
        ("", _head("response.disputes = 'x'\nowner.disputs = 'y'"),
         "owner.disputs: no such measure; did you mean disputes?"),
        ("", _head("response.disputes = 'x'\nowner.disputes = 3"), "owner.disputes should be text"),
        ("", _head("by = 2021-06-30"), "expected lines such as by.disputes = 2021-06-30"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_settings_and_commentary_is_found(
    tmp_path, capsys, settings, commentary, said
):
    place = council(tmp_path, settings, commentary)
    assert main(["check", str(place), "--out", str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err


def test_a_name_is_taken_for_the_ons_code(tmp_path):
    assert read(council(tmp_path, 'ons_code = "London Borough of Bromley"')).ons_code == "E09000006"


def test_a_missing_authority_toml_is_said(tmp_path, capsys):
    place = good().write(tmp_path / "council")
    assert main(["check", str(place), "--out", str(tmp_path / "out")]) == 0
    assert "authority.toml was not given" in capsys.readouterr().out
