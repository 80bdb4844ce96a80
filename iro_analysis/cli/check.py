"""``iro check``: print a summary of what is wrong with the inputs; write the full list to files."""

from __future__ import annotations

import shutil
import sys
import textwrap
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis.reading.account import SET_ASIDE, Account

if TYPE_CHECKING:
    from iro_analysis.reading.authority import Authority
    from iro_analysis.reading.impact import KindOfFault

# For someone who signs the report off: what each severity means for its figures.
IN_WORDS = {
    SET_ASIDE: "{rows} rows are not counted: figures may miss {children} children at most.",
    "value ignored": (
        "{rows} rows are counted with a value read as not known, of {children} children at most."
    ),
    "measure at risk": (
        "{rows} rows are counted though something in them cannot be right, "
        "of {children} children at most."
    ),
    "value repaired": "{rows} rows hold a value that is read as the one thing it can mean.",
    "note": "{rows} rows have something to put right that no figure depends on.",
}
ROWS_SHOWN = 20
MORE_THAN_ONE = 2
_OF_CODES = frozenset(["unknown_code", "missing_code", "code_of_another_year", "code_spelt_out"])


def check(given: Namespace) -> int:
    """Read the inputs, say what is wrong, and write the full list."""
    from iro_analysis.reading.authority import authority_folders, read_authority
    from iro_analysis.runner import findings
    from iro_analysis.runner.places import Places
    from iro_analysis.study import find_folder

    if given.rules:
        from iro_analysis.reading import handling

        print(handling.as_markdown())
        return 0
    if given.lists:
        from iro_analysis.reading import list_columns

        print(list_columns.as_markdown())
        return 0
    if given.contract:
        from iro_analysis.reading import contract

        print(contract.as_markdown())
        return 0
    status = 0
    for folder in authority_folders(find_folder(given.folder)):
        for authority in read_authority(folder):
            status = max(status, _print(authority))
            own = Places(Path(given.out), authority.folder)
            written = findings.write_check(authority.account, own)
            print(f"\nThe full list, not for publication: {written / 'findings.xlsx'} (and .csv)\n")
    return status


def _print(authority: Authority) -> int:
    """Print what was found in one authority's inputs; return the exit status."""
    from iro_analysis.reading import impact
    from iro_analysis.reading.commentary import problems

    account = authority.account
    totals = account.totals()
    unusable = [*account.unusable, *problems(authority.home, authority.settings)]
    summary = impact.summary(account)
    print(
        f"{authority.name}: {totals['read']:,} rows read = {totals['used']:,} used + "
        f"{totals['set_aside']:,} set aside; {totals['replaced']:,} of them replaced and "
        f"{totals['corrected']:,} corrected by a later return, {totals['repeated']:,} repeated; "
        f"{totals['repaired']:,} values repaired"
    )
    found = not summary.empty or bool(unusable)
    print("\nWhat was found" if found else "\nNothing was found.")
    for severity, (rows, children) in account.by_severity().items():
        print(f"  {IN_WORDS[severity].format(rows=f'{rows:,}', children=f'{children:,}')}")
    for line in unusable:
        print(f"iro: {line}", file=sys.stderr)
    width = shutil.get_terminal_size((100, 24)).columns
    for severity, part in summary.groupby("severity", sort=False):
        print(f"\n{severity.capitalize()}")
        for row in part.itertuples(index=False):
            text = _one_kind(row, account)
            print(textwrap.fill(text, width, initial_indent="  ", subsequent_indent="    "))
    _print_files(account)
    _print_rows(account)
    return int(found)


def _print_rows(account: Account) -> None:
    """Print the first rows that are not counted, with what stood there."""
    found = account.findings
    aside = found[found["severity"] == SET_ASIDE].drop_duplicates(["file", "line"])
    for row in aside.head(ROWS_SHOWN).itertuples(index=False):
        line = f"{row.file} line {row.line}: {row.message}; expected {row.expected}; {row.effect}"
        print(f"iro: {line}", file=sys.stderr)
    if len(aside) > ROWS_SHOWN:
        print(f"iro: and {len(aside) - ROWS_SHOWN:,} more rows set aside", file=sys.stderr)


def _one_kind(row: KindOfFault, account: Account) -> str:
    """Return a kind of finding in words: how many, the first place, what to do, what it moves."""
    from iro_analysis.reading import impact

    first = row.where.partition(",")[0].removesuffix(" ...")
    text = f"{row.count:,} x {row.message} [{row.number}], first in {first}. "
    text += f"Expected: {_expected(row, account)}. Effect: {row.effect}."
    if row.measures and row.children < MORE_THAN_ONE:
        text += " It moves no figure by more than one child."
    elif row.measures:
        text += f" Can move: {impact.in_words(row.measures)}"
        text += f"; by {row.children:,} children at most."
    return text


def _expected(row: KindOfFault, account: Account) -> str:
    """Return what should stand there; the codes themselves where a code is wrong."""
    from iro_analysis import contracts
    from iro_analysis.reading import contract

    module = contracts.modules().get(row.module)
    columns = module.columns if module else ()
    column = next((c for c in columns if c.statutory == row.column and c.code_list), None)
    if row.check not in _OF_CODES or column is None:
        return row.expected
    mine = [entry.year for entry in account.files if entry.module == row.module and entry.year]
    if not mine:
        return row.expected
    codes = ", ".join(contract.accepted(column, int(max(mine)[:4])))
    return f"{row.expected} (accepted: {codes})"


def _print_files(account: Account) -> None:
    """Print the account of the rows by file and year, and what the reader decided."""
    rows = account.reconciliation()
    print("\nRows by file")
    columns = ["file", "module", "year", "read", "used", "set_aside", "replaced", "corrected",
               "repeated", "repaired"]  # fmt: skip
    print(textwrap.indent(rows[columns].to_string(index=False), "  "))
    for line in account.remarks:
        print(f"  {line}")
