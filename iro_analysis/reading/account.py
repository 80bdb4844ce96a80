"""The account of what was read: every row used or set aside, every fault found, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from iro_analysis import codes
from iro_analysis.reading.files import shown

SET_ASIDE = "row set aside"
FINDING_COLUMNS = ["check", "file", "line", "column", "value", "other"]
SET_ASIDE_COLUMNS = ["file", "line", "column", "value", "reason"]


@dataclass
class FileAccount:
    """What became of one file's rows (or of one part, where a file holds several returns)."""

    file: str
    module: str
    year: str
    read: int = 0
    set_aside: int = 0
    replaced: int = 0
    repeated: int = 0

    @property
    def used(self) -> int:
        """Rows used: with those that a later return's row speaks for, and repeated ones."""
        return self.read - self.set_aside


@dataclass
class Account:
    """Gathers the rows, faults and remarks of one authority's inputs while they are read.

    Attributes
    ----------
    files : list of FileAccount
    findings : list of DataFrame
        One row a fault found, columns ``FINDING_COLUMNS``.
    unusable : list of str
        Files or lists given that could not be used at all: one line each.
    remarks : list of str
        What the reader decided and a user should know (which year a label means).
    """

    files: list[FileAccount] = field(default_factory=list)
    _found: list[pd.DataFrame] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def find(
        self, check: str, rows: pd.DataFrame, column: str = "", value: str = "", other: str = ""
    ) -> None:
        """Record a fault for each row of a frame that carries ``file`` and ``line``.

        Parameters
        ----------
        check : str
            The record in ``reference/checks.toml``.
        rows : DataFrame
            The rows at fault.
        column : str
            Statutory name of the column at fault.
        value, other : str
            Names of columns of `rows` that hold what stood there.
        """
        if rows.empty:
            return
        found = pd.DataFrame({"file": rows["file"].astype(str), "line": rows["line"].astype(int)})
        found["check"], found["column"] = check, column
        found["value"] = _as_text(rows[value]) if value else ""
        found["other"] = _as_text(rows[other]) if other else ""
        self._found.append(found[FINDING_COLUMNS])

    def of_lines(self, lines: pd.DataFrame) -> Account:
        """Return a fresh account with only the faults found in the given ``file`` and ``line``s.

        A regional extract is split by authority; none may see another's rows.
        """
        index = pd.MultiIndex.from_frame(lines[["file", "line"]].astype({"line": int}))
        mine = [
            found[pd.MultiIndex.from_frame(found[["file", "line"]]).isin(index)]
            for found in self._found
        ]
        return Account([], mine, list(self.unusable), list(self.remarks))

    @property
    def findings(self) -> pd.DataFrame:
        """Every fault found, with its severity and words; one row a fault."""
        found = (
            pd.concat(self._found, ignore_index=True)
            if self._found
            else pd.DataFrame(columns=FINDING_COLUMNS)
        )
        records = codes.record("checks")
        found = found.astype({name: str for name in FINDING_COLUMNS if name != "line"})
        found["severity"] = [records[check]["severity"] for check in found["check"]]
        found["message"] = [
            records[row.check]["message"].format(
                column=row.column, value=shown(row.value) or "nothing", other=shown(row.other)
            )
            for row in found.itertuples(index=False)
        ]
        for part in ("expected", "effect"):
            found[part] = [records[check][part] for check in found["check"]]
        words = ["severity", "message", "expected", "effect"]
        found[words] = found[words].astype(str)
        return found.sort_values(["file", "line", "check", "column"], kind="stable").reset_index(
            drop=True
        )

    @property
    def rows_set_aside(self) -> pd.DataFrame:
        """The rows that were not used, one row each: the first fault found in it is its reason."""
        found = self.findings
        aside = found[found["severity"] == SET_ASIDE].drop_duplicates(["file", "line"])
        reason = aside["message"] + "; expected " + aside["expected"] + "; " + aside["effect"]
        return aside.assign(reason=reason)[SET_ASIDE_COLUMNS].reset_index(drop=True)

    def totals(self) -> dict[str, int]:
        """Return the sums over all files: read, used, set_aside, replaced, repeated."""
        keys = ("read", "used", "set_aside", "replaced", "repeated")
        return {key: sum(getattr(entry, key) for entry in self.files) for key in keys}

    def reconciliation(self) -> pd.DataFrame:
        """Return the row account by file: read = used + set aside."""
        rows = [
            {
                "file": f.file,
                "module": f.module,
                "year": f.year,
                "read": f.read,
                "used": f.used,
                "set_aside": f.set_aside,
                "replaced": f.replaced,
                "repeated": f.repeated,
            }
            for f in sorted(self.files, key=lambda f: (f.file, f.year))
        ]
        return pd.DataFrame(
            rows,
            columns=["file", "module", "year", "read", "used", "set_aside", "replaced", "repeated"],
        )

    def summary(self) -> pd.DataFrame:
        """Return the faults by check: how often, the first places, and what each does.

        Never a value: the summary may be printed in a committee run.
        """
        found = self.findings
        grouped = found.groupby(["check", "column"], sort=False)
        rows = []
        for (check, column), part in grouped:
            record = codes.record("checks")[check]
            places = [f"{r.file} line {r.line}" for r in part.head(3).itertuples(index=False)]
            rows.append(
                {
                    "check": check,
                    "column": column,
                    "severity": record["severity"],
                    "count": len(part),
                    "where": ", ".join(places) + (" ..." if len(part) > 3 else ""),
                    "message": without_value(check, column),
                    "expected": record["expected"],
                    "effect": record["effect"],
                }
            )
        columns = [
            "check",
            "column",
            "severity",
            "count",
            "where",
            "message",
            "expected",
            "effect",
        ]
        order = {SET_ASIDE: 0, "value ignored": 1, "measure at risk": 2, "note": 3}
        frame = pd.DataFrame(rows, columns=columns)
        return frame.sort_values("severity", key=lambda s: s.map(order), kind="stable")


def without_value(check: str, column: str) -> str:
    """Return a fault's message without what stood there: it may be printed anywhere."""
    message = codes.record("checks")[check]["message"]
    bare = re.sub(r" \(\{value\}[^)]*\)", "", message)
    return bare.format(column=column or "a column")


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%d/%m/%Y").fillna("")
    return values.fillna("").astype(str)
