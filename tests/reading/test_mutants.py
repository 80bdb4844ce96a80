"""A good return, spoilt in one named way or several at a time: nothing is lost, nothing stops.

200 mutants here; ``IRO_MUTANTS=2000`` for the long run.
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
import tempfile
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from builders import read
from good_return import good
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import MUTATIONS, Mutation, Spoilt, write

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import InputError
from iro_analysis.indicators.evaluate import figures
from iro_analysis.reading import impact
from iro_analysis.reading.authority import Authority

pytestmark = pytest.mark.slow

MUTANTS = int(os.environ.get("IRO_MUTANTS", "60"))
YEAR = periods.single("2019-20")
FIGURES = [("looked_after", "all"), ("looked_after", "ethnicity"), ("started", "all"),
           ("ceased", "reason"), ("three_or_more_placements", "all")]  # fmt: skip
OF_EPISODES = ["child", "start", "place", "provider", "legal_status", "need", "period_start"]
OF_PEOPLE = ["child", "sex", "ethnicity", "age"]
BY_NAME = {mutation.name: mutation for mutation in MUTATIONS}


def spoil(names: list[str], seed: int) -> Spoilt:
    on = Spoilt(good(), random.Random(seed))
    for name in names:
        BY_NAME[name].spoil(on)
    return on


def looked_after(authority: Authority) -> pd.DataFrame:
    rows = CareRecord.of(authority).looked_after_on(YEAR.end)
    return rows.sort_values("child", ignore_index=True)


def some_figures(authority: Authority) -> pd.DataFrame:
    record = CareRecord.of(authority)
    return pd.concat([figures(record, YEAR, *name) for name in FIGURES], ignore_index=True)


@pytest.fixture(scope="module")
def unspoilt(tmp_path_factory):
    authority = read(good().write(tmp_path_factory.mktemp("good")))
    assert authority.account.findings.empty
    return looked_after(authority), some_figures(authority)


def is_date(text: str) -> bool:
    bare = re.sub(r"[ T]0?0:00.*$", "", text.strip())
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(bare, form).year >= 1900
        except ValueError:
            continue
    return False


def true_reason(row, fields: dict[str, str] | None) -> bool:
    """Whether a row set aside has the fault that its reason names; None: its file is no table."""
    said, value = row.reason, str(row.value)
    if "was shortened by a spreadsheet" in said:
        return "E+" in value
    if "holds no date" in said:
        return value != "" and not is_date(value)
    if "lies before the date" in said:
        return is_date(value)
    if fields is None:
        return "no module" in said or "the file lacks" in said
    if "is blank" in said:
        return (fields.get(row.column) or "").strip("\u00a0 ") in ("", "NULL", "null")
    return "more fields" in said and None in fields


def raw_rows(path: Path) -> dict[int, dict[str, str]] | None:
    """Line -> fields of a plain CSV file, read without the suite; None where it is not plain."""
    try:
        text = path.read_bytes().decode("utf-8")
        if text.startswith(("sep=", "\ufeff", "\n")) or "\r" in text or "CHILD," not in text[:99]:
            return None
        reader = csv.DictReader(io.StringIO(text, newline=""))
        found = {}
        for row in reader:
            found[reader.line_num] = row
        return found
    except (UnicodeDecodeError, csv.Error):
        return None


def check_account(authority: Authority, folder: Path) -> None:
    account = authority.account
    totals = account.totals()
    aside = account.rows_set_aside
    assert totals["read"] == totals["used"] + totals["set_aside"]
    assert totals["set_aside"] == len(aside)
    assert (account.reconciliation()[["read", "used", "set_aside", "replaced"]] >= 0).all().all()
    for file, rows in aside.groupby("file"):
        raw = raw_rows(folder / "ssda903" / file)
        for row in rows.itertuples(index=False):
            if raw is None and ("is blank" in row.reason or "more fields" in row.reason):
                continue  # the file is written in a form that only the suite reads
            fields = None if raw is None else raw.get(row.line)
            no_table = "no module" in row.reason or "the file lacks" in row.reason
            assert true_reason(row, None if no_table else fields or {}), row
    kinds = impact.summary(account)
    assert (kinds["children"] <= kinds["count"]).all()
    assert len(impact.findings(account)) == len(account.findings)


def count_of_rows(on: Spoilt) -> int | None:
    """The rows of the return; None where a file may have been unusable."""
    if on.unread:
        return None
    return sum(len(rows) for rows in on.made.values()) + on.extra_rows


def read_or_refused(folder: Path) -> tuple[Authority | None, tuple[str, ...]]:
    try:
        return read(folder), ()
    except InputError as refused:
        return None, refused.lines


def check_mutant(names: list[str], seed: int, unspoilt) -> Authority | None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        on = spoil(names, seed)
        write(on, folder)
        authority, refused = read_or_refused(folder)
        if authority is None:
            assert all(line and len(line) < 500 and "SYN" not in line for line in refused)
            assert on.everything, refused
            return None
        check_account(authority, folder)
        expected = count_of_rows(on)
        assert expected is None or authority.account.totals()["read"] == expected
        check_untouched(authority, on, unspoilt)
        return authority


def check_untouched(authority: Authority, on: Spoilt, unspoilt) -> None:
    before, known_figures = unspoilt
    if on.everything:
        return
    after = looked_after(authority)
    touched = on.children
    for columns, others in [(OF_EPISODES, touched), (OF_PEOPLE, touched | on.people)]:
        if columns is OF_PEOPLE and on.every_person:
            continue
        kept = [rows.loc[~rows["child"].isin(others), columns] for rows in (before, after)]
        kept = [rows[rows["child"].str.startswith("SYN")].reset_index(drop=True) for rows in kept]
        pd.testing.assert_frame_equal(*kept, check_dtype=False)
    if not (touched | on.people or on.every_person):
        pd.testing.assert_frame_equal(some_figures(authority), known_figures, check_dtype=False)


def test_there_are_forty_ways_and_each_has_a_name():
    assert len(BY_NAME) == len(MUTATIONS) >= 40


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_each_way_alone_is_found(mutation: Mutation, unspoilt):
    authority = check_mutant([mutation.name], 1, unspoilt)
    assert mutation.unused or authority is not None
    if mutation.finds:
        assert mutation.finds & set(authority.account.findings["check"])


@pytest.mark.long
@settings(
    max_examples=MUTANTS,
    deadline=None,
    derandomize=MUTANTS <= 200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    names=st.lists(st.sampled_from(sorted(BY_NAME)), min_size=1, max_size=4),
    seed=st.integers(0, 10**6),
)
def test_several_ways_at_a_time_lose_nothing(names, seed, unspoilt):
    check_mutant(names, seed, unspoilt)
