"""What a run reads and releases once: kept for its notebooks, believed only if it is its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import write_return

from iro_analysis import periods, prepared
from iro_analysis.disclosure.publish import seal, unseal
from iro_analysis.errors import DisclosureError, PeriodError
from iro_analysis.explore import open_authority as explore
from iro_analysis.packing import packed, unpacked
from iro_analysis.runner.prepare import Batch, private_store, released
from iro_analysis.runner.tasks import Task
from iro_analysis.study import Study, open_authority

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("figures_once")]
YEAR = periods.single("2019-20")
ROWS = [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]


@dataclass(frozen=True)
class Note:
    text: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class Stranger:
    text: str


TABLES = {
    "text with gaps, a line break, an accent, a null and half a character": pd.DataFrame(
        {"a": pd.array(["x", None, "", "a\nb", "é\0z", "\ud800"], dtype="str")}
    ),
    "dates with gaps": pd.DataFrame({"a": pd.to_datetime(["2019-05-01", None])}),
    "numbers": pd.DataFrame({"a": [1.5, np.nan, np.inf, -0.0], "b": [1, -2, 3, 2**62]}),
    "yes or no, under an index of its own": pd.DataFrame({"a": [True, False]}, index=[7, 3]),
    "no row": pd.DataFrame({"a": pd.array([], dtype="str"), "b": np.array([], dtype="M8[s]")}),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_comes_back_as_it_was(table):
    pd.testing.assert_frame_equal(unpacked(packed(table)), table, check_exact=True)


def test_a_record_comes_back_as_it_was():
    value = {
        ("a", 1): [Note("x", (date(2019, 4, 1),)), None, True, 1.5, Path("data") / "demo"],
        "when": datetime(2019, 4, 1, 9, 30),
    }
    assert unpacked(packed(value), [Note]) == value


def test_only_what_is_named_comes_back_and_only_what_is_known_goes_in():
    with pytest.raises(ValueError, match="Stranger"):
        unpacked(packed(Stranger("x")), [Note])
    for odd in (object(), {1, 2}, pd.DataFrame({"a": [object()]}), pd.Categorical(["x"])):
        with pytest.raises(TypeError):
            packed(odd)
    for spoilt in (b"", b"\0" * 40, packed(TABLES["numbers"])[:-8]):
        with pytest.raises(ValueError, match="no record"):
            unpacked(spoilt)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run that has released two years of a small authority, and is at its notebooks."""
    data = write_return(tmp_path / "small", ROWS)
    with private_store() as store:
        names = ["2019-20", "2019-20-Q1"]
        tasks = [
            Task(str(data), periods.single(name), str(tmp_path / "out"), "committee", ())
            for name in names
        ]
        made = dict(released(Batch(tasks, open_authority(str(data))), store))
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        yield data, store, made
    assert not store.folder.exists()


def test_a_notebook_of_the_run_shows_what_was_released_and_reads_nothing(run, monkeypatch):
    data, _, made = run
    for path in data.rglob("*.csv"):
        path.unlink()
    monkeypatch.chdir(data.parent)
    for task, study in made.items():
        again = Study.open("small", task.period.name)
        pd.testing.assert_frame_equal(
            again.everything.figures, study.everything.figures, check_exact=True
        )
        assert again.provenance().text == study.provenance().text
        assert again.data_quality().html == study.data_quality().html
        assert again.authority.may_end_early(task.period) == study.authority.may_end_early(
            task.period
        )


def test_a_notebook_for_the_committee_holds_no_child(run):
    data, store, made = run
    assert all(len(study.record.episodes) == len(ROWS) for study in made.values())
    kept = Study.open(str(data), "2019-20").record
    tables = [kept.episodes, kept.periods_of_care, kept.placements]
    tables += [*kept.authority.tables.values(), *kept.authority.lists.values()]
    assert [len(table) for table in tables] == [0] * len(tables)
    assert not kept.authority.account.findings["value"].ne("").any()
    for path in store.folder.iterdir():
        assert not any(row["CHILD"].encode() in path.read_bytes() for row in ROWS)


ASKED_BESIDES = {  # what a notebook of the run may ask for though nobody released it
    "another period": lambda data: Study.open(data, "2019-20-Q2"),
    "another audience": lambda data: Study.open(data, "2019-20", "internal"),
    "another authority": lambda data: Study.open(str(Path(data).parent / "other"), "2019-20"),
    "to explore another period": lambda data: explore(data).ask("looked_after", "2019-20-Q2"),
    "the children": lambda data: explore(data, "internal").record(),
}


