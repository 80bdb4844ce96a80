"""Reading printed reports: each phrase with the figure that it says, and what is not guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_analysis.errors import InputError
from iro_analysis.proofreading import checks, documents, phrases
from iro_analysis.proofreading.figures import Place

HERE = Place("a report", 1)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        pytest.param("Of these, 110 (32%) live in Bromley homes.", [(110, None, "32")], id="n (p)"),
        pytest.param("In all 34% (110 of 328) do.", [(110, 328, "34")], id="p (n of m)"),
        pytest.param("110 of 328 children (34%) do.", [(110, 328, "34")], id="n of m (p)"),
        pytest.param("110 out of the 328 are.", [(110, 328, None)], id="n out of m"),
        pytest.param("It was 21% (6 pupils).", [(6, None, "21")], id="p (n noun)"),
        pytest.param("It was 45% 18 pupils.", [(18, None, "45")], id="p n noun"),
        pytest.param("24% of 19 pupils passed.", [(None, 19, "24")], id="p of n: no count"),
        pytest.param("206 more (122% more) now.", [], id="a change is no share"),
        pytest.param("A rate of 64 per 10,000.", [(None, None, "64")], id="rate"),
        pytest.param("44 in every 10,000 children.", [(None, None, "44")], id="rate in words"),
        pytest.param("Three young people on remand (1%).", [(3, None, "1")], id="number in words"),
        pytest.param("72 children, including 20 who came alone (21%).", [(72, None, "21")],
                     id="the clause's first count owns the share"),
        pytest.param("992 reviews, of which 905 (91%) were in time.",
                     [(992, None, None), (905, 992, "91")], id="of which: the first is the total"),
        pytest.param("40 boys, including 20 (6%) who came alone.",
                     [(40, None, None), (20, None, "6")], id="the count at the bracket owns it"),
        pytest.param("Of the 1,240 children, 620 (50%) are boys.",
                     [(1240, None, None), (620, 1240, "50")], id="of the n"),
        pytest.param("194 (59%) of 328 children.", [(194, 328, "59")], id="n (p) of m"),
        pytest.param("59% (194/328) and 134/328 (41%).", [(194, 328, "59"), (134, 328, "41")],
                     id="with a stroke"),
        pytest.param("59% (n = 194).", [(194, None, "59")], id="n ="),
        pytest.param("Over the year 95% of them, aged 4, 45%.", [(None, None, "95"),
                     (None, None, "45")], id="a year is not the share behind it"),
        pytest.param("12 children may leave; 9 may stay (1 in 4).", [(12, None, None)], id="may"),
        pytest.param("1,240 children (6.5 per cent).", [(1240, None, "6.5")], id="thousands"),
        pytest.param("348 children in March 2019.", [(348, None, None)], id="dated"),
        pytest.param("Aged 10-17 on 31 March 2020 for 2.5 years, under 18.", [], id="no figure"),
        pytest.param("Require a report on item 1 by 30 June 2021.", [], id="an item of a list"),
        pytest.param("Section 20, 2019/20, Covid-19, grade 4, KS4, 0-4 years.", [], id="codes"),
        pytest.param("It asks authorities whose rate is above 10 per 10,000 for no more.", [],
                     id="a limit for others"),
        pytest.param("3 or more moves within 20 miles and 6 months.", [], id="limits"),
    ],
)  # fmt: skip
def test_a_phrase_is_read(text, figures):
    found = phrases.figures_of(text, HERE)
    read = [(f.count, f.total, str(f.printed) if f.printed is not None else None) for f in found]
    assert read == figures


def test_of_these_means_the_number_before():
    text = "We issued proceedings for 102 children. Of these, 61 children (60%) stayed."
    [*_, last] = documents.read_text(text, "r.txt").figures
    assert (last.count, last.total, last.printed) == (61, 102, Decimal(60))


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("44 per 10,000 (a national average of 64 per 10,000)", ["", "England"]),
        ("43%, which is above the London average of 39%", ["", "London"]),
        ("below the national average (30% here against 37% in London)", ["", "London"]),
        ("41% have a plan against 27% of children looked after nationally", ["", "England"]),
        ("It is lower than in England (67%) and outer London (45%).", ["England", "Outer London"]),
        ("the London Borough of Bromley has 12% of them", [""]),
    ],
)
def test_a_figure_has_the_area_that_its_words_join_to_it(text, areas):
    assert [figure.area for figure in documents.read_text(text, "r.txt").figures] == areas


TABLE = """
| Group | Children | Share |
|---|---:|---:|
| Boys | 194 | 59% |
| Girls | 134 | 41% |
| Under 1 | [c] | [c] |
| Total | 328 | 100% |
"""


def test_a_markdown_table_gives_counts_totals_and_shares_with_their_lines():
    document = documents.read_text(TABLE, "r.md")
    boys, girls, total = document.figures
    assert (boys.count, boys.total, boys.printed, boys.place.line) == (194, 328, Decimal(59), 4)
    assert "Girls" in str(girls.place)
    assert total.count == 328
    assert document.unread == ()


def test_a_page_gives_the_same_as_its_text():
    page = (
        "<html><head><title>9%</title><style>p{width:50%}</style></head><body><p>In all 34%"
        " (110&nbsp;of&nbsp;328)\n do.</p><table><tr><th>Year<th>Number<th>Of<th>Percentage</tr>"
        "<tr><th>2019</th><td>9</td><td>31</td><td>29%</td></tr></table><svg><text>7%</text></svg>"
    )
    document = documents.read_html(page, "r.html")
    read = [(f.count, f.total, str(f.printed)) for f in document.figures]
    assert read == [(110, 328, "34"), (9, 31, "29")]
    assert [unread.text for unread in document.unread] == ["a chart or picture"]


def test_a_list_of_figures_is_read_and_what_is_no_number_is_listed(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text(
        "label,count,total,printed,unit,area,period,measure\n"
        "Care orders,177,348,51%,,,2019-20,\n"
        "Rate,330,74982,44,per_10000,Bromley,2020,looked_after_rate\n"
        "A third,about 30,90,33%,,,,\n"
        "No unit,3,,3,pounds,,,\n"
        "Hidden,,330,c,percent,,,\n",
        encoding="utf-8",
    )
    document = documents.read(path)
    assert [(f.count, f.total, f.unit) for f in document.figures] == [
        (177, 348, "percent"),
        (330, 74982, "per_10000"),
    ]
    assert [(one.place.line, one.why) for one in document.unread] == [
        (4, "count 'about 30' is no whole number"),
        (5, "unit 'pounds' is not one of percent, per_10000, count, children, reviews"),
        (6, "printed 'c': hidden by DfE, to protect children"),
    ]


def test_what_cannot_be_read_is_listed_not_guessed():
    text = "About three quarters came.\n\nSome % of them.\n\n![a chart](chart.png)\n"
    unread = documents.read_text(text, "r.md").unread
    assert sorted(one.place.line for one in unread) == [1, 3, 5]


@pytest.mark.parametrize("name", ["report.docx", "report.pdf", "missing.txt"])
def test_a_file_that_is_no_report_is_refused(tmp_path, name):
    if "missing" not in name:
        (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError):
        documents.read(tmp_path / name)


PIECES = """
the 5 12 328 1,240 0 100 3% 45% 0% (32%) (18 pupils) of these children of 31 from to rose fell
in total. In March 2020 aged 10-17 national average | % per 10,000 compared with Total # - <td>
<tr> </table> <table> Of the 10 families. The other two majority (60%)
"""
WORDS = st.sampled_from([*PIECES.split(), "\t", "\n", "\n\n"])


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_any_text_is_read_without_a_fault_and_every_finding_says_what_to_print(text):
    for read in (documents.read_text, documents.read_html):
        for finding in checks.against_itself(read(text, "r")):
            assert finding.says
            assert finding.instead
            assert finding.arithmetic


@given(st.text(max_size=200))
def test_no_text_stops_the_reader(text):
    checks.against_itself(documents.read_text(text, "r"))
    checks.against_itself(documents.read_html(text, "r"))


@pytest.mark.parametrize("name", ["percentage", "Percent", "per cent", "%", "PRINTED"])
def test_a_column_of_a_list_is_known_by_its_other_names(tmp_path, name):
    path = tmp_path / "list.csv"
    path.write_text(f"label,count,total,{name}\nAttended,10,20,60\n", encoding="utf-8")
    document = documents.read(path)
    assert [figure.printed for figure in document.figures] == [60]
    assert document.unread == ()


def test_a_column_that_is_not_read_is_named(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "label,count,total,printed,percent,rise\nAttended,10,20,50,60,4\n", encoding="utf-8"
    )
    unread = documents.read(path).unread
    assert [one.text for one in unread] == ["column 'PERCENT'", "column 'RISE'"]
    assert all("nothing in it is read" in one.why for one in unread)


def in_table(heads, *rows, caption=""):
    """A page with one table, as figures: (row's label, column, area, number)."""
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    body = "".join(
        f"<tr><th>{label}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for label, *cells in rows
    )
    page = f"<table><caption>{caption}</caption><tr>{head}</tr>{body}</table>"
    return documents.read_html(page, "r.html").figures


def test_a_row_that_names_an_area_in_a_column_is_that_areas():
    figures = in_table(
        ["Measure", "Area", "Figure"],
        ["Full care order", "England", "60%"],
        ["Full care order", "Statistical neighbours (2021 model)", "57%"],
        ["Full care order", "Bromley", "54%"],
    )
    assert [f.area for f in figures] == ["England", "Statistical neighbours", ""]
    assert {f.subject for f in figures} == {"full_care_order"}


def test_a_column_of_an_area_is_read_by_its_head_where_another_head_holds_a_percentage():
    figures = in_table(
        ["Group", "Share", "England", "Similar areas", "0 to 100%"],
        ["Boys", "59%", "56%", "57%", ""],
    )
    assert [(f.area, str(f.printed)) for f in figures] == [
        ("", "59"), ("England", "56"), ("Statistical neighbours", "57"),
    ]  # fmt: skip


def test_ages_in_rows_of_different_things_are_different_subjects():
    work, homes, alone = in_table(
        ["Measure", "2019-20"],
        ["In work or study, aged 17 to 18", "62%"],
        ["In suitable homes, aged 17 to 18", "77%"],
        ["Children aged 10 to 15", "43%"],
    )
    assert work.subject != homes.subject
    assert alone.measure == "age_share"


def test_a_figure_of_the_year_before_is_of_an_earlier_time():
    text = "Immunisations: 95% are up to date, against 87% a year before and 89% last year."
    found = documents.read_text(text, "r.txt").figures
    assert [f.period for f in found] == ["", "earlier", "earlier"]


def test_a_year_in_a_tables_head_is_no_month():
    from iro_analysis.proofreading.totals import dated_totals

    page = (
        "<table><tr><th>Measure</th><th>2011-12</th><th>2019-20</th></tr>"
        "<tr><th>Children looked after</th><td>310</td><td>328</td></tr></table>"
    )
    assert dated_totals(documents.read_html(page, "r.html")) == []
    [total] = dated_totals(documents.read_text("348 children in March 2019.", "r.txt"))
    assert total.count == 348
