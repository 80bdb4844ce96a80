"""The panel in a kernel of its own: found, picked, sorted, remembered, saved."""

from __future__ import annotations

import base64
import json
import re
import threading

import pytest

from iro_analysis import catalogue
from iro_analysis.explore import controls, grid, open_authority, remembered
from iro_analysis.runner.pages import MARK

pytestmark = pytest.mark.slow

YEAR = "2019-20"
OTHERS = ["England", "London", "Outer London", "Statistical neighbours (2021 model)"]


@pytest.fixture(scope="module")
def here(demo):
    return open_authority(str(demo))


@pytest.fixture
def panel(here, tmp_path):
    made = here.panel("age_share", "age_band", YEAR)
    made.folder = tmp_path
    assert made.widget
    return made


def test_measures_are_found_by_words_of_their_titles_under_their_chapters(panel):
    chapters = [label for label, value in panel.measures.options if value.startswith("chapter:")]
    assert chapters == [f"— {name} —" for name in catalogue.sections()]
    titles = [entry.title for entry in catalogue.measures().values()]
    assert [label for label, _ in panel.measures.options if label not in chapters] == titles
    panel.find.value = "ADOPTED care"
    found = [value for _, value in panel.measures.options]
    assert "adopted" in found
    assert 2 <= len(found) < 8
    assert panel.answer.entry.id == "age_share", "the view stays until a measure is picked"
    panel.measures.value = "adopted"
    assert panel.answer.entry.id == "adopted"
    panel.find.value = "zzz"
    assert panel.measures.options == ()
    assert "No measure holds these words" in panel.note.value
    panel.find.value = ""
    assert panel.measures.value == "adopted"


def test_the_arrow_keys_pass_over_a_chapters_heading_both_ways(panel):
    values = [value for _, value in panel.measures.options]
    heading = values.index("chapter:Reviews")
    panel.measures.value = values[heading - 1]
    panel.measures.value = values[heading]
    assert panel.answer.entry.id == values[heading + 1]
    panel.measures.value = values[heading]
    assert panel.answer.entry.id == values[heading - 1]


def test_breakdowns_have_titles(panel):
    for entry in catalogue.measures().values():
        titles = [controls.title_of(name) for name in entry.breakdowns]
        assert len(set(titles)) == len(titles)
        assert not [title for title in titles if "_" in title]
    assert panel.breakdowns.options == (("Age", "age_band"),)


@pytest.mark.long
def test_several_areas_are_drawn_and_stay_picked(panel):
    assert panel.areas.names == panel.areas.ticked == OTHERS
    drawn = panel.answer.chart
    for area in OTHERS:
        assert f"{area}: Under 1: " in drawn.description
        assert f"<title>{area}, Under 1: " in drawn.with_tips
    panel.areas["London"].value = False
    kept = [area for area in OTHERS if area != "London"]
    assert panel.answer.against == tuple(kept)
    assert "London, Under" not in panel.answer.chart.with_tips.replace("Outer London", "")
    panel.measures.value = "looked_after_rate"
    assert panel.areas.ticked == kept
    for area in kept:
        panel.areas[area].value = False
    assert panel.answer.against == ""
    assert eval(panel.answer.call, {"authority": panel.explorer}) == panel.answer
    for area in OTHERS:
        panel.areas[area].value = True
    assert panel.answer.against is None


def test_other_areas_years_are_drawn_as_published(here):
    """England, three or more placements: 10, 11, 11, 11 percent (LAIT 2025)."""
    chart = here.ask("three_or_more_placements", YEAR, against=["England", "London"]).chart
    shown = "England: 2016-17: 10%; 2017-18: 11%; 2018-19: 11%; 2019-20: 11%."
    assert shown in chart.description
    assert "<title>England, 2016-17: 10%</title>" in chart.with_tips
    assert "<title>2019-20: 10% (likely range 7% to 14%)</title>" in chart.with_tips
    assert "tip:" not in chart.svg + chart.with_tips
    assert "Outer London" not in chart.description


@pytest.mark.long
def test_several_years_and_their_parts_are_shown_oldest_first(panel):
    panel.measures.value = "started"
    panel.years["2018-19"].value = True
    assert [p.name for p in panel.answer.periods] == ["2018-19", YEAR]
    panel.parts.value = "Q3"
    assert [p.name for p in panel.answer.periods] == ["2018-19-Q3", "2019-20-Q3"]
    panel.years["2018-19"].value = False
    panel.years[YEAR].value = False
    assert panel.years.ticked == [YEAR], "one year is always shown"


def test_the_table_is_sorted_and_searched(panel):
    def first_column():
        return re.findall(r'<th scope="row">([^<]*)', panel.table.value)

    assert first_column() == ["Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"]
    panel.order.value = "Percentage, largest first"
    assert first_column() == ["10 to 15", "16 and over", "5 to 9", "1 to 4", "Under 1"]
    assert 'aria-sort="descending">Percentage' in panel.table.value
    panel.order.value = "England, smallest first"
    assert first_column() == ["Under 1", "1 to 4", "5 to 9", "16 and over", "10 to 15"]
    panel.search.value = "over"
    assert first_column() == ["16 and over"]
    assert "1 of 5 rows hold" in panel.table.value
    panel.measures.value = "looked_after_rate"
    assert panel.order.value == "England, smallest first"
    panel.measures.value = "reviews_held"
    assert panel.order.value == grid.AS_PUBLISHED


