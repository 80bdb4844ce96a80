"""The report as workbook and pictures, and the working lists: read back and held to the figures."""

from __future__ import annotations

import math
import re
import shutil
from typing import get_args

import docx
import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from builders import shared_study, write_return

from iro_analysis import catalogue
from iro_analysis.cli import main
from iro_analysis.contracts import ALL
from iro_analysis.errors import InputError
from iro_analysis.exports import sheets
from iro_analysis.exports.document import add_blocks, write_document
from iro_analysis.exports.figures_workbook import write_figures_workbook
from iro_analysis.exports.working_lists import working_lists, write_working_lists
from iro_analysis.periods import single
from iro_analysis.report.blocks import Column, ColumnKind, Exhibit, Group, Paragraph, Row, Section
from iro_analysis.report.text import Text
from iro_analysis.study import Study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def committee(demo) -> Study:
    return shared_study(demo, single("2019-20"), "committee")


@pytest.fixture(scope="module")
def internal(demo) -> Study:
    return shared_study(demo, single("2019-20"), "internal")


@pytest.fixture(scope="module")
def workbook(committee, tmp_path_factory):
    path = tmp_path_factory.mktemp("workbook") / "figures.xlsx"
    write_figures_workbook(committee, path)
    return openpyxl.load_workbook(path)


def table_of(sheet) -> pd.DataFrame:
    [table] = sheet.tables.values()
    head, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return pd.DataFrame(rows, columns=head)


def test_the_workbook_holds_every_figure_of_the_report(committee, workbook):
    written = pd.concat(
        [table_of(workbook[section]) for section in catalogue.sections()], ignore_index=True
    )
    figures = committee.everything.figures
    # Groups that are published only in combination with others have no row of their own.
    combined = sum(
        len(committee.published(entry.id, breakdown).given_together)
        for entry in catalogue.measures().values()
        for breakdown in entry.breakdowns
    )
    assert len(written) == len(figures) - combined
    shown = figures[figures["status"].eq("ok")]
    numbers = pd.to_numeric(written["Value"], errors="coerce").dropna()
    expected = shown["value"][shown["value"].map(math.isfinite)]
    assert sorted(numbers) == pytest.approx(sorted(expected))
    assert written["Value"].eq("[c]").sum() == figures["status"].eq("suppressed").sum()
    not_available = figures["status"].eq("not_available").sum()
    assert written["Value"].eq("[x]").sum() == not_available - combined


def test_one_row_of_the_workbook_as_worked_out_by_hand(workbook):
    rows = table_of(workbook["Children looked after"])
    total = rows[rows["Measure"].eq("Children looked after") & rows["Broken down by"].eq("All")]
    assert total.iloc[0][["Numerator", "Value", "Unit"]].tolist() == [328, 328, "Children"]


def test_the_workbook_follows_the_guidance_on_spreadsheets(workbook):
    assert workbook.properties.language == "en-GB"
    assert workbook.properties.title
    assert workbook.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    for sheet in workbook.worksheets:
        assert sheet["A1"].value
        assert sheet["A1"].style == "Headline 1"
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert sheet.sheet_state == "visible"
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())
        for table in sheet.tables.values():
            assert table.autoFilter is None
            cells = [cell for row in sheet[table.ref] for cell in row]
            assert not [cell.coordinate for cell in cells if cell.value in ("", None)]
    names = [name for sheet in workbook.worksheets for name in sheet.tables]
    assert len(names) == len(set(names)) >= len(catalogue.sections())


def test_headings_and_symbols_stand_as_the_numbers_of_their_column(workbook):
    sheet = workbook["Children looked after"]
    [table] = sheet.tables.values()
    head, *rows = sheet[table.ref]
    columns = {cell.value: [head[n], *(row[n] for row in rows)] for n, cell in enumerate(head)}
    for name, cells in columns.items():
        numbers = name in ("Numerator", "Denominator", "Value", "Range from", "Range to")
        at_the_side = {cell.alignment.horizontal for cell in cells if cell.data_type == "s"}
        assert at_the_side == {"right" if numbers else "left"}, name
    assert {cell.alignment.indent for cell in columns["Unit"]} == {1}


def test_each_sheet_is_linked_from_the_contents(workbook):
    linked = {
        cell.hyperlink.location.split("!")[0].strip("'")
        for [cell] in workbook["Contents"].iter_rows(max_col=1)
        if cell.hyperlink
    }
    assert linked == set(workbook.sheetnames) - {"Contents"}


