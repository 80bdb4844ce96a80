"""Work out what a fault can change: which measures, and of how many children at most.

Nothing is written down twice: a check's record says which columns it looks at and what becomes of
the row, a measure's record says what it needs of the inputs, and the rest follows.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol

import pandas as pd

from iro_analysis import catalogue, codes, contracts
from iro_analysis.reading.account import REPAIRED, SET_ASIDE, Account

ANY = "*"
UNMOVED = frozenset([REPAIRED, "note"])  # severities of what moves no figure
ANY_MEASURE = "any measure"
_ALL = "all"


@cache
def measures_moved(check: str, column: str, module: str) -> tuple[str, ...]:
    """Return the measures that a fault can move, as ``measure`` or ``measure [breakdowns]``.

    Parameters
    ----------
    check : str
        The record in ``reference/checks.toml``.
    column : str
        The column named in the finding.
    module : str
        The module, or the local list, of the file; empty for a file that is none.

    Returns
    -------
    tuple of str
        In the order of the report; empty for a note or a repair. A breakdown stands in
        brackets where only it needs what is at fault. A row of a file that is no module could be
        of any: then every measure.
    """
    record = codes.record("checks")[check]
    if record["severity"] in UNMOVED:
        return ()
    if not module:
        return (ANY_MEASURE,)
    if module not in contracts.modules():
        needs = {f"list:{module}"}
        return _needing(lambda need: need in needs)
    if record["severity"] == SET_ASIDE:
        table = contracts.modules()[module].table
        return _needing(lambda need: need.partition(".")[0] == table)
    wanted, tables = _at_fault(record["columns"], column, module)
    return _needing(lambda need: need in wanted or need.partition(".")[0] in tables)


def _at_fault(columns: list[str], column: str, module: str) -> tuple[set[str], set[str]]:
    """Return the columns in doubt, and the tables of which a key is: all that is in them."""
    wanted, tables = set(), set()
    for name in columns:
        of, _, statutory = (f"{module}.{column}" if name == ANY else name).partition(".")
        entry = contracts.modules()[of]
        mine = next((c for c in entry.columns if c.statutory == statutory), None)
        wanted.add(entry.table)
        if mine is None or mine.name in entry.key:
            tables.add(entry.table)
        else:
            # The date of birth of another module stands in where the header has none.
            wanted |= {f"{entry.table}.{mine.name}"}
            if mine.name == "birth_date":
                wanted.add("children.birth_date")
    return wanted, tables


def _needing(hit: Callable[[str], bool]) -> tuple[str, ...]:
    found = []
    for name, measure in catalogue.measures().items():
        if any(hit(need) for need in measure.needs.get(_ALL, ())):
            found.append(name)
            continue
        parts = [
            breakdown
            for breakdown in measure.breakdowns
            if any(hit(need) for need in measure.needs.get(breakdown, ()))
        ]
        if parts:
            found.append(f"{name} [{', '.join(parts)}]")
    return tuple(found)


class KindOfFault(Protocol):
    """A row of ``summary``: all faults that one check found in one column."""

    check: str
    number: str
    column: str
    module: str
    severity: str
    count: int
    children: int
    where: str
    message: str
    expected: str
    effect: str
    measures: tuple[str, ...]


def summary(account: Account) -> pd.DataFrame:
    """Return ``account.summary()`` with the measures that each fault can move (``measures``)."""
    frame = account.summary()
    frame["measures"] = [
        measures_moved(row.check, row.column, row.module) for row in frame.itertuples(index=False)
    ]
    return frame


def findings(account: Account) -> pd.DataFrame:
    """Return every fault found, with the measures it can move and of how many children at most.

    Returns
    -------
    DataFrame, one row per fault
        Columns of ``account.findings``, then ``measures`` (separated by semicolons) and
        ``children_at_most`` (of all the faults of its kind together).
    """
    found = account.findings
    found["module"] = found["file"].map(account.modules)
    kinds = summary(account)[["check", "column", "module", "measures", "children"]]
    kinds = kinds.assign(measures=["; ".join(names) for names in kinds["measures"]])
    kinds = kinds.rename(columns={"children": "children_at_most"})
    return found.merge(kinds, on=["check", "column", "module"], how="left", validate="many_to_one")


def in_words(measures: tuple[str, ...], shown: int = 6) -> str:
    """Return measures by the titles that the report prints.

    Parameters
    ----------
    measures : tuple of str
        As ``measures_moved`` returns them.
    shown : int
        With more than so many, the sections of the report stand for their measures, so that none
        is left out.
    """
    if not measures:
        return "no figure of the report"
    if measures == (ANY_MEASURE,):
        return "any figure of the report"
    known = catalogue.measures()
    whole: list[str] = []
    covered: set[str] = set()
    bare_names = {name.partition(" [")[0] for name in measures}
    if len(measures) > shown:
        for section, entries in catalogue.sections().items():
            ids = {entry.id for entry in entries}
            mine = ids & bare_names
            if len(ids) > 1 and ids <= set(measures):
                whole.append(f"all of {section}")
                covered |= ids
            elif len(mine) > shown:
                whole.append(f"{len(mine)} of the {len(ids)} measures of {section}")
                covered |= mine
    titles = []
    for name in measures:
        bare, _, breakdown = name.partition(" [")
        if bare in covered:
            continue
        title = known[bare].title
        titles.append(f"{title} (by {_breakdowns(breakdown)})" if breakdown else title)
    return "; ".join([*whole, *titles])


def _breakdowns(text: str) -> str:
    titles = codes.record("breakdowns")
    names = [titles[name]["title"].lower() for name in text.rstrip("]").split(", ")]
    return ", ".join(names)
