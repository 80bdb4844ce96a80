"""Proof-reading DfE's own tables, and errors seeded in them: found in the share that can be."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pandas as pd
import pytest

from iro_analysis import codes
from iro_analysis.comparators.files import EES, read_folder
from iro_analysis.comparators.layouts import cells_of
from iro_analysis.comparators.publications import Publications
from iro_analysis.proofreading import checks, documents, published_tables
from iro_analysis.proofreading.comparators import Comparison, report_area, report_year, year_of
from iro_analysis.proofreading.figures import PERCENT, RATE, Document

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def files(shared):
    return [file for file in read_folder(shared / "data" / "dfe") if file.kind == EES]


@pytest.fixture(scope="module")
def tables(files):
    return [published_tables.of_published(file) for file in files]


@pytest.fixture(scope="module")
def shares(tables):
    """Percentages of authorities with a count and a total of one release, totals left out."""
    name = "on_31_march_by_characteristics"
    table = [one for one in tables if name in one.file and one.listed][-1]
    return [figure for figure in table.listed if figure.unit == PERCENT and figure.printed < 100]


def test_no_false_alarm_in_any_cell_but_the_known_exceptions(tables):
    found = [finding for table in tables for finding in checks.against_itself(table)]
    assert found == []
    cells = [figure for table in tables for figure in table.listed]
    assert sum(figure.unit == PERCENT for figure in cells) > 200_000
    assert sum(figure.unit == RATE for figure in cells) > 4_000
    known = sorted(one.place.cell for table in tables for one in table.unread)
    assert known == ["Croydon, 2021", "Dorset, 2019", "Dorset, 2019"]


# Characteristics of DfE's files whose parts, all of them shown, make the total.
PARTITIONS = re.compile(
    "^(?:Age group|Gender|Sex|Ethnicity|Legal status|Placement|Category of need"
    "|Locality of placement|Distance between home and placement.*|Place providers|LA of placement"
    "|Unaccompanied asylum-seeking children|Age on ceasing|Reason episode ceased|Adopted"
    "|Special guardianship orders)$"
)


def wrong_sums(file):
    """Return area, year and characteristic of the tables whose parts miss their total."""
    rows = cells_of(file)
    full = (rows["level"] == published_tables.AUTHORITY) & rows["group"].str.match(PARTITIONS)
    totals = "|".join(codes.record("published_layouts")["totals"]["patterns"])
    rows = rows[full].assign(number=lambda each: pd.to_numeric(each["count"], errors="coerce"))
    is_total = rows["characteristic"].str.contains(totals)
    keys = ["area", "year", "group"]
    added = rows[~is_total].groupby(keys)["number"].sum(min_count=1)
    complete = rows[~is_total].groupby(keys)["number"].agg(lambda parts: parts.notna().all())
    whole = rows[is_total].groupby(keys)["number"].first()
    both = pd.DataFrame({"added": added[complete], "whole": whole}).dropna()
    return both[both["added"] != both["whole"]].index.tolist()


def test_parts_of_every_full_table_make_their_total(files):
    assert [finding for file in files for finding in wrong_sums(file)] == []


def half_up(count: int, total: int, places: int) -> Decimal:
    """The share by a formula of its own: whole numbers only."""
    scale = 100 * 10**places
    return Decimal((2 * scale * count + total) // (2 * total)).scaleb(-places)


def found_in(figures) -> set[int]:
    """The numbers of the figures in which something was found."""
    listed = tuple(
        replace(figure, place=replace(figure.place, line=line))
        for line, figure in enumerate(figures)
    )
    return {one.place.line for one in checks.against_itself(Document("dfe", listed=listed))}


def can_be_found(figures) -> set[int]:
    return {
        line
        for line, figure in enumerate(figures)
        if figure.count > figure.total or half_up(figure.count, figure.total, 0) != figure.printed
    }


def count_off_by_one(figures):
    return [replace(figure, count=figure.count + 1) for figure in figures]


def last_years_total(figures):
    totals = {(f.area, f.label, f.period): f.total for f in figures}
    wrong = []
    for figure in figures:
        before = totals.get((figure.area, figure.label, str(int(figure.period) - 1)))
        if before and before != figure.total:
            wrong.append(replace(figure, total=before))
    return wrong


def swapped_areas(figures):
    """Each authority's share beside the count and total of the next one in the table."""
    return [
        replace(here, count=there.count, total=there.total)
        for here, there in pairwise(figures)
        if here.label == there.label or here.area != there.area
    ]


