"""The awkward return goes through: a page's worth of everything, and no fault of the suite.

The core of the matrix: each period's kind, audience, size and state of the lists meets some of the
others. `make matrix` runs them by pairs, through the whole command too.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from itertools import product

import awkward
import pytest
from builders import read
from independent import slow_count

from iro_analysis import codes, contracts, periods
from iro_analysis.cli.command import main
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
KEY = ("period", "measure", "breakdown", "group")
EVERYTHING = "IRO_MATRIX" in os.environ  # `make matrix`
# children, lists, bare, period, audience
CORE = [
    (1, "many", True, "2020-02-29:2020-02-29", "internal"),
    (2, "one", False, "2019-12-18:2020-01-03", "committee"),
    (6, "absent", True, "2018-04-01:2020-03-31", "internal"),
    (60, "many", False, "2019-20", "committee"),
    (60, "many", True, "2019-01-15:2020-01-14", "internal"),
]
LONG = [
    (size, lists, bare, period, audience)
    for place, (period, audience, size) in enumerate(
        product(PERIODS, AUDIENCES, [1, 2, 6, 40, 300])
    )
    for lists, bare in [(LISTS[place % 4], bool(place // 4 % 2))]
]


@pytest.fixture(scope="session")
def records(tmp_path_factory):
    made = {}

    def of(children, lists, bare):
        key = (children, lists, bare)
        if key not in made:
            folder = tmp_path_factory.mktemp("awkward") / "place"
            made[key] = CareRecord.of(read(awkward.write(folder, children, 1, lists, bare)))
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


@pytest.mark.parametrize(
    ("children", "lists", "bare", "period", "audience"), CORE + (LONG if EVERYTHING else [])
)
def test_an_awkward_return_goes_through(records, children, lists, bare, period, audience):
    goes_through(records(children, lists, bare), period, audience)


# children, lists, bare, ons_code, period, audience, notebook
COMMANDS = [
    (12, "one", True, "E08000035", "2019-01-15:2020-01-14", "committee", "disproportionality"),
]
LONG_COMMANDS = [
    (6, "absent", False, "", "2019-20", "committee", "age_profile"),
    (40, "many", True, "E10000016", "2019-20", "internal", "placement_stability"),
    (40, "none", False, "E09000006", "2020-02-29:2020-02-29", "committee", "gcse_trends"),
    (300, "many", False, "E08000035", "2018-04-01:2020-03-31", "committee", "reviews"),
    (300, "many", False, "E06000017", "2019-20-Q3", "internal", "entry_cohorts"),
    (3000, "many", False, "E08000035", "2019-20", "committee", "reviews"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("children", "lists", "bare", "code", "period", "audience", "notebook"),
    COMMANDS + (LONG_COMMANDS if EVERYTHING else []),
)
def test_the_whole_command_makes_the_pages(
    tmp_path, children, lists, bare, code, period, audience, notebook
):
    data = awkward.write(tmp_path / "place", children, 2, lists, bare, code)
    asked = ["report", period, "--data", str(data), "--out", str(tmp_path / "outputs")]
    assert main([*asked, "--audience", audience, "--notebook", notebook]) in (0, 1)
    top = tmp_path / "outputs" / ("internal" if audience == "internal" else "")
    [page] = top.glob("*/*/report.html")
    assert page.with_name(f"{notebook}.html").is_file()
    with page.with_name("figures.csv").open(encoding="utf-8", newline="") as stream:
        keys = [tuple(row[name] for name in KEY) for row in csv.DictReader(stream)]
    assert len(keys) == len(set(keys)) > 100


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
