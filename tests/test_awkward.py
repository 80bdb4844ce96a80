"""The awkward return goes through: a page's worth of everything, and no fault of the suite.

The core of the matrix is part of `make test`: each kind of period, audience, size and state of
the lists meets some of the others. `make matrix` collects the rest: every kind of period with every
size and audience, thousands of children, every notebook, the whole command.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path

import awkward
import pytest
from builders import read
from independent import slow_count

from iro_analysis import codes, contracts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import InputError
from iro_analysis.indicators import evaluate
from iro_analysis.study import Study

PERIODS = [
    "2019-20", "2019-20-Q3", "2019-20-H1", "2020-02-29:2020-02-29", "2019-03-31:2019-04-01",
    "2019-12-18:2020-01-03", "2020-02-01:2020-02-29", "2019-11-20:2020-01-02",
    "2018-05-01:2019-03-31", "2019-01-15:2020-01-14", "2018-03-01:2019-03-31",
    "2018-04-01:2020-03-31", "2016-04-01:2021-03-31",
]  # fmt: skip
AUDIENCES = ["committee", "internal"]
LISTS = ["many", "one", "none", "absent"]
KENT = "E10000016"  # any real code: with one the figures stand beside other areas'
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
if "IRO_MATRIX" in os.environ:  # hours: not collected by `make test`
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
            path.stem for path in (Path(__file__).parents[1] / "notebooks").glob("*.ipynb")
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


@pytest.mark.parametrize(CASE, CORE + LONG)
def test_an_awkward_return_goes_through(records, children, lists, bare, ons_code, period, audience):
    goes_through(records(children, lists, bare, ons_code), period, audience)


@pytest.mark.slow
@pytest.mark.parametrize((*CASE, "notebook"), COMMANDS + LONG_COMMANDS)
def test_the_whole_command_makes_a_page_of_an_awkward_return(
    tmp_path, children, lists, bare, ons_code, period, audience, notebook
):
    place = awkward.write(tmp_path / "place", children, 1, lists, bare, ons_code)
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "iro_analysis", "report", period, "--data", place, "--out", out,
         "--audience", audience, "--notebook", notebook],
        capture_output=True, text=True, encoding="utf-8", timeout=900, check=False,
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


def test_the_awkward_return_holds_every_code_of_every_list(records):
    home = records(300, "many", False).authority.home
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


def test_the_awkward_return_is_counted_as_the_slow_count_counts_it(tmp_path):
    place = awkward.write(tmp_path / "place", 60)
    record = CareRecord.of(read(place))
    for name in ["2018-19", "2019-20", "2020-21"]:
        period = periods.single(name)
        slow = slow_count.count(place, period.start, period.end)
        for measure, breakdown in [("looked_after", "all"), ("looked_after", "age_band"),
                                   ("looked_after", "legal_status"), ("started", "all"),
                                   ("ceased", "all"), ("ceased", "reason")]:  # fmt: skip
            rows = evaluate.figures(record, period, measure, breakdown)
            fast = {row.group: int(row.value) for row in rows.itertuples() if row.value}
            expected = {
                group: n
                for (m, b, group), n in slow.items()
                if (m, b) == (measure, breakdown) and n
            }
            assert fast == expected, (name, measure, breakdown)
