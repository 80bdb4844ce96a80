"""Where outputs go: for publication, internal, the ledger outside both; and what is noticed."""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import write_return

from iro_analysis import periods
from iro_analysis.errors import AnalysisError, InputError, OutputError
from iro_analysis.runner import inputs, old_outputs, run
from iro_analysis.runner.ledger import Ledger
from iro_analysis.runner.places import Places
from iro_analysis.runner.prepare import Batch, private_store, released
from iro_analysis.runner.register import Register
from iro_analysis.runner.sheets import Sheet
from iro_analysis.runner.tasks import Task
from iro_analysis.study import open_authority

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_once")]
YEAR = periods.single("2019-20")


def children(number=40):
    return [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(number)]


@pytest.fixture
def data(tmp_path):
    return write_return(tmp_path / "data" / "small", children())


def make(data, out, audience="committee", pages=("report",), text="page", ledger=""):
    """Make a report as a run does, of pages that are there already."""
    task = Task(str(data), YEAR, str(out), audience, (), ledger=ledger)
    with private_store() as store:
        [(_, study)] = released(Batch([task], open_authority(str(data))), store)
        if isinstance(study, AnalysisError):
            raise study
        sheets = [Sheet(name, f"<p>{text}", "{}") for name in pages]
        return run.assemble(task, study, sheets, datetime.now(UTC))


def register(data, out, **more):
    return Register(Path(data), False, Places(Path(out), "small", **more))


def of_small(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_the_folder_for_publication_holds_nothing_else(data, tmp_path):
    out = tmp_path / "out"
    make(data, out)
    make(data, out, "internal")
    assert of_small(out / "small") == [
        "2019-20", "2019-20/comparisons.csv", "2019-20/figures.csv",
        "2019-20/figures.xlsx", "2019-20/manifest.json", "2019-20/report.html",
        "2019-20/report.ipynb", "index.html",
    ]  # fmt: skip
    assert of_small(out / "internal" / "small" / "2019-20") == [
        "committee_manifest.json", "comparisons.csv", "figures.csv", "figures.xlsx",
        "findings.csv", "manifest.json", "reconciliation.csv", "report.html", "report.ipynb",
        "rows_set_aside.csv", "working_lists.xlsx",
    ]  # fmt: skip
    assert not any("ledger" in path.name for path in out.rglob("*"))
    ledger = Places(out, "small").ledger
    assert out not in ledger.parents
    assert (ledger / "000001-2019-20.json").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
@pytest.mark.parametrize(
    "umask",
    [
        pytest.param(0o000, marks=pytest.mark.long),
        0o022,
        pytest.param(0o277, marks=pytest.mark.long),
    ],
)
def test_what_is_internal_is_closed_to_others_whatever_the_umask(data, tmp_path, umask):
    out = tmp_path / "out"
    before = os.umask(umask & 0o077)
    try:
        make(data, out)
        make(data, out, "internal")
        make(data, out, pages=["report", "reviews"])
    finally:
        os.umask(before)
    for top in (out / "internal", tmp_path / ".iro", data / ".iro"):
        for path in [top, *top.rglob("*")]:
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert (out / "small" / "2019-20").stat().st_mode & 0o755 == 0o755


def test_the_first_report_has_nothing_to_say_and_its_repetition_neither(data, tmp_path):
    assert register(data, tmp_path / "out").notices() == []
    assert make(data, tmp_path / "out").problems == []
    assert register(data, tmp_path / "out").notices() == []
    assert make(data, tmp_path / "out").problems == []


def test_a_second_folder_of_outputs_is_noticed(data, tmp_path):
    make(data, tmp_path / "out")
    [line] = register(data, tmp_path / "other").notices()
    assert str(tmp_path / "out") in line
    assert "--ledger" in line
    # With the same ledger both folders are one history, and there is nothing to say.
    same = Places(tmp_path / "out", "small").ledger.parent
    assert register(data, tmp_path / "other", ledgers=same).notices() == []
    make(data, tmp_path / "other", ledger=str(same))
    assert len(list(same.glob("small/0*.json"))) == 1


def test_data_that_are_copied_remember_where_reports_were_made(data, tmp_path):
    make(data, tmp_path / "out")
    copy = tmp_path / "elsewhere" / "small"
    shutil.copytree(data, copy)
    [line] = register(copy, tmp_path / "elsewhere" / "out").notices()
    assert str(tmp_path / "out") in line


def test_the_mark_in_the_data_is_no_input(data, tmp_path):
    make(data, tmp_path / "out")
    assert (data / ".iro" / "identity.json").is_file()
    authority = open_authority(str(data))
    assert not any(".iro" in path.parts for path in authority.sources)
    assert authority.account.unusable == []


def test_a_lost_ledger_is_noticed(data, tmp_path):
    out = tmp_path / "out"
    make(data, out)
    shutil.rmtree(tmp_path / ".iro")
    [line] = register(data, out).notices()
    assert "does not know (2019-20)" in line
    assert "bring the ledger back" in line
    shutil.rmtree(out)  # the reports are gone from here as well: they may hang somewhere
    [line] = register(data, out).notices()
    assert "is not there any more" in line


def test_a_report_that_the_ledger_does_not_know_is_noticed(data, tmp_path):
    out = tmp_path / "out"
    make(data, out)
    shutil.copytree(out / "small" / "2019-20", out / "small" / "2018-19")
    [line] = register(data, out).notices()
    assert "holds 1 reports" in line
    assert "(2018-19)" in line


def test_a_copied_ledger_is_noticed_and_one_that_moved_is_not(data, tmp_path):
    out, moved = tmp_path / "a" / "out", tmp_path / "b" / "out"
    make(data, out)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert any("is a copy of" in line for line in register(data, moved).notices())
    shutil.rmtree(tmp_path / "a")
    assert not any("is a copy of" in line for line in register(data, moved).notices())
    make(data, moved)
    assert register(data, moved).notices() == []


def test_a_ledger_of_other_data_is_noticed(data, tmp_path):
    out = tmp_path / "out"
    make(data, out)
    other = write_return(tmp_path / "another" / "small", children(60))
    make(other, tmp_path / "another" / "out")
    lines = register(other, out).notices()
    assert any("was begun with other data" in line for line in lines)


def test_a_ledger_that_cannot_be_written_stops_the_report_in_one_line(data, tmp_path):
    (tmp_path / ".iro").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(OutputError, match="--ledger DIR names another place") as stopped:
        make(data, tmp_path / "out")
    assert len(stopped.value.lines) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["internal", "Audit"])
