"""Of which period a report is, and our own page of a quarter against its data."""

from __future__ import annotations

from datetime import date

import pytest
from builders import shared_record, shared_study

from iro_analysis import charts, periods
from iro_analysis.proofreading import checks, documents, spans
from iro_analysis.proofreading.figures import Document
from iro_analysis.proofreading.findings import WRONG
from iro_analysis.proofreading.own_data import OwnData, check

QUARTER = periods.single("2019-20-Q3")


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("report.md", "Report, 1 October 2019 to 31 December 2019. 1 April 2019 to 31 March 2020.",
         "2019-20-Q3"),
        ("report.md", "Between 1st April 2019 and the 31st March 2020.", "2019-20"),
        ("report.md", "From 1 August 2022 to 31 January 2023.", "2022-08-01:2023-01-31"),
        ("report.md", "1 October 2019 to 30 September 2019, in 2018-19.", "2018-19"),
        ("report.md", "31 Nonsense 2019 to 32 March 2020, in 2018-19.", "2018-19"),
        ("report 2019-20 Q3.md", "Of 1 April 2019 to 31 March 2020.", "2019-20-Q3"),
        ("report_2019-20-h1.md", "In 2018-19.", "2019-20-H1"),
        ("annual_report_2019-20.md", "1 April 2019 to 30 June 2019 was a change.", "2019-20"),
        ("report 2019-21 Q3.md", "In 2018-19.", "2020-21"),  # no such quarter
        ("report.md", "No year.", None),
    ],
)  # fmt: skip
def test_the_period_is_read_off_the_report(file, text, name):
    found = spans.report_period(documents.read_text(text, file))
    assert found == (None if name is None else periods.single(name))


def test_of_a_list_it_is_the_period_of_most_rows(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("label,count,period\nA,1,2019-20 Q2\nB,2,2019-20-Q3\nC,3,2019-20-Q3\n", "utf-8")
    assert spans.report_period(documents.read(path)) == QUARTER


@pytest.mark.parametrize("name", ["2019-20", "2019-20-H2", "2019-20-Q4", "2022-08-01:2023-01-31"])
def test_a_period_is_known_by_its_days(name):
    period = periods.single(name)
    assert periods.of_days(period.start, period.end) == period


def test_another_day_ends_a_period_of_the_same_length(demo):
    data = OwnData(shared_record(demo), QUARTER)
    assert data.ending(date(2019, 9, 30)).start == date(2019, 7, 1)


SHOWN = [
    ("looked_after",), ("looked_after", "sex"), ("looked_after", "legal_status"),
    ("looked_after", "provision"), ("started",), ("ceased",), ("reviews_on_time",),
    ("three_or_more_placements",), ("long_term_stability",), ("permanence_achieved",),
]  # fmt: skip


@pytest.fixture(scope="module")
def page(demo):
    study = shared_study(demo, QUARTER, "committee")
    body = "".join(study.show(*each)._repr_html_() for each in SHOWN)
    share = charts.bars(study.published("age_share", "age_band"), "Ages")
    return f"<h1>Report</h1><p>{QUARTER.title}</p>{body}{share._repr_html_()}"


def wrong(demo, html: str) -> tuple[Document, list[str]]:
    document = documents.read_html(html, "report.html")
    data = OwnData(shared_record(demo), spans.report_period(document))
    found = [*checks.against_itself(document), *check(document, data)]
    return document, [each.says for each in found if each.severity == WRONG]


def test_our_own_quarter_has_nothing_wrong(demo, page):
    document, found = wrong(demo, page)
    assert found == []
    assert (
        sum(bool(figure.measure) for figure in document.figures) >= 10
    )  # it did look, at the headlines of part of a year


def test_a_table_with_hidden_counts_is_not_out_of_what_it_shows():
    """14, 6, 9 and 9 of 48, three hidden; another 38 stands elsewhere."""
    rows = "".join(
        f"<tr><th>{name}</th><td>{count}</td><td>{share}</td></tr>"
        for name, count, share in [("A", 14, "29%"), ("B", "[c]", "[c]"), ("C", 6, "13%"),
                                   ("D", 9, "19%"), ("E", 9, "19%"), ("F", "[c]", "[c]")]
    )  # fmt: skip
    head = "<tr><th>Theme</th><th>Number</th><th>Share</th></tr>"
    html = f"<p>There were 38 reviews.</p><table>{head}{rows}</table>"
    assert checks.against_itself(documents.read_html(html, "report.html")) == []
    whole = html.replace("<td>[c]</td><td>[c]</td>", "<td>0</td><td>0%</td>")
    assert checks.against_itself(documents.read_html(whole, "report.html"))


@pytest.mark.parametrize(
    ("right", "false", "says"),
    [
        ("198 of 320 (62%)", "201 of 320 (63%)", "the data give 62% (198 of 320)"),
        ("235 of 260 (90%)", "240 of 260 (92%)", "the data give 90% (235 of 260)"),
    ],
)
def test_a_false_figure_in_it_is_found(demo, page, right, false, says):
    assert right in page
    _, found = wrong(demo, page.replace(right, false))
    assert [each for each in found if says in each and QUARTER.title in each]
