"""The awkward return goes through: a page's worth of everything, and no fault of the suite.

The core of the matrix is part of `make test` and `make long`: each kind of period, audience, size
and state of the lists meets some of the others. `make matrix` collects the rest: every kind of
period with every size and audience, thousands of children, every notebook, the whole command.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path

import awkward
import pandas as pd
import pytest
import xml_writer
from builders import read, shared_record
from independent import slow_count, slow_services

from iro_analysis import codes, contracts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import InputError
from iro_analysis.indicators import evaluate
from iro_analysis.runner import outputs
from iro_analysis.study import Study

pytestmark = pytest.mark.slow

PERIODS = [
    "2019-20", "2019-20-Q3", "2019-20-H1", "2020-02-29:2020-02-29", "2019-03-31:2019-04-01",
    "2019-12-18:2020-01-03", "2020-02-01:2020-02-29", "2019-11-20:2020-01-02",
    "2018-05-01:2019-03-31", "2019-01-15:2020-01-14", "2018-03-01:2019-03-31",
    "2018-04-01:2020-03-31", "2016-04-01:2021-03-31",
]  # fmt: skip
AUDIENCES = ["committee", "internal"]
LISTS = ["many", "one", "none", "absent"]
KENT = "E10000016"  # any real code: with one the figures are compared with other areas'
CODES = ["", KENT]
# children, lists, bare, ons_code, period, audience
CORE = [
    (1, "many", True, "", "2020-02-29:2020-02-29", "internal"),
    (2, "one", False, KENT, "2019-12-18:2020-01-03", "committee"),
    (6, "absent", True, "", "2018-04-01:2020-03-31", "internal"),
    (6, "none", False, KENT, "2019-20-H1", "committee"),
    (60, "many", False, KENT, "2019-20", "committee"),
    (60, "many", True, "", "2019-01-15:2020-01-14", "internal"),
]
# ... and the notebook; the committee's page is made with each.
COMMANDS = [
    (40, "many", False, KENT, "2019-20", "committee", "committee_report"),
    (6, "absent", True, "", "2019-01-15:2020-01-14", "internal", "committee_report"),
]
LONG, LONG_COMMANDS = [], []
if "IRO_MATRIX" in os.environ:  # half an hour: not collected by `make test`
    LONG = [
        (size, LISTS[place % 4], bool(place // 4 % 2), CODES[place // 8 % 2], period, audience)
        for place, (period, audience, size) in enumerate(
            product(PERIODS, AUDIENCES, [1, 2, 6, 40, 300])
        )
    ]
    LONG += [
        (size, "many", False, CODES[place % 2], period, AUDIENCES[place % 2])
        for place, (size, period) in enumerate(product([1950, 3000, 6000], PERIODS[::4]))
    ]
    LONG_COMMANDS = [
        ([6, 40, 300][place % 3], LISTS[place % 4], bool(place % 2), CODES[place // 2 % 2],
         PERIODS[place % len(PERIODS)], AUDIENCES[place // 3 % 2], notebook)
        for place, notebook in enumerate(sorted(
            path.stem for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb")
        ) * 2)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def records(tmp_path_factory):
    made = {}

    def of(children, lists, bare, ons_code=""):
        key = (children, lists, bare, ons_code)
        if key not in made:
            folder = tmp_path_factory.mktemp("awkward") / "place"
            made[key] = CareRecord.of(
                read(awkward.write(folder, children, 1, lists, bare, ons_code))
            )
        return made[key]

    return of


def goes_through(record, name, audience):
    home = record.authority.home
    for file in record.authority.account.files:
        [path] = [p for p in home.rglob("*.csv") if p.as_posix().endswith(f"/{file.file}")]
        with path.open(encoding="utf-8", newline="") as stream:
            assert file.read == len(list(csv.DictReader(stream))), file.file
        assert file.read == file.used + file.set_aside
        assert file.used >= file.replaced + file.repeated
    study = Study.of_record(record, periods.single(name), audience)
    rows = list(study.everything)
    keys = {(row.measure, row.breakdown, row.group) for row in rows}
    assert len(keys) == len(rows), "a figure has two rows"
    report = study.report()
    pieces = [report.first_page(), report.check_before_signing(), report.for_decision(),
              report.for_young_people(), report.what_comes_next(), report.how_sure(),
              report.annexes(), *report.sections]  # fmt: skip
    page = "".join(piece._repr_html_() for piece in pieces)
    assert not re.search(r"<script>alert|<img src=x|href=.?javascript:|\x07|\u202e", page)
    assert not re.search(r"\bnan\b|\binf\b", re.sub(r"<[^>]*>", " ", page))
    return study


CASE = ("children", "lists", "bare", "ons_code", "period", "audience")


@pytest.mark.parametrize(
    CASE,
    [
        *CORE[:2],
        *(pytest.param(*case, marks=pytest.mark.slow) for case in CORE[2:4]),
        *(pytest.param(*c, marks=[pytest.mark.slow, pytest.mark.long]) for c in CORE[4:] + LONG),
    ],
)
def test_an_awkward_return_goes_through(records, children, lists, bare, ons_code, period, audience):
    goes_through(records(children, lists, bare, ons_code), period, audience)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize((*CASE, "notebook"), COMMANDS + LONG_COMMANDS)
def test_the_whole_command_makes_a_page_of_an_awkward_return(
    tmp_path, children, lists, bare, ons_code, period, audience, notebook
):
    place = awkward.write(tmp_path / "place", children, 1, lists, bare, ons_code)
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "iro_analysis", "report", period, "--data", place, "--out", out,
         "--audience", audience, "--notebook", notebook],
        capture_output=True, text=True, encoding="utf-8", timeout=1800, check=False,
        stdin=subprocess.DEVNULL, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", done.stdout + done.stderr)
    pages = list(out.rglob("*.html"))
    assert pages, done.stderr
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<script>alert|<img src=x|href=.?javascript:|\x07|\u202e", text)
    for path in out.rglob("figures.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        keys = {(row["period"], row["measure"], row["breakdown"], row["group"]) for row in rows}
        assert len(keys) == len(rows), "a figure has two rows"
        for row in rows:
            for value in row.values():
                # What a spreadsheet takes for a formula; a negative number is none.
                assert not re.match(r"[=+@\t\r]|-(?![\d.])", value), row


def test_a_return_without_a_child_is_refused_in_one_line(tmp_path):
    with pytest.raises(InputError, match="no Episodes file with a usable row"):
        read(awkward.write(tmp_path / "place", 0, lists="none"))


def test_the_awkward_return_holds_every_code_of_every_list(tmp_path):
    home = awkward.write(tmp_path / "place", 300)
    held = defaultdict(set)
    for path in home.rglob("ssda903/*/*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column, text in row.items():
                    held[path.stem, column].add(text)
    for module in contracts.modules().values():
        for column in module.columns:
            # Collected from 2023 on, where the returns end in 2021.
            if not column.code_list or (column.first_year or 0) > awkward.RETURNS[-1]:
                continue
            known = codes.CodeList(column.code_list).known()
            assert known - held[module.name.lower(), column.statutory] == set(), column.statutory
            if not column.required:
                assert "" in held[module.name.lower(), column.statutory], column.statutory


# What a label may not hold, and what stands for it.
AS_A_LABEL = {"| a | table |": "/ a / table /", "a @ b # c ~ d": "a at b no. c - d",
              "\x07": " ", "\x0b": " ", "\u202e": " "}  # fmt: skip
# A reading of the slow count alone, for which the suite has no breakdown.
OTHERWISE = [("pep_up_to_date", "latest row of each child")]


@pytest.fixture(scope="module")
def awkward_place(tmp_path_factory):
    return awkward.write(tmp_path_factory.mktemp("awkward") / "slow", 60)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2018-19", "2019-20", "2020-21", "2020-08-01:2021-01-31"])
def test_the_awkward_return_is_counted_as_the_slow_count_counts_it(awkward_place, name):
    record, period = shared_record(awkward_place), periods.single(name)
    slow = slow_count.count(awkward_place, period.start, period.end)
    whole = {("long_term_stability", "all"), ("three_or_more_placements", "all")}
    counted = {(measure, breakdown) for measure, breakdown, _ in slow} - whole
    if not period.is_year:  # a part of a year looks at rolling twelve months
        counted.discard(("placements_in_year", "placements"))
    counted = {each for each in counted if each[0] != "adults_open"}
    assert len(counted) > 12
    for measure, breakdown in sorted(counted):
        rows = evaluate.figures(record, period, measure, breakdown)
        fast = {row.group: int(row.value) for row in rows.itertuples() if row.value}
        expected = {
            group: n for (m, b, group), n in slow.items() if (m, b) == (measure, breakdown) and n
        }
        assert fast == expected, (measure, breakdown)
    [stable] = evaluate.figures(record, period, "long_term_stability", "all").itertuples()
    assert (stable.numerator, stable.denominator) == (
        slow["long_term_stability", "all", "numerator"],
        slow["long_term_stability", "all", "denominator"],
    )
    if period.is_year:
        [many] = evaluate.figures(record, period, "three_or_more_placements", "all").itertuples()
        assert many.numerator == slow["three_or_more_placements", "all", "all"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["2018-19", "2019-20", "2020-21-Q3"])
def test_the_services_of_the_awkward_return_agree_with_the_slow_count(awkward_place, name):
    record, period = shared_record(awkward_place), periods.single(name)
    slow = slow_services.services(awkward_place, period.start, period.end)
    fast = {
        (measure, row.breakdown, row.group): row
        for measure in {measure for measure, _, _ in slow}
        for row in evaluate.figures(record, period, measure).itertuples()
    }
    compared = 0
    for (measure, breakdown, group), (numerator, denominator, value) in slow.items():
        if (measure, breakdown) in OTHERWISE:
            continue
        for text, label in AS_A_LABEL.items():
            group = group.replace(text, label)
        row = fast.get((measure, breakdown, group.strip()))
        said = (measure, breakdown, group, numerator, denominator, value, row)
        compared += 1
        if value is None:
            assert row is None or row.status == "not_available", said
        elif row is None or row.status != "ok":
            assert (row is not None and "three years" in row.note) or (value == 0 and not row), said
        else:
            assert row.value == pytest.approx(value), said
            assert pd.isna(row.numerator) or row.numerator == pytest.approx(numerator), said
            assert pd.isna(row.denominator) or row.denominator == pytest.approx(denominator), said
    assert compared > 200


@pytest.fixture(scope="module")
def awkward_twice(tmp_path_factory):
    place = tmp_path_factory.mktemp("awkward")
    of_csv = awkward.write(place / "csv" / "same", 60, every_header=True)
    of_xml = xml_writer.convert(of_csv, place / "xml" / "same")
    shutil.copytree(of_csv / "local", of_xml / "local")
    shutil.copy(of_csv / "authority.toml", of_xml)
    return read(of_csv), read(of_xml)


@pytest.mark.slow
@pytest.mark.parametrize(
    "period", [pytest.param("2019-20", marks=pytest.mark.long), "2020-08-01:2021-01-31"]
)
def test_the_awkward_return_as_xml_gives_the_same_figures(awkward_twice, period):
    of_csv, of_xml = (
        outputs.figures_text(Study.of(each, periods.single(period), "internal").everything.figures)
        for each in awkward_twice
    )
    assert of_csv == of_xml