def test_an_authority_cannot_have_the_name_of_an_internal_folder(tmp_path, name):
    data = write_return(tmp_path / name, children(3))
    [(_, refused)] = inputs.authorities([str(data)])
    assert isinstance(refused, InputError)
    assert "rename it" in str(refused)


def old_run(out):
    """What a run of an earlier version has left."""
    kept = out / "small" / "2019-20" / "internal"
    kept.mkdir(parents=True)
    (kept / "rows_set_aside.csv").write_text("old", encoding="utf-8")
    (kept / "notes.txt").write_text("mine", encoding="utf-8")
    (out / "small" / "2018-19" / "internal").mkdir(parents=True)


def test_old_internal_files_are_named_and_moved_with_their_report(data, tmp_path):
    out = tmp_path / "out"
    old_run(out)
    [line] = old_outputs.notices(Places(out, "small"))
    assert str(Path("small", "2018-19", "internal")) in line
    [said] = make(data, out).problems
    assert "were moved to" in said
    inside = out / "internal" / "small" / "2019-20"
    assert (inside / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (inside / "rows_set_aside.csv").read_text(encoding="utf-8") != "old"
    assert not (out / "small" / "2019-20" / "internal").exists()
    [line] = old_outputs.notices(Places(out, "small"))
    assert "2019-20" not in line


def test_an_old_ledger_is_named_and_moved_and_goes_on_protecting(data, tmp_path):
    out = tmp_path / "out"
    make(data, out)
    places = Places(out, "small")
    old = out / old_outputs.LEDGER / "small"
    old.mkdir(parents=True)
    shutil.move(places.ledger / "000001-2019-20.json", old)
    shutil.rmtree(tmp_path / ".iro")
    assert any("left the ledger in the folder" in line for line in old_outputs.notices(places))
    make(data, out)
    assert not (out / old_outputs.LEDGER).exists()
    assert [path.name for path in places.ledger.glob("0*.json")] == ["000001-2019-20.json"]
    with Ledger(places).deciding():
        assert len(Ledger(places).releases()) == 1


def test_two_ledgers_are_not_mixed(data, tmp_path):
    out = tmp_path / "out"
    make(data, out)
    old = out / old_outputs.LEDGER / "small"
    old.mkdir(parents=True)
    shutil.copy(Places(out, "small").ledger / "000001-2019-20.json", old)
    with pytest.raises(OutputError, match="there is another"):
        make(data, out)


@pytest.mark.long
def test_a_page_that_is_not_made_again_stays_while_the_figures_are_the_same(data, tmp_path):
    place = tmp_path / "out" / "small" / "2019-20"
    make(data, tmp_path / "out", pages=["report", "reviews"])
    (place / "minutes.txt").write_text("not the suite's", encoding="utf-8")
    assert make(data, tmp_path / "out").problems == []
    assert (place / "reviews.html").is_file()
    assert (place / "minutes.txt").is_file()
    named = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert "reviews.html" in named
    assert "minutes.txt" not in named


def test_a_page_that_would_contradict_the_report_is_archived_and_named(data, tmp_path):
    out = tmp_path / "out"
    place = out / "small" / "2019-20"
    make(data, out, pages=["report", "reviews"])
    before = (place / "figures.csv").read_bytes()
    page = (place / "reviews.html").read_bytes()
    write_return(data, children(48))
    [line] = make(data, out).problems
    assert "reviews.html, reviews.ipynb" in line
    assert not (place / "reviews.html").exists()
    [away] = (out / "internal" / "small" / "2019-20" / "replaced").iterdir()
    assert (away / "figures.csv").read_bytes() == before != (place / "figures.csv").read_bytes()
    assert (away / "reviews.html").read_bytes() == page
    held = json.loads((away / "manifest.json").read_text(encoding="utf-8"))
    assert any(name.startswith("ssda903/") for name in held["inputs"])


@pytest.mark.long
def test_a_printed_page_goes_with_the_words_of_the_report(data, tmp_path):
    out = tmp_path / "out"
    place = out / "small" / "2019-20"
    make(data, out)
    (place / "report.pdf").write_bytes(b"%PDF-")
    held = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    held["outputs"]["report.pdf"] = ""
    (place / "manifest.json").write_text(json.dumps(held), encoding="utf-8")
    assert make(data, out).problems == []
    assert (place / "report.pdf").is_file()
    [line] = make(data, out, text="another commentary").problems
    assert "report.pdf" in line
    assert not (place / "report.pdf").exists()
