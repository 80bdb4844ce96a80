"""The page over all reports, and the page on paper."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from iro_analysis.runner import index, printing

FIGURES = {"audit": "safe", "figures_shown": 1200, "figures_hidden": 34}


def report(place, period, audience="committee", outputs=("report.html", "figures.csv"), **more):
    folder = place / period.replace(":", "_to_")
    folder.mkdir(parents=True)
    manifest = {
        "parameters": {"period": period, "audience": audience},
        "outputs": dict.fromkeys(outputs, "hash"),
        "finished": "2021-03-10T09:00:00+00:00",
        **more,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def written(place, name="Testshire"):
    return index.write(place, name, False).read_text(encoding="utf-8")


def test_the_page_over_all_reports_names_each_the_latest_first(tmp_path):
    files = ("report.html", "figures.csv", "report.pdf", "age_profile.html")
    report(tmp_path, "2018-19")
    report(tmp_path, "2019-20", outputs=files, disclosure=FIGURES)
    report(tmp_path, "2022-08-01:2023-01-31")
    page = written(tmp_path)
    places = [page.index(f'<a href="{name}/report.html">2') for name in
              ("2022-08-01_to_2023-01-31", "2019-20", "2018-19")]  # fmt: skip
    assert places == sorted(places)
    for words in ("3 reports", "1 April 2019 to 31 March 2020", "10 March 2021", "age profile",
                  "audit safe: 1,200 figures shown, 34 hidden", "#for-young-people"):  # fmt: skip
        assert words in page
    assert page.count("report.pdf") == 1
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"index.html"}


def test_nothing_internal_and_nothing_broken_is_linked(tmp_path):
    report(tmp_path, "2019-20")
    report(tmp_path, "2018-19", audience="internal")
    report(tmp_path / "2017-18", "internal", audience="internal")
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "manifest.json").write_text("{", encoding="utf-8")
    page = written(tmp_path, "<b>Borough</b> & Co")
    assert "1 report" in page
    assert "2018-19" not in page
    assert "internal" not in page.split("</style>")[1]
    assert "&lt;b&gt;Borough&lt;/b&gt; &amp; Co" in page


def test_runs_that_end_at_once_lose_no_report(tmp_path):
    names = [f"20{year}-{year + 1}" for year in range(10, 26)]

    def one(name):
        report(tmp_path, name)
        written(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, names))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}/report.html"' in page for name in names)
    assert written(tmp_path) == page


def test_without_a_browser_one_line_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("IRO_BROWSER", "no-such-browser")
    assert printing.browser() is None
    page = tmp_path / "report.html"
    page.write_text("<p>Words</p>", encoding="utf-8")
    assert printing.to_pdf(page, tmp_path / "report.pdf") == printing.NONE_HERE
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.parametrize("system", ["with spaces", "in programs"])
def test_a_browser_is_found_where_systems_keep_it(tmp_path, monkeypatch, system):
    monkeypatch.delenv("IRO_BROWSER", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ProgramFiles", str(tmp_path / system))
    edge = tmp_path / system / "Microsoft/Edge/Application/msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_bytes(b"")
    assert printing.browser() == str(edge)


def test_a_browser_that_prints_nothing_is_told(tmp_path, monkeypatch):
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(printing, "browser", lambda: str(program))
    said = printing.to_pdf(tmp_path / "report.html", tmp_path / "report.pdf")
    assert said.startswith("no PDF was made: the browser did not print (")
