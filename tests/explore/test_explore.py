"""The analyst's surface: names found, answers that pass the gate, files that can travel."""

from __future__ import annotations

import csv
import inspect
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from good_return import good
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from papermill.inspection import inspect_notebook

from iro_analysis import catalogue
from iro_analysis.cli.command import main
from iro_analysis.contracts import FIGURE_COLUMNS
from iro_analysis.errors import (
    DisclosureError,
    InputError,
    OutputError,
    ParameterError,
    PeriodError,
)
from iro_analysis.explore import open_authority
from iro_analysis.explore.answer import Answer
from iro_analysis.explore.explorer import Explorer, Measures, Question
from iro_analysis.explore.listing import Listing
from iro_analysis.explore.panel import Panel
from iro_analysis.runner import new_notebook, notebooks
from iro_analysis.runner.pages import MARK
from iro_analysis.study import find_folder

pytestmark = pytest.mark.slow

YEAR = "2019-20"


@pytest.fixture(scope="module")
def here(demo):
    return open_authority(str(demo))


@pytest.fixture(scope="module")
def inside(demo):
    return open_authority(str(demo), audience="internal")


def test_the_tab_key_finds_every_measure(here):
    assert list(here.measures) == list(catalogue.measures())
    assert set(dir(here.measures)) >= set(catalogue.measures())
    assert here.measures._ipython_key_completions_() == list(catalogue.measures())
    assert here.measures["started"] == here.measures.started
    assert not hasattr(here.measures, "_repr_pdf_")


@pytest.mark.parametrize("jedi", [False, True])
def test_the_completer_of_the_kernel_lists_the_measures(here, jedi):
    shell = InteractiveShell()
    shell.Completer.use_jedi = jedi
    shell.user_ns["authority"] = here
    line = "authority.measures."
    with provisionalcompleter():
        found = {each.text.removeprefix(".") for each in shell.Completer.completions(line, 19)}
    assert found >= set(catalogue.measures())


def test_one_period_can_be_called_period_and_one_breakdown_needs_no_name(here):
    assert here.ask("started", period=YEAR) == here.ask("started", YEAR)
    assert here.measures.started(period=YEAR) == here.ask("started", YEAR)
    with pytest.raises(ParameterError, match="both given"):
        here.ask("started", YEAR, period=YEAR)
    alone = [m for m in catalogue.measures().values() if m.breakdowns != ("all",)]
    alone = [m for m in alone if len(m.breakdowns) == 1]
    assert alone
    for entry in alone:
        assert here.ask(entry.id, YEAR).by == entry.breakdowns[0]


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda a: a.measures.loked_after, AttributeError, "did you mean looked_after?"),
        (lambda a: a.measures["loked_after"], ParameterError, "did you mean looked_after?"),
        (lambda a: a.ask("looked_after", YEAR, by="sx"), ParameterError, "did you mean sex?"),
        (lambda a: a.ask("age_share", YEAR, by="age_band", against="Englnd"), ParameterError,
         "did you mean England?"),
        (lambda a: a.ask("looked_after", "2031-32"), PeriodError, "1 April 2016 to 31 March 2023"),
        (lambda a: open_authority(a.data + "x"), InputError, "did you mean demo?"),
        (lambda a: open_authority(a.data, "comittee"), DisclosureError, "did you mean committee?"),
        (lambda a: a.ask("looked_after", YEAR).save("x.pdf"), ParameterError, ".svg, .png, .csv"),
        (lambda a: a.record(), DisclosureError, 'audience="internal"'),
    ],
)  # fmt: skip
def test_errors_suggest_the_near_name_and_show_no_traceback(here, ask, error, words):
    with pytest.raises(error) as raised:
        ask(here)
    assert words in str(raised.value)
    if error is not AttributeError:
        [line] = raised.value._render_traceback_()
        assert words in line
        assert line.startswith(f"{error.__name__}: ")