def test_hidden_figures_come_last_in_either_order(here):
    table = grid.of(here.ask("reviews_on_time", YEAR, by="timetable"))
    column = table.head.index("Percentage")
    hidden = [row for row in table.rows if row[column] == "[c]"]
    assert hidden
    for order in ("Percentage, largest first", "Percentage, smallest first"):
        shown = re.findall(r'<tr><th scope="row">([^<]*)', table.html(order=order))
        assert shown[-len(hidden) :] == [row[0] for row in hidden]
        assert len(shown) == len(table.rows)


def test_no_group_of_another_area_is_left_out(here):
    answer = here.ask("looked_after", YEAR, by="legal_status")
    table = grid.of(answer)
    own = list(answer.published.figures["group"])
    more = [group for group in answer.comparators["group"].unique() if group not in own]
    assert more, "small groups are given together for the committee"
    assert len(table.rows) == len(own) + len(more)
    assert grid.OTHER_GROUPS in table.notes
    assert len(table.sources) >= 4


def test_picture_and_table_can_be_downloaded_and_an_internal_view_cannot(panel, demo):
    found = dict(re.findall(r'download="([^"]*)" href="data:[^,]*,([^"]*)"', panel.links.value))
    assert list(found) == ["age-share-by-age-band-2019-20.png", "age-share-by-age-band-2019-20.csv"]
    picture, table = (base64.b64decode(each) for each in found.values())
    assert picture.startswith(b"\x89PNG")
    assert table.decode("utf-8-sig").count("age_share") == 5
    assert "Copy picture" in panel.links.value
    inside = open_authority(str(demo), audience="internal").panel("age_share", "age_band", YEAR)
    assert inside.widget
    assert "data:" not in inside.links.value
    assert not inside.folder.is_absolute(), "else a file would not go to the internal folder"
    assert MARK in inside.view.value


def test_a_view_opens_as_a_notebook_and_replaces_none(panel, tmp_path):
    for name in ("age-share-by-age-band-2019-20", "age-share-by-age-band-2019-20-2"):
        panel._open_as_notebook()
        assert (tmp_path / f"{name}.ipynb").is_file()
        [link] = panel.link.outputs
        assert f"{name}.ipynb" in link["data"]["text/html"]


@pytest.mark.long
def test_the_view_is_remembered_in_the_same_notebook_only(here, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outputs").mkdir()
    first = here.panel("age_share", "age_band", YEAR)
    assert first.widget
    assert not (tmp_path / ".iro").exists(), "papermill's kernels keep nothing"
    monkeypatch.setenv(remembered.NOTEBOOK, str(tmp_path / "my_notebooks" / "mine.ipynb"))
    first.measures.value = "looked_after_rate"
    first.areas["London"].value = False
    first.years["2018-19"].value = True
    again = here.panel("age_share", "age_band", YEAR)
    assert again.widget
    assert again.answer.code == first.answer.code
    assert again.areas.ticked == first.areas.ticked
    kept = (tmp_path / ".iro" / "panel.json").read_text(encoding="utf-8")
    assert set(json.loads(kept)) == {str(tmp_path / "my_notebooks" / "mine.ipynb")}
    other = here.panel("started", "all", YEAR)
    assert other.widget
    assert other.answer.entry.id == "started", "other parameters win"
    monkeypatch.setenv(remembered.NOTEBOOK, "another.ipynb")
    assert here.panel("age_share", "age_band", YEAR).widget
    (tmp_path / ".iro" / "panel.json").write_text("[", encoding="utf-8")
    assert here.panel("age_share", "age_band", YEAR).widget


@pytest.mark.long
def test_a_pick_made_while_the_panel_works_is_not_lost(here, monkeypatch):
    """JupyterLab delivers picks in other threads: each has its turn, and the last one counts."""
    panel = here.panel("looked_after", "all", YEAR)
    assert panel.widget
    begun, go_on = threading.Event(), threading.Event()
    asked, ask = [], type(here).ask

    def slow(self, measure, period, by):
        asked.append(by)
        begun.set()
        assert go_on.wait(120)
        return ask(self, measure, period, by)

    monkeypatch.setattr(type(here), "ask", slow)
    picks = [
        threading.Thread(target=setattr, args=(chosen, "value", value))
        for chosen, value in [(panel.measures, "started"), (panel.parts, "H1"),
                              (panel.breakdowns, "age_band")]
    ]  # fmt: skip
    picks[0].start()
    assert begun.wait(120)
    for pick in picks[1:]:
        pick.start()
    go_on.set()
    for pick in picks:
        pick.join(120)
    assert (panel.answer.entry.id, panel.answer.by) == ("started", "age_band")
    assert panel.answer.periods[0].name == "2019-20-H1"
    assert (panel.breakdowns.value, panel.areas.names) == ("age_band", [])
    assert 'by="age_band"' in panel.code.value
    assert asked[0] == "all"


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "..\\escaped", "C:escaped", ".x"])
def test_a_file_of_the_panel_stays_in_its_folder(here, tmp_path, name):
    panel = here.panel("looked_after", "all", YEAR)
    assert panel.widget
    panel.folder = tmp_path / "saved"
    panel.names.value, panel.forms.value = name, ".csv"
    panel._save()
    assert "without a folder" in panel.saved.value
    assert list(tmp_path.rglob("*escaped*")) == []
    panel.names.value = "kept"
    panel._save()
    assert (tmp_path / "saved" / "kept.csv").is_file()