def test_symbols_are_explained_above_the_table(workbook):
    sheet = workbook["Health"]
    [table] = sheet.tables.values()
    first = int(table.ref.split(":")[0][1:])
    above = " ".join(str(sheet.cell(row, 1).value) for row in range(1, first))
    assert all(symbol in above for symbol in ("[c]", "[x]", "[z]"))


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    book = sheets.new_workbook("=1+1", "")
    sheets.add_table_sheet(
        book, "a/b:c", ["=HYPERLINK(1)", "n"], [["@SUM(A1)", 1], ["+2", None]], []
    )
    sheets.save(book, tmp_path / "text.xlsx")
    [sheet] = openpyxl.load_workbook(tmp_path / "text.xlsx").worksheets
    assert sheet.title == "abc"
    for row in sheet.iter_rows():
        assert not any(cell.data_type == "f" for cell in row)


def test_an_empty_table_says_that_there_is_nothing(tmp_path):
    book = sheets.new_workbook("Empty", "")
    sheet = sheets.add_table_sheet(book, "Nothing", ["Child", "Due"], [], ["Note."])
    assert [cell.value for cell in sheet[4]] == ["None", "[z]"]


@pytest.mark.parametrize(
    ("name", "measure", "counted"),
    [
        ("reviews_late", "reviews_on_time", False),
        ("reviews_overdue", "reviews_overdue", True),
        ("permanence_plans", "permanence_plan_missing", True),
        ("health_assessments", "health_assessment", False),
        ("return_interviews", "return_interviews", False),
        ("education_plans", "pep_up_to_date", False),
    ],
)
def test_a_working_list_has_as_many_rows_as_its_figure(internal, name, measure, counted):
    [found] = [each for each in working_lists(internal) if each.name == name]
    [figure] = list(internal.published(measure, ALL))
    expected = figure.numerator if counted else figure.denominator - figure.numerator
    assert len(found.rows) == expected > 0


def test_late_reviews_are_sorted_by_days_late(internal):
    [late] = [each for each in working_lists(internal) if each.name == "reviews_late"]
    first = late.rows.iloc[0]
    assert (
        first["Days late"]
        == (first["Held on"] - first["Due by"]).days
        == late.rows["Days late"].max()
    )


def test_working_lists_name_the_officer_where_a_list_says_who(demo, tmp_path, internal):
    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    [late] = [each for each in working_lists(internal) if each.name == "reviews_late"]
    child = late.rows.iloc[0]["Child"]
    (folder / "local" / "allocations.csv").write_text(
        f"child,officer,from,to\n{child},A,01/04/2018,01/04/2019\n{child},B,01/04/2019,\n", "utf-8"
    )
    study = Study.open(str(folder), "2019-20", "internal")
    [late] = [each for each in working_lists(study) if each.name == "reviews_late"]
    by_child = dict(zip(late.rows["Child"], late.rows["Officer"], strict=True))
    assert by_child.pop(child) == "B"
    assert set(by_child.values()) == {"Not allocated"}


def test_the_working_lists_are_marked_and_can_be_filtered(internal, tmp_path):
    write_working_lists(internal, tmp_path / "lists.xlsx")
    book = openpyxl.load_workbook(tmp_path / "lists.xlsx")
    for sheet in book.worksheets:
        assert "OFFICIAL-SENSITIVE" in str(sheet["A2"].value)
        assert all(table.autoFilter is not None for table in sheet.tables.values())
    # Reviews are late in the year; one is overdue on its last day.
    assert book["Reviews held late"]["A3"].value == "1 April 2019 to 31 March 2020."
    assert book["Reviews overdue"]["A3"].value == "On 31 March 2020."


@pytest.mark.parametrize("ending", [pytest.param("png", marks=pytest.mark.long), "svg"])
def test_a_chart_is_written_with_its_source(tmp_path, ending, capsys, figures_once):
    path = tmp_path / f"age.{ending}"
    asked = ["looked_after", "--period", "2019-20", "--by", "age_band", "--file", str(path)]
    assert main(["chart", *asked, "--out", str(tmp_path)]) == 0
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG") if ending == "png" else b"Source:" in content
    [line] = capsys.readouterr().err.splitlines()
    assert "no committee report of 2019-20" in line