def test_every_measure_and_breakdown_can_be_shown(here):
    for name, entry in catalogue.measures().items():
        for by in entry.breakdowns:
            answer = here.ask(name, YEAR, by=by)
            assert answer.sentence.endswith(".")
            assert ("<table>" in answer.table.html) != bool(answer.published.reason)
            assert eval(answer.call, {"authority": here}) == answer


@pytest.mark.parametrize(
    ("measure", "by", "drawn"),
    [
        ("looked_after", "all", "Line chart"), ("looked_after", "sex", "Bar chart"),
        ("looked_after_history", "date", "Line chart"), ("ethnicity_rate", "ethnicity", "Bar"),
        ("ethnicity_rate_ratio", "ethnicity", "dashed line marks 1"),
        ("placement_survival", "months", "Points"), ("looked_after", "period", "Line chart"),
        ("looked_after", "ethnicity_detail", "Bar"), ("sdq_average", "all", "Line chart"),
        ("age_share_difference", "age_band_by_comparator", ""),
    ],
)  # fmt: skip
def test_the_picture_suits_the_figures(here, measure, by, drawn):
    answer = here.ask(measure, YEAR, by=by)
    shown = answer._repr_html_()
    assert shown.startswith("<h3>")
    assert ("<svg" in shown) == bool(drawn)
    assert drawn in getattr(answer.chart, "description", "")


def test_an_answer_shows_what_the_page_shows(here):
    answer = here.ask("reviews_on_time", YEAR, by="timetable")
    study = here.study(YEAR)
    assert answer.figures.equals(study.published("reviews_on_time", "timetable").figures)
    assert answer.figures["status"].eq("suppressed").any()
    assert answer.finding == study.finding("reviews_on_time", "timetable")


def test_the_code_of_an_answer_makes_it_again(here):
    for asked in [
        here.ask("age_share", YEAR, by="age_band", against="England"),
        here.ask("started", ["2018-19", YEAR]),
        here.ask("age_share", YEAR, by="age_band", against=""),
    ]:
        *before, last = asked.code.splitlines()
        names: dict = {}
        exec("\n".join(before), names)
        again = eval(last, names)
        assert again.code == asked.code
        assert again._repr_html_() == asked._repr_html_()


def test_only_the_area_asked_for_is_shown_with_it(here):
    every = here.ask("age_share", YEAR, by="age_band")
    one = here.ask("age_share", YEAR, by="age_band", against="London")
    none = here.ask("age_share", YEAR, by="age_band", against="")
    assert set(every.comparators["area"]) > {"England", "London"}
    assert set(one.comparators["area"]) == {"London"}
    assert '<th scope="row">England' not in one._repr_html_()
    assert none.comparators.empty
    assert "London" in one.chart.description
    assert "lines" not in none.chart.description


def test_several_periods_stand_side_by_side(here):
    answer = here.ask("looked_after", "2018-19..2019-20", by="legal_status")
    own = answer.table.html.partition("</table>")[0]  # other areas' figures follow in their own
    assert own.count("<tr>") == 1 + 4, "the small groups are given together"
    assert "All further legal statuses" in answer.table.html
    hidden = here.ask("reviews_on_time", "2018-19..2019-20", by="timetable")
    assert "[c] stands for" in hidden.table.html
    assert answer._repr_html_().count("<caption>") == 1 + 1, "own figures, other areas'"
    line = here.ask("looked_after", "2018-19..2019-20").chart
    assert "31 March 2019: 348; 31 March 2020: 328" in line.description
    unlike = here.ask("started", ["2018-19", "2019-20-Q3"]).chart
    assert not hasattr(unlike, "svg"), "a year and a quarter make no line"