def cut_off(figures):
    return [
        replace(figure, printed=Decimal(100 * figure.count // figure.total)) for figure in figures
    ]


@pytest.mark.parametrize(
    ("seed", "least"),
    [
        (count_off_by_one, 0.2),
        (swapped_areas, 0.5),
        pytest.param(last_years_total, 0.2, marks=pytest.mark.long),
        pytest.param(cut_off, 0.3, marks=pytest.mark.long),
    ],
)
def test_seeded_errors_are_found_exactly_where_arithmetic_allows(shares, seed, least):
    wrong = seed(shares)
    expected = can_be_found(wrong)
    assert found_in(wrong) == expected
    assert len(expected) / len(wrong) > least


def test_a_wrong_rounding_is_told_from_a_wrong_figure(shares):
    found = checks.against_itself(Document("dfe", listed=tuple(cut_off(shares)[:3000])))
    assert len(found) > 1000
    assert {one.severity for one in found} == {"look at it"}
    halves = [one for one in found if "with its half rounded to the even" in one.says]
    assert all("cut off" in one.says for one in found if one not in halves)
    assert len(halves) < len(found) / 50


def test_a_part_off_by_one_breaks_its_table(files):
    [file] = [file for file in files if "2025 release" in file.release and "ceased" in file.name]
    rows = file.rows.copy()
    shown = cells_of(file)
    full = shown[(shown["group"] == "Sex") & (shown["level"] == "Local authority")]
    full = full[full.groupby(["year", "area"])["count"].transform(lambda n: n.str.isdigit().all())]
    line = full[full["characteristic"] == "Female"].index[0]
    rows.loc[line, "number"] = str(int(rows.loc[line, "number"]) + 1)
    [one] = wrong_sums(replace(file, rows=rows))
    assert one == (full.loc[line, "area"], full.loc[line, "year"], "Sex")


def test_a_file_of_dfe_is_proof_read_as_it_is(shared):
    path = shared / "data" / "dfe" / "release2025" / "la_cla_swcount.csv"
    document = documents.read(path)
    assert len(document.figures) > 250
    assert checks.against_itself(document) == []


@pytest.fixture(scope="module")
def dfe(shared):
    return Publications.of(shared / "data" / "dfe")


def compared(text, dfe, own="Bromley", year=2020):
    document = documents.read_text(text, "report.md")
    return [(one.severity, one.says) for one in Comparison(document, dfe, own, year).check()]


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        ("The rate is 44 per 10,000 children (a national average of 64 per 10,000).", "wrong",
         "it is England's of 2018"),
        ("30% were aged 16-17 compared with a national average of 37%. London is higher: a London "
         "average of 37% are aged 16-17.", "wrong", "it is London's figure for 2020"),
        ("43% were aged 10-15, above the London average of 39% and a national average of 39%.",
         "wrong", "it is England's figure for 2020"),
        ("Long term stability was 56%. The national benchmark is 69%.", "wrong", "of 2018"),
        ("A very slight decrease saw 95% of children up to date with their immunisations.",
         "look at it", "a rise"),
        ("Long term placement stability increased to 60%.", "look at it", "DfE published 56%"),
    ],
)  # fmt: skip
def test_a_figure_of_another_area_or_year_is_named_as_such(dfe, text, severity, words):
    found = compared(text, dfe)
    assert any(severity == how and words in what for how, what in found), found


@pytest.mark.parametrize(
    "text",
    [
        "The rate is 44 per 10,000 children (a national average of 67 per 10,000).",
        "The national average is 68 per 10,000 children.",
        "30% were aged 16-17 compared with a national average of 24%.",
        "Long term placement stability was 56%. The national benchmark is 68%.",
        "41% of our children have an EHCP compared with 27% of children nationally.",
        "Three or more placements fell from 11% to 10%.",
        "A rise saw 95% of children up to date with their immunisations.",
        "122 per 10,000 children nationally started.",
    ],
)
def test_what_dfe_published_in_some_release_is_left_alone(dfe, text):
    assert compared(text, dfe) == []


def test_swapped_areas_in_a_list_are_found_where_the_two_differ(dfe, tmp_path):
    areas = ["England", "London", "Outer London", "Kent", "Leeds"]
    rows, expected = ["label,printed,unit,area,period,measure"], 0
    for year in range(2018, 2026):
        for here, there in pairwise(areas):
            mine, theirs = (
                {one.value for one in dfe.answers("long_term_stability", area, year)}
                for area in (here, there)
            )
            if mine and theirs:
                rows.append(f"Stability,{max(theirs)},percent,{here},{year},long_term_stability")
                expected += max(theirs) not in mine
    path = tmp_path / "list.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = Comparison(documents.read(path), dfe, "Bromley", 2020).check()
    assert len(found) == expected > 10


def test_the_report_of_2019_20_is_held_to_dfe(dfe, shared):
    document = documents.read(shared / "seeds" / "annual_report_2019-20.txt")
    assert (report_area(document, dfe), report_year(document)) == ("Bromley", 2020)
    found = Comparison(document, dfe, "Bromley", 2020).check()
    assert sorted((one.place.line, one.printed) for one in found) == [
        (247, "64 per 10,000"), (258, "37%"), (258, "39%"),
        (269, "177 children subject of Care Orders (51%)"),
        (269, "64 children subject of Interim Care Orders (19%)"),
        (274, "60%"), (274, "60%"), (274, "69%"), (292, "95%"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year"),
    [("2019-20", 2020), ("2019/2020", 2020), ("March 2020", 2020), ("1999-00", 2000), ("", None)],
)
def test_a_printed_year_is_the_one_in_which_it_ends(text, year):
    assert year_of(text) == year
