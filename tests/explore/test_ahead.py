"""Work done ahead of a question gives the same answers, and waits for its turn."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from dataclasses import replace

import pytest
from good_return import good
from jupyter_client.manager import start_new_kernel
from pandas.testing import assert_frame_equal

from iro_analysis import periods, prepared
from iro_analysis.errors import InputError
from iro_analysis.explore import ahead, remembered
from iro_analysis.explore.explorer import Explorer
from iro_analysis.study import Study

SHOWN, NEXT = "2019-20", periods.single("2018-19")


@pytest.fixture
def at_once(monkeypatch):
    """A notebook open in JupyterLab, without pauses."""
    monkeypatch.setenv(remembered.NOTEBOOK, "mine.ipynb")
    monkeypatch.setattr(ahead, "FIRST_PAUSE", 0)
    monkeypatch.setattr(ahead, "PAUSE", 0)


async def begun(explorer, turn, waits):
    """Begin, and answer nothing else until there is nothing more to wait for."""
    ahead.begin(explorer, [SHOWN], turn)
    while waits():
        await asyncio.sleep(0)


def some_turns(count=20):
    """Return what says for so many turns of the loop that there is something to wait for."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def test_a_year_worked_out_ahead_is_the_year_worked_out_when_asked(tmp_path, at_once):
    explorer = Explorer(str(good().write(tmp_path)), "committee")
    asyncio.run(begun(explorer, threading.RLock(), lambda: NEXT not in explorer._studies))
    found = explorer._studies[NEXT]
    asked = Study.of_record(replace(explorer._record), NEXT, "committee")
    assert_frame_equal(found.everything.figures, asked.everything.figures)
    assert found.everything.certificate == asked.everything.certificate
    assert found.everything.release == asked.everything.release
    assert explorer.study("2018-19") is found