def test_what_is_internal_says_so(inside, tmp_path):
    answer = inside.ask("looked_after", YEAR, by="legal_status")
    assert MARK in answer._repr_html_()
    assert answer.figures["status"].eq("ok").all()
    assert MARK in answer.save(tmp_path / "a.svg").read_text(encoding="utf-8")
    sheets = openpyxl.load_workbook(answer.save(tmp_path / "a.xlsx"))
    assert MARK in [cell.value for cell in sheets["About"]["B"]]
    assert ",internal," in answer.save(tmp_path / "a.csv").read_text(encoding="utf-8")


def test_a_listing_keeps_no_child_and_its_view_none_until_asked(inside):
    late = inside.ask("reviews_on_time", YEAR).children(counted=False)
    children = set(late.rows["child"].astype(str))
    assert children
    stored = repr(late) + late._repr_html_()
    assert MARK in stored
    assert not [child for child in children if child in stored]
    view = late.browse()
    buttons, rows = view.children[1].children, view.children[2]
    assert rows.value == ""
    buttons[0].click()
    assert all(child in rows.value for child in children)
    buttons[1].click()
    assert rows.value == ""


def test_who_is_late_has_officer_due_day_and_days_the_latest_first(inside, monkeypatch):
    rows = inside.ask("reviews_on_time", YEAR).children(counted=False).rows
    known = list(dict.fromkeys(rows["child"]))
    officers = pd.DataFrame(
        {
            "child": known[:3],
            "officer": "Officer A",
            "from": pd.Timestamp("2016-04-01"),
            "to": pd.NaT,
        }
    )
    monkeypatch.setitem(inside.authority.lists, "allocations", officers)
    answer = inside.ask("reviews_on_time", YEAR)
    late = answer.children(counted=False)
    figure = answer.published.figures.iloc[0]
    assert len(late) == figure["denominator"] - figure["numerator"]
    assert not late.rows["counted"].any()
    for child, officer in late.rows[["child", "officer"]].itertuples(index=False):
        held = child in set(officers["child"])
        assert officer == ("Officer A" if held else "Not allocated")
    days = (late.rows["review_date"] - late.rows["due"]).dt.days
    assert late.rows["days_late"].equals(days)
    assert days.is_monotonic_decreasing
    assert days.min() > 0
    assert len(answer.children()) == figure["denominator"]
    assert len(answer.children(counted=True)) == figure["numerator"]


def test_internal_files_go_to_the_internal_folder_and_are_named_so(inside, tmp_path, monkeypatch):
    demo = open_authority(str(find_folder(inside.data).resolve()), audience="internal")
    monkeypatch.chdir(tmp_path)
    kept = demo.ask("started", YEAR).save("anywhere/started.csv")
    assert kept.parent == Path("outputs", "internal", demo.authority.folder)
    assert kept.name == "internal-started.csv"
    assert [path.name for path in tmp_path.rglob("*.csv")] == [kept.name]


