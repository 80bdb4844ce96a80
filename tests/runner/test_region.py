"""The page over several authorities: released committee figures side by side, and nothing else."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from iro_analysis import catalogue, codes
from iro_analysis.charts.several import Point, outside
from iro_analysis.contracts import FIGURE_COLUMNS
from iro_analysis.periods import single
from iro_analysis.runner import region

pytestmark = pytest.mark.slow

YEAR = single("2024-25")
ON_TIME = "reviews_on_time"


def released(out, folder, rows):
    """Put a committee report's figures where a run leaves them: (measure, unit, met, of)."""
    place = out / folder / YEAR.folder
    place.mkdir(parents=True)
    written = []
    for measure, unit, met, of in rows:
        value = met / of * 100 if met is not None and unit == "percent" else met
        status = "ok" if met is not None else "suppressed"
        figure = dict.fromkeys(FIGURE_COLUMNS, "") | {
            "period": YEAR.name, "measure": measure, "breakdown": "all", "group": "all",
            "numerator": met, "denominator": of if met is not None else None, "value": value,
            "unit": unit, "status": status,
        }  # fmt: skip
        written.append(figure)
    pd.DataFrame(written, columns=FIGURE_COLUMNS).to_csv(place / "figures.csv", index=False)


@pytest.fixture
def out(tmp_path):
    """Six authorities with a report, one of whose figures is hidden, and one without."""
    for number in range(6):
        late = 100 if number == 3 else 40
        met = None if number == 5 else 1000 - late
        rows = [("looked_after", "children", 300, 300), (ON_TIME, "percent", met, 1000)]
        released(tmp_path, f"a{number}", rows)
    return tmp_path


NAMES = {**{f"a{number}": f"Authority {number}" for number in range(6)}, "none": "Late & Co"}


def test_each_released_figure_stands_on_the_page_and_in_the_table_as_it_was_released(out):
    path = region.write(out, NAMES, YEAR, "committee")
    assert path == out / "region" / "2024-25" / "index.html"
    table = pd.read_csv(path.with_name("index.csv"), dtype=str, keep_default_na=False)
    for folder, name in list(NAMES.items())[:6]:
        mine = pd.read_csv(out / folder / "2024-25" / "figures.csv", dtype=str,
                           keep_default_na=False)  # fmt: skip
        shown = table[table["authority"].eq(name)].drop(columns="authority")
        assert shown.reset_index(drop=True).equals(mine)
    text = path.read_text(encoding="utf-8")
    assert text.count('<td class="number">96%</td>') == 4
    assert '<td class="number">90%</td>' in text


def test_a_hidden_figure_stays_hidden_and_what_is_missing_is_said(out):
    text = region.write(out, NAMES, YEAR, "committee").read_text(encoding="utf-8")
    assert text.count('<td class="number">[c]</td>') == 1
    [row] = re.findall(
        r'<tr><th scope="row">Late &amp; Co</th>.*?</tr>', text[text.rfind("<h2>") :]
    )
    assert "no committee report of this period" in row


def test_a_page_of_invented_children_says_so(out):
    for synthetic in (True, False):
        path = region.write(out, NAMES, YEAR, "committee", synthetic=synthetic)
        assert ("are invented" in path.read_text(encoding="utf-8")) == synthetic


def test_links_lead_from_the_page_to_each_report(out):
    for audience in ("committee", "internal"):
        path = region.write(out, NAMES, YEAR, audience)
        links = re.findall(r'href="(\.\./[^"]+)/report.html"', path.read_text(encoding="utf-8"))
        assert links
        assert {(path.parent / link).resolve() for link in links} == {
            out / f"a{number}" / "2024-25" for number in range(6)
        }


def test_the_internal_page_is_marked_and_made_of_the_same_released_figures(out):
    public = region.write(out, NAMES, YEAR, "committee")
    marked = region.write(out, NAMES, YEAR, "internal")
    assert marked == out / "internal" / "region" / "2024-25" / "index.html"
    assert "OFFICIAL-SENSITIVE" in marked.read_text(encoding="utf-8")
    assert "OFFICIAL-SENSITIVE" not in public.read_text(encoding="utf-8")
    assert marked.with_name("index.csv").read_bytes() == public.with_name("index.csv").read_bytes()
    assert marked.parent.stat().st_mode & 0o077 == 0


def test_a_funnel_is_drawn_of_those_that_show_a_figure_and_of_five_or_more(out):
    text = region.write(out, NAMES, YEAR, "committee").read_text(encoding="utf-8")
    assert text.count("<figure") == 1
    assert "Reviews held on time: outside the limits: Authority 3" in text
    few = {folder: NAMES[folder] for folder in ("a0", "a1", "a5")}
    text = region.write(out, few, YEAR, "committee").read_text(encoding="utf-8")
    assert "<figure" not in text
    assert "No funnel plot" in text


@pytest.mark.parametrize(("met", "far"), [(790, []), (760, []), (700, ["Far"])])
def test_only_who_lies_outside_998_in_1000_is_named(met, far):
    points = [Point(f"A{number}", 800, 1000) for number in range(5)]
    assert outside([*points, Point("Far", met, 1000)]) == far


def test_the_same_reports_give_the_same_bytes_and_no_script(out):
    first = region.write(out, NAMES, YEAR, "committee").read_bytes()
    assert region.write(out, NAMES, YEAR, "committee").read_bytes() == first
    text = first.decode("utf-8")
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="https?:', text)


def test_every_measure_of_the_page_is_in_the_catalogue_and_funnels_are_of_percentages():
    record = codes.record("region")
    named = [name for part in record["tables"] for name in part["measures"]]
    assert len(named) == len(set(named))
    for name in named:
        assert "all" in catalogue.measure(name).breakdowns
        assert not catalogue.measure(name).internal_only
    assert set(record["funnel"]) <= set(named)
    assert all(catalogue.measure(name).unit == "percent" for name in record["funnel"])


def test_the_page_says_whose_counts_are_rounded(out):
    before = region.write(out, NAMES, YEAR, "committee").read_text(encoding="utf-8")
    path = out / "a2" / YEAR.folder / "figures.csv"
    figures = pd.read_csv(path, dtype=str, keep_default_na=False)
    figures.assign(method="count; counts rounded to the nearest 5").to_csv(path, index=False)
    after = region.write(out, NAMES, YEAR, "committee").read_text(encoding="utf-8")
    said = "Rounded counts, and figures made of rounded counts: Authority 2."
    assert said not in before
    assert said in after