def test_a_measure_without_a_chart_is_refused_in_one_line(tmp_path, capsys, figures_once):
    asked = ["chart", "gcse_trend", "--by", "measure", "--period", "2019-20"]
    assert main([*asked, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_workbook_is_the_same_bytes_for_the_same_figures(committee, workbook, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_figures_workbook(committee, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.fixture(scope="module")
def document(committee, tmp_path_factory):
    path = tmp_path_factory.mktemp("document") / "report.docx"
    write_document(committee, path)
    return docx.Document(str(path))


def words_of(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_document_says_what_the_page_says(committee, document):
    said = " ".join(words_of(document).split())
    report = committee.report()
    for section in report.sections:
        assert " ".join(str(section.finding).split()) in said
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert " ".join(str(block.line).split()) in said


def test_every_number_of_the_document_is_one_of_the_page(committee, document):
    """The page's numbers are held to figures.csv by their own test; so these are too."""
    report = committee.report()
    page = BeautifulSoup(report.first_page().html, "html.parser").get_text(" ")
    page += " ".join(
        BeautifulSoup(section.html, "html.parser").get_text(" ") for section in report.sections
    )
    page += " ".join(committee.words.facts.values()) + committee.period.title
    known = set(re.findall(r"\d[\d,.]*\d|\d", page))
    found = set(re.findall(r"\d[\d,.]*\d|\d", words_of(document)))
    assert found - known == set()


def test_the_document_is_accessible(document):
    assert document.core_properties.title
    assert document.core_properties.language == "en-GB"
    levels = [
        int(paragraph.style.name.removeprefix("Heading "))
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert set(levels) == {1, 2}
    assert levels[0] == 1
    for table in document.tables:
        assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
    pictures = document.element.body.xpath(".//wp:docPr")
    assert pictures
    assert all(picture.get("descr").startswith("Line chart.") for picture in pictures)


def test_each_numbered_list_of_the_document_begins_at_one(document):
    numbers = [
        paragraph._p.pPr.numPr.numId.val
        for paragraph in document.paragraphs
        if paragraph.style.name == "List Number"
    ]
    assert len(set(numbers)) >= 2


@pytest.mark.parametrize(
    "period", [pytest.param("2019-20-Q3", marks=pytest.mark.long), "2022-08-01:2023-01-31"]
)
def test_a_document_is_written_for_a_part_of_a_year(demo, tmp_path, period):
    write_document(shared_study(demo, single(period), "internal"), tmp_path / "report.docx")
    assert "OFFICIAL-SENSITIVE" in words_of(docx.Document(str(tmp_path / "report.docx")))


def with_template(tmp_path, name: str) -> Study:
    rows = [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]
    folder = write_return(tmp_path / "small", rows)
    text = f'name = "Small"\ntemplate = "{name}"\n'
    (folder / "authority.toml").write_text(text, encoding="utf-8")
    return Study.open(str(folder), "2019-20-Q3", "internal")


def test_a_table_with_every_kind_of_column_is_written():
    kinds = get_args(ColumnKind)
    columns = tuple(Column(kind.title(), kind) for kind in kinds)
    row = Row(Text("Reviews"), tuple(None for _ in kinds))
    written = docx.Document()
    add_blocks(
        written,
        Section("s", "s", Text("s"), (Exhibit("t", "A table", columns, (Group("", (row,)),)),)),
    )
    head, line = ([cell.text for cell in row.cells] for row in written.tables[0].rows)
    assert head[1:] == ["Number", "Main", "Change", "Words"]  # all but the drawing
    assert line == ["Reviews", "–", "–", "", "–"]


def test_the_council_s_own_styles_are_used(tmp_path):
    study = with_template(tmp_path, "council.docx")
    own = docx.Document()
    own.styles["Heading 1"].font.name = "Georgia"
    own.add_paragraph("What the template says")
    own.save(str(study.authority.home / "council.docx"))
    write_document(study, tmp_path / "report.docx")
    made = docx.Document(str(tmp_path / "report.docx"))
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert "What the template says" not in words_of(made)


def test_a_template_that_is_not_there_is_refused_in_one_line(tmp_path):
    study = with_template(tmp_path, "council.dotx")
    with pytest.raises(InputError, match=r"template = 'council.dotx': expected a Word document"):
        write_document(study, tmp_path / "report.docx")
