"""What moved between two runs: exactly the figures that differ, with their reasons."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from builders import shared_study, write_return
from test_places import children, make

from iro_analysis import periods
from iro_analysis.cli.command import main
from iro_analysis.disclosure.releases import Correction
from iro_analysis.errors import InputError
from iro_analysis.runner import compare

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A report, and the one that replaced it after eight children were added to the return."""
    place = tmp_path_factory.mktemp("two")
    data = write_return(place / "data" / "small", children(40))
    make(data, place / "out")
    shutil.copytree(place / "out", place / "first")
    write_return(data, children(48))
    make(data, place / "out")
    return place


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def by_key(folder):
    held = {}
    for row in rows(folder / "figures.csv"):
        held[tuple(row[name] for name in ("period", "measure", "breakdown", "group"))] = row
    return held


def test_exactly_the_figures_that_differ_are_named(two):
    before, after = two / "first/small/2019-20", two / "out/small/2019-20"
    found = compare.moves(compare.read(before), compare.read(after))
    old, new = by_key(before), by_key(after)
    names = ("value", "numerator", "denominator", "lower", "upper", "status")
    differ = {
        k
        for k in old.keys() | new.keys()
        if [old.get(k, {}).get(n) for n in names] != [new.get(k, {}).get(n) for n in names]
    }
    assert {move.key for move in found} == differ != set()
    sizes = [move.size for move in found]
    assert sizes == sorted(sizes, reverse=True)
    [whole] = [m for m in found if m.key[1:] == ("looked_after", "all", "all")]
    assert (whole.before.split()[0], whole.after.split()[0]) == ("40", "48")
    assert "2019-20/episodes.csv changed" in whole.why
    assert "read " in whole.why


@pytest.mark.long
def test_a_report_knows_when_it_was_corrected_and_how_many_figures_changed(two):
    before, after = two / "first/small/2019-20", two / "out/small/2019-20"
    moved = len(compare.moves(compare.read(before), compare.read(after)))
    corrections = [{"on": date.today().isoformat(), "figures": moved}]
    held = [json.loads((place / "manifest.json").read_text("utf-8")) for place in (before, after)]
    assert [each["corrections"] for each in held] == [[], corrections]
    make(two / "data" / "small", two / "out")  # the same again corrects nothing
    assert json.loads((after / "manifest.json").read_text("utf-8"))["corrections"] == corrections


def test_the_page_says_when_it_was_corrected(demo):
    study = shared_study(demo, periods.single("2019-20"), "committee")
    assert "Corrected on" not in study.report().first_page()._repr_html_()
    twice = (Correction(date(2020, 7, 3), 1), Correction(date(2020, 9, 1), 1204))
    again = replace(study, corrections=twice)
    said = "Corrected on 3 July 2020: 1 figure changed. Corrected on 1 September 2020: 1,204"
    assert said in again.report().first_page()._repr_html_()


@pytest.mark.long
def test_a_picture_of_other_figures_than_the_report_shows_is_refused(two, tmp_path, capsys):
    asked = ["chart", "looked_after", "--period", "2019-20", "--by", "age_band"]
    data = write_return(tmp_path / "data" / "small", children(48))
    picture = tmp_path / "ages.svg"
    words = [*asked, "--data", str(data), "--out", str(two / "out"), "--file", str(picture)]
    assert main(words) == 0
    assert "no committee report" not in capsys.readouterr().err
    picture.unlink()
    write_return(data, children(56))
    assert main(words) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "other figures than the data give now" in line
    assert not picture.exists()


def test_since_last_reads_what_was_replaced(two, capsys):
    place = two / "out" / "small" / "2019-20"
    assert main(["compare", str(place), "--since", "last", "--out", str(two / "out")]) == 1
    said = capsys.readouterr().out
    assert "looked_after: 40" in said
    assert "-> 48" in said
    folder = two / "out" / "internal" / "compare" / "small_2019-20"
    assert "For the service, not for publication" in (folder / "compare.html").read_text("utf-8")
    table = rows(folder / "compare.csv")
    assert len(table) == len(compare.moves(compare.replaced_by(place), compare.read(place)))
    assert all(row["why"] for row in table)


def test_a_run_against_itself_has_not_moved(two, capsys):
    place = str(two / "out" / "small" / "2019-20")
    assert main(["compare", place, place, "--out", str(two / "other")]) == 0
    assert "0 of" in capsys.readouterr().out


def test_what_replaced_nothing_is_said(two, capsys):
    place = str(two / "first" / "small" / "2019-20")
    assert main(["compare", place, "--since", "last", "--out", str(two / "other")]) == 0
    assert "has replaced no report" in capsys.readouterr().out


def test_definition_suite_and_policy_are_reasons(two, tmp_path):
    place = two / "out" / "small" / "2019-20"
    copy = tmp_path / "2019-20"
    shutil.copytree(place, copy)
    held = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    held["version"], held["disclosure"]["policy"]["hidden_to"] = "9.9", 10
    (copy / "manifest.json").write_text(json.dumps(held), encoding="utf-8")
    text = (copy / "figures.csv").read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(text) if line.startswith("2019-20,looked_after,all,all,"))
    text[at] = text[at].replace(",48,", ",49,").replace(",count,", ",another count,")
    (copy / "figures.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    [move] = compare.moves(compare.read(place), compare.read(copy))
    assert "definition: count -> another count" in move.why
    assert "-> 9.9" in move.why
    reasons = compare.reasons(compare.read(place), compare.read(copy))
    assert reasons["policy"]


@pytest.mark.parametrize("words", [["nowhere"], ["."]])
def test_what_holds_no_figures_is_refused_in_one_line(tmp_path, capsys, words, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["compare", *words, "also"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "no figures are here" in line


def test_one_run_alone_is_refused(two, capsys):
    assert main(["compare", str(two / "out" / "small" / "2019-20")]) == 2
    assert "--since last" in capsys.readouterr().err


def test_runs_of_two_periods_are_refused(two, tmp_path):
    place = two / "out" / "small" / "2019-20"
    copy = tmp_path / "2018-19"
    shutil.copytree(place, copy)
    held = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    held["parameters"]["period"] = "2018-19"
    (copy / "manifest.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(InputError, match="the same period"):
        compare.moves(compare.read(place), compare.read(copy))