@pytest.mark.long
def test_a_kernel_does_it_between_its_cells(tmp_path):
    place = good().write(tmp_path)
    (tmp_path / "outputs").mkdir()  # a project of its own, in which the view is remembered
    opened = f"""
from iro_analysis.explore import open_authority
authority = open_authority({str(place)!r})
shown = authority.panel("started", period={SHOWN!r}).widget
"""
    ready = f"assert any(each.name == {NEXT.name!r} for each in authority._studies)"
    manager, client = start_new_kernel(
        cwd=str(tmp_path), env={**os.environ, remembered.NOTEBOOK: "mine.ipynb"}
    )
    try:
        said = client.execute_interactive(opened, timeout=300, output_hook=lambda _: None)
        assert said["content"]["status"] == "ok", said["content"]
        for _ in range(200):
            said = client.execute_interactive(ready, timeout=300, output_hook=lambda _: None)
            if said["content"]["status"] == "ok":
                break
            time.sleep(1)
        assert said["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_step_waits_while_a_question_is_answered(tmp_path, at_once, monkeypatch):
    done, turn = [], threading.RLock()
    monkeypatch.setattr(ahead, "steps", lambda *_: iter(lambda: done.append(1), 0))
    explorer = Explorer(str(good().write(tmp_path)), "committee")
    held, let_go = threading.Event(), threading.Event()

    def question():
        with turn:
            held.set()
            let_go.wait(20)

    asking = threading.Thread(target=question)
    asking.start()
    assert held.wait(20)
    asyncio.run(begun(explorer, turn, some_turns()))
    let_go.set()
    asking.join(20)
    assert done == []
    asyncio.run(begun(explorer, turn, lambda: not done))


def test_what_is_wrong_with_a_year_is_left_to_the_question(tmp_path):
    place = good().write(tmp_path)
    (place / "commentary").mkdir()
    (place / "commentary" / "2018-19.md").write_text(
        "## Reviews\n\n{{ looked_afterr }}\n", encoding="utf-8"
    )
    explorer = Explorer(str(place), "committee")
    assert len([*ahead.steps(explorer, ["2018-19"])]) > 100
    with pytest.raises(InputError, match="did you mean looked_after"):
        explorer.study("2018-19")


@pytest.mark.parametrize(("audience", "notebook", "begins"), [
    ("committee", "mine.ipynb", True),
    ("committee", "", False),  # papermill, a script: nobody looks at another year
    ("internal", "mine.ipynb", False),  # nothing is decided, so nothing need be ready
])  # fmt: skip
def test_it_is_begun_at_the_desk_only(tmp_path, monkeypatch, audience, notebook, begins):
    names = []
    monkeypatch.setattr(ahead, "steps", lambda _, wanted: names.extend(wanted) or iter(()))
    monkeypatch.setattr(ahead, "FIRST_PAUSE", 0)
    monkeypatch.setenv(remembered.NOTEBOOK, notebook)
    explorer = Explorer(str(good().write(tmp_path)), audience)
    ahead.begin(explorer, [SHOWN], threading.RLock())  # outside a kernel nothing runs between
    assert names == []
    asyncio.run(begun(explorer, threading.RLock(), some_turns()))
    assert names == (["2018-19"] if begins else [])


def test_a_notebook_of_a_run_shows_what_the_run_released(tmp_path, at_once, monkeypatch):
    names = []
    monkeypatch.setattr(ahead, "steps", lambda _, wanted: names.extend(wanted) or iter(()))
    explorer = Explorer(str(good().write(tmp_path)), "committee")
    explorer.check()
    monkeypatch.setenv(prepared.FOLDER, str(tmp_path))
    monkeypatch.setenv(prepared.KEY, "00")
    asyncio.run(begun(explorer, threading.RLock(), some_turns()))
    assert names == []
    monkeypatch.delenv(prepared.KEY)
    asyncio.run(begun(explorer, threading.RLock(), some_turns()))
    assert names == ["2018-19"]


def test_the_years_next_to_the_one_shown_come_first():
    years = ["2016-17", "2017-18", "2018-19", "2019-20"]
    assert ahead.nearest_first(years, ["2017-18"]) == ["2016-17", "2018-19", "2019-20"]
    assert ahead.nearest_first(years, ["2016-17", "2019-20"]) == ["2018-19", "2017-18"]
    assert ahead.nearest_first(years, ["2019-20-Q3"]) == years[::-1]


async def panel_of(explorer, waits):
    """Make a panel and return what its note and its view say: at once, and when it is ready."""
    panel = explorer.panel("started", period=SHOWN)
    assert panel.widget
    seen = [(panel.note.value, panel.view.value)]
    assert len(panel.breakdowns.options) > 1
    while waits(panel):
        await asyncio.sleep(0)
    return [*seen, (panel.note.value, panel.view.value)], panel


def test_the_panel_is_there_before_it_is_decided_what_may_be_shown(tmp_path, at_once):
    explorer = Explorer(str(good().write(tmp_path)), "committee")
    seen, panel = asyncio.run(panel_of(explorer, lambda panel: not panel.view.value))
    assert "Checking all figures of 2019-20 together" in seen[0][0]
    assert seen[0][1] == ""
    assert seen[1][0] == ""
    answer = explorer.ask("started", SHOWN)
    assert answer.finding.heading in seen[1][1]
    assert panel.areas.names == answer.areas
    again, _ = asyncio.run(panel_of(explorer, lambda _: False))
    assert again[0] == seen[1]  # what is known is shown at once


def test_what_is_picked_meanwhile_is_shown_and_stays(tmp_path, at_once):
    explorer = Explorer(str(good().write(tmp_path)), "committee")

    def picks(panel):
        if not panel.view.value:
            panel.measures.value = "ceased"
        return not explorer.knows(NEXT)

    seen, panel = asyncio.run(panel_of(explorer, picks))
    assert panel.answer.entry.id == "ceased"
    assert explorer.ask("ceased", SHOWN).finding.heading in seen[1][1]


def test_what_is_wrong_with_the_year_shown_is_said_in_the_panel(tmp_path, at_once):
    place = good().write(tmp_path)
    (place / "commentary").mkdir()
    (place / "commentary" / f"{SHOWN}.md").write_text(
        "## Reviews\n\n{{ looked_afterr }}\n", encoding="utf-8"
    )
    explorer = Explorer(str(place), "committee")
    seen, _ = asyncio.run(panel_of(explorer, lambda panel: "alert" not in panel.note.value))
    assert "did you mean looked_after" in seen[1][0]