@pytest.mark.parametrize("ask", ASKED_BESIDES.values(), ids=ASKED_BESIDES)
def test_a_run_for_the_committee_shows_only_what_it_has_released(run, ask):
    data, _, _ = run
    write_return(data.parent / "other", ROWS)
    with pytest.raises(DisclosureError, match="not released"):
        ask(str(data))._repr_html_()


def test_an_internal_run_works_out_what_it_was_not_asked_for(run, monkeypatch):
    data, store, _ = run
    monkeypatch.setenv(prepared.AUDIENCE, "internal")
    assert prepared.find(data, "", YEAR, "internal") is None
    assert Study.open(str(data), "2019-20", "internal").audience == "internal"
    for path in store.folder.iterdir():
        path.unlink()
    assert prepared.find(data, "", YEAR, "committee") is None
    assert Study.open(str(data), "2019-20").published("looked_after").figures["value"][0] == 40


def test_a_file_that_was_changed_is_refused(run):
    data, store, _ = run
    for path in store.folder.glob("*.study"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DisclosureError, match="changed or cut short"):
        Study.open(str(data), "2019-20")


def test_only_what_the_gate_released_in_this_run_passes_for_published(tmp_path):
    data = open_authority(str(write_return(tmp_path / "small", ROWS)))
    everything = Study.of(data, YEAR, "committee").everything
    sealed = seal(everything, b"the run's own key")
    assert unseal(sealed, b"the run's own key").figures.equals(everything.figures)
    for forged in (sealed[:-1] + b"x", b"\0" * 32 + sealed[32:], sealed[32:]):
        with pytest.raises(DisclosureError, match="changed after they were released"):
            unseal(forged, b"the run's own key")
    with pytest.raises(DisclosureError, match="changed after they were released"):
        unseal(sealed, b"another run's key")


def test_figures_are_released_in_the_order_in_which_the_periods_end(tmp_path):
    data = str(write_return(tmp_path / "small", ROWS))
    names = ["2019-20", "2019-20-Q1", "2024-25", "2019-20-Q2"]
    tasks = [
        Task(data, periods.single(name), str(tmp_path / "out"), "committee", ()) for name in names
    ]
    with private_store() as store:
        found = list(released(Batch(tasks, open_authority(data)), store))
    assert [task.period.name for task, _ in found] == [
        "2019-20-Q1", "2019-20-Q2", "2019-20", "2024-25",
    ]  # fmt: skip
    assert isinstance(found[-1][1], PeriodError)


KEEPER = """
from iro_analysis.runner.prepare import private_store
with private_store() as store:
    (store.folder / "rows.record").write_text("a child")
    print(store.folder, flush=True)
    input()
"""


def begun(temporary: Path) -> tuple[subprocess.Popen, Path]:
    run = subprocess.Popen(
        [sys.executable, "-c", KEEPER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(temporary), "TEMP": str(temporary)},
    )  # fmt: skip
    return run, Path(run.stdout.readline().strip())


@pytest.mark.long
def test_rows_that_a_killed_run_left_go_at_the_next_start_and_a_running_one_keeps_its_own(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (killed, left), (alive, kept) = begun(tmp_path), begun(tmp_path)
    killed.kill()
    killed.communicate()
    assert (left / "rows.record").is_file()
    if sys.platform == "win32":  # whether a process is over is not asked there: a day is waited
        os.utime(left, (time.time() - 25 * 3600,) * 2)
    others = [tmp_path / "iro-run-another-1-x", tmp_path / "iro-notes", tmp_path / "mine-a-1-x"]
    for path in others:
        path.mkdir()
    old = tmp_path / "iro-page-another-1-y"
    old.mkdir()
    os.utime(old, (time.time() - 25 * 3600,) * 2)
    with private_store() as store:
        assert set(tmp_path.iterdir()) == {kept, store.folder, *others}
        if sys.platform != "win32":
            assert store.folder.stat().st_mode & 0o777 == 0o700
    alive.communicate("\n")
    assert set(tmp_path.iterdir()) == set(others)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_in_the_temporary_folder_is_not_followed(tmp_path, monkeypatch):
    temporary, own = tmp_path / "temporary", tmp_path / "own"
    temporary.mkdir()
    own.mkdir()
    (own / "letter.txt").write_text("mine", encoding="utf-8")
    (temporary / "iro-run-another-1-x").symlink_to(own)
    os.utime(own, (time.time() - 25 * 3600,) * 2)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with private_store():
        assert (own / "letter.txt").is_file()
    assert [path.name for path in temporary.iterdir()] == ["iro-run-another-1-x"]