def test_saved_files_hold_what_was_shown(here, tmp_path):
    answer = here.ask("age_share", YEAR, by="age_band", against="England")
    drawn = answer.save(tmp_path / "new" / "ages.svg")
    assert drawn.read_bytes() == answer.save(tmp_path / "again.svg").read_bytes()
    text = drawn.read_text(encoding="utf-8")
    assert "no real child" in text
    assert "England, orange lines" in text
    assert answer.save(tmp_path / "ages.png").read_bytes().startswith(b"\x89PNG")
    with answer.save(tmp_path / "ages.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["authority", "audience", *FIGURE_COLUMNS]
    assert [row["numerator"] for row in rows] == ["15", "33", "42", "140", "98"]
    book = openpyxl.load_workbook(answer.save(tmp_path / "ages.xlsx"))
    assert book.sheetnames == ["Figures", "Other areas", "About"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert book["Figures"]["H2"].value == 15 / 328 * 100 or 15 in [
        c.value for c in book["Figures"][2]
    ]


def test_a_table_says_that_it_is_no_picture(here, tmp_path):
    with pytest.raises(ParameterError, match=r"expected \.csv or \.xlsx"):
        here.ask("age_share_difference", YEAR, by="age_band_by_comparator").save(tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_an_authority_is_read_again_when_a_file_changes(tmp_path):
    place = good().write(tmp_path)
    first = open_authority(str(place))
    assert open_authority(str(place)) is first
    (place / "authority.toml").write_text('name = "Another"', encoding="utf-8")
    assert open_authority(str(place)).authority.name == "Another"


def test_iro_new_writes_a_notebook_and_never_replaces_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "how_old", "--measure", "age_share", "--question", "How old?"]) == 0
    written = tmp_path / "my_notebooks" / "how_old.ipynb"
    before = written.read_bytes()
    assert notebooks.find("how_old").resolve() == written
    assert main(["new", "how_old"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert written.read_bytes() == before
    assert main(["new", "elsewhere/how_old.ipynb"]) == 0
    assert (tmp_path / "elsewhere" / "how_old.ipynb").is_file()
    assert main(["new", "third", "--measure", "ag_share"]) == 2
    assert "did you mean age_share?" in capsys.readouterr().err


def test_parameters_have_types_and_yes_is_no_audience(project, demo):
    for path in (project / "notebooks").glob("*.ipynb"):
        assert {"period", "data", "audience"} <= set(notebooks.declared(path))
        shown = inspect_notebook(str(path))
        assert all(each["inferred_type_name"] == "str" for each in shown.values())
        assert all(each["help"] for each in shown.values())
        with pytest.raises(ParameterError, match="parameter audience is True, expected text"):
            notebooks.check_parameters(path, {"audience": True})
    with pytest.raises(DisclosureError, match="audience True is not known; expected committee"):
        open_authority(str(demo), True)


@pytest.mark.parametrize("name", ["report", "internal", "NUL", "com1.ipynb", "a b", "../x y", ""])
def test_a_name_that_cannot_be_a_notebooks_is_refused(name, tmp_path):
    with pytest.raises(ParameterError, match="no name for a notebook"):
        new_notebook.place_of(name, tmp_path)


def test_a_view_can_be_kept_as_a_notebook(here, tmp_path):
    answer = here.ask("age_share", YEAR, by="age_band", against="England")
    kept = answer.save(tmp_path / "ages.ipynb")
    assert notebooks.declared(kept)["period"] == YEAR
    call = 'authority.ask(\\"age_share\\", period, by=\\"age_band\\", against=\\"England\\")'
    assert call in kept.read_text(encoding="utf-8")
    with pytest.raises(OutputError, match="is there already"):
        answer.save(kept)


def test_iro_new_copies_a_shipped_notebook_without_outputs(project, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine", "--from", "explore"]) == 0
    written = tmp_path / "my_notebooks" / "mine.ipynb"
    shipped = json.loads((project / "notebooks" / "explore.ipynb").read_text(encoding="utf-8"))
    copied = json.loads(written.read_text(encoding="utf-8"))
    assert [c["source"] for c in copied["cells"]] == [c["source"] for c in shipped["cells"]]
    assert not any(cell.get("outputs") for cell in copied["cells"])
    assert main(["new", "mine", "--from", "explore"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["new", "other", "--from", "explor"]) == 2
    assert "did you mean explore?" in capsys.readouterr().err


def test_whatever_an_analyst_can_call_has_an_example():
    """The examples themselves are run with those of every module, in test_project.py."""
    looked_at = 0
    for surface in (Explorer, Measures, Question, Answer, Listing, Panel):
        for name, thing in vars(surface).items():
            function = getattr(thing, "fget", None) or getattr(thing, "func", None) or thing
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            assert ">>> " in (function.__doc__ or ""), f"{surface.__name__}.{name}"
            looked_at += 1
    assert looked_at >= 30


def test_git_ignores_what_work_in_a_notebook_writes(project):
    ignored = (project / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"my_notebooks/", ".iro/", "outputs/*", ".ipynb_checkpoints/"} <= set(ignored)
