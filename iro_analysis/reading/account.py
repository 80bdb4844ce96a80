"""Account for everything read: each row used or set aside, each fault found, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pandas as pd

from iro_analysis import codes
from iro_analysis.reading.files import shown
from iro_analysis.reading.texts import written_out

SET_ASIDE = "row set aside"
FINDING_COLUMNS = ["check", "file", "line", "column", "value", "other"]
CHILD = "child"  # known while findings are counted, never shown with them
REPAIRED = "value repaired"
SEVERITIES = [SET_ASIDE, "value ignored", "measure at risk", REPAIRED, "note"]
SUMMARY_COLUMNS = [
    "check",
    "number",
    "column",
    "module",
    "severity",
    "count",
    "children",
    "where",
    "message",
    "expected",
    "effect",
]
COUNTS = ("read", "used", "set_aside", "replaced", "corrected", "repeated", "repaired")
SET_ASIDE_COLUMNS = ["file", "line", "column", "value", "reason"]


@dataclass
class FileAccount:
    """What became of one file's rows (or of one part, where a file holds several returns).

    ``replaced`` rows have a later return's row with their key in their place, ``corrected`` ones a
    later return's row that corrects them, ``repeated`` ones are the same row again. ``repaired`` is
    a number of values, not of rows.
    """

    file: str
    module: str
    year: str
    read: int = 0
    set_aside: int = 0
    replaced: int = 0
    repeated: int = 0
    corrected: int = 0
    repaired: int = 0

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
        One row per fault found, columns ``FINDING_COLUMNS``.
    unusable : list of str
        Files or lists given that could not be used at all: one line each.
    remarks : list of str
        What the reader decided and a user should know (which year a label means).
    """

    files: list[FileAccount] = field(default_factory=list)
    _found: list[pd.DataFrame] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def record_fault(
        self,
        check: str,
        rows: pd.DataFrame,
        column: str = "",
        value: str = "",
        other: str = "",
        where: pd.Series | None = None,
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
        where : Series of bool, optional
            Which of the rows are at fault; all of them if it is not given.
        """
        if where is not None and not where.any():
            return
        needed = {"file", "line", CHILD, value, other}
        rows = rows[[name for name in rows.columns if name in needed]]
        rows = rows if where is None else rows[where]
        if rows.empty:
            return
        rows = written_out(rows)
        found = pd.DataFrame({"file": rows["file"].astype(str), "line": rows["line"].astype(int)})
        found["check"], found["column"] = check, column
        found["value"] = _as_text(rows[value]) if value else ""
        found["other"] = _as_text(rows[other]) if other else ""
        found[CHILD] = rows[CHILD].astype(str) if CHILD in rows else ""
        self._found.append(found[[*FINDING_COLUMNS, CHILD]])

    def per_line(self, check: str, file: str) -> pd.Series:
        """Return line -> how often a fault was found on it in a file."""
        lines = [
            found.loc[found["check"].eq(check) & found["file"].eq(file), "line"]
            for found in self._found
        ]
        return pd.concat(lines).value_counts() if lines else pd.Series(dtype="int64")

    def of_lines(self, lines: pd.DataFrame) -> Account:
        """Return a fresh account with only the faults found in the given lines of files.

        A regional extract is split by authority; none may see another's rows.
        """
        index = pd.MultiIndex.from_frame(lines[["file", "line"]].astype({"line": int}))
        mine = [
            found[pd.MultiIndex.from_frame(found[["file", "line"]]).isin(index)]
            for found in self._found
        ]
        return Account([], mine, list(self.unusable), list(self.remarks))

    def without_children(self) -> Account:
        """Return the account with nothing that stood in a row: children are numbers, values gone.

        Counts of rows, faults and children stay as they are.
        """
        found = self._gathered()
        numbers = pd.Series(pd.factorize(found[CHILD])[0], index=found.index).astype(str)
        nameless = found.assign(
            **{CHILD: numbers.mask(found[CHILD].eq(""), ""), "value": "", "other": ""}
        )
        return Account(self.files, [nameless], list(self.unusable), list(self.remarks))

    def _gathered(self) -> pd.DataFrame:
        if not self._found:
            return pd.DataFrame(columns=[*FINDING_COLUMNS, CHILD], dtype=str).astype({"line": int})
        found = pd.concat(self._found, ignore_index=True)
        found = found.astype({name: str for name in [*FINDING_COLUMNS, CHILD] if name != "line"})
        order = ["file", "line", "check", "column"]
        return found.sort_values(order, kind="stable", ignore_index=True)

    @property
    def findings(self) -> pd.DataFrame:
        """Every fault found, with its number, severity and words; one row per fault.

        It names no child: file and line do.
        """
        found = self._gathered().drop(columns=CHILD)
        records = codes.record("checks")
        said = found[["check", "column", "value", "other"]].drop_duplicates()
        said = said.assign(
            message=[
                records[row.check]["message"].format(
                    column=row.column, value=shown(row.value) or "nothing", other=shown(row.other)
                )
                for row in said.itertuples(index=False)
            ]
        )
        found = found.merge(said, on=["check", "column", "value", "other"], how="left")
        for part in ("number", "severity", "expected", "effect"):
            known = {check: records[check][part] for check in found["check"].unique()}
            found[part] = found["check"].map(known)
        words = ["number", "severity", "message", "expected", "effect"]
        found[words] = found[words].astype(str)
        return found[[*FINDING_COLUMNS, *words]]

    @property
    def rows_set_aside(self) -> pd.DataFrame:
        """The rows that were not used, one row each: the first fault found in it is its reason."""
        found = self.findings
        aside = found[found["severity"] == SET_ASIDE].drop_duplicates(["file", "line"])
        reason = aside["message"] + "; expected " + aside["expected"] + "; " + aside["effect"]
        return aside.assign(reason=reason)[SET_ASIDE_COLUMNS].reset_index(drop=True)

    def totals(self) -> dict[str, int]:
        """Return the sums over all files of ``COUNTS``."""
        return {key: sum(getattr(entry, key) for entry in self.files) for key in COUNTS}

    @property
    def whole(self) -> bool:
        """Whether everything given was usable as it stood: no file, list or row was left out.

        A code that was written out is not: whether it was read as meant is for a person to confirm.
        """
        records = codes.record("checks")
        not_usable = {
            name for name, record in records.items() if record["severity"] == SET_ASIDE
        } | {"code_spelt_out"}
        found = any(part["check"].isin(not_usable).any() for part in self._found)
        return not (self.unusable or self.totals()["set_aside"] or found)

    def reconciliation(self) -> pd.DataFrame:
        """Return the row account by file: read = used + set aside."""
        rows = [
            {
                "file": f.file,
                "module": f.module,
                "year": f.year,
                **{key: getattr(f, key) for key in COUNTS},
            }
            for f in sorted(self.files, key=lambda f: (f.file, f.year))
        ]
        return pd.DataFrame(rows, columns=["file", "module", "year", *COUNTS])

    def summary(self) -> pd.DataFrame:
        """Return the faults by check: how often, the first places, and what each does.

        Never a value and never a child: the summary may be printed in a committee run.

        Returns
        -------
        DataFrame, one row per check and column, most severe first
            ``count`` of rows; ``children``, the most children whose figures it can move: those of
            its rows, a row without a child being one more; ``where``, the first places; the words
            of the check's record.
        """
        found = self._gathered()
        records = codes.record("checks")
        rows = []
        for (check, column, module), part in found.groupby(
            ["check", "column", found["file"].map(self.modules)], sort=False
        ):
            record = records[check]
            places = [f"{r.file} line {r.line}" for r in part.head(3).itertuples(index=False)]
            rows.append(
                {
                    "check": check,
                    "number": record["number"],
                    "column": column,
                    "module": module,
                    "severity": record["severity"],
                    "count": len(part),
                    "children": _most_children(part),
                    "where": ", ".join(places) + (" ..." if len(part) > 3 else ""),
                    "message": without_value(check, column),
                    "expected": record["expected"],
                    "effect": record["effect"],
                }
            )
        frame = pd.DataFrame(rows, columns=SUMMARY_COLUMNS)
        order = {severity: place for place, severity in enumerate(SEVERITIES)}
        return frame.sort_values("severity", key=lambda s: s.map(order), kind="stable")

    def by_severity(self) -> dict[str, tuple[int, int]]:
        """Return severity -> rows at fault and the most children they are of, most severe first."""
        found = self._gathered()
        records = codes.record("checks")
        severity = found["check"].map({check: records[check]["severity"] for check in records})
        parts = {name: found[severity == name] for name in SEVERITIES}
        return {
            name: (len(part.drop_duplicates(["file", "line"])), _most_children(part))
            for name, part in parts.items()
            if len(part)
        }

    @property
    def modules(self) -> _ModuleOfFile:
        """File -> the module, or the local list, whose rows it holds; empty where it is none."""
        return _ModuleOfFile({entry.file: entry.module for entry in self.files})


class _ModuleOfFile(dict):
    """A look-up that knows a local list by its path where its rows are in no account."""

    def __missing__(self, file: str) -> str:
        return PurePosixPath(file).stem.lower() if file.startswith("local/") else ""


def _most_children(found: pd.DataFrame) -> int:
    """Return the children of some findings; a row whose child is not known is one more."""
    named = found.loc[found[CHILD] != "", CHILD].nunique()
    return named + len(found[found[CHILD] == ""].drop_duplicates(["file", "line"]))


def without_value(check: str, column: str) -> str:
    """Return a fault's message without what stood there: it may be printed anywhere."""
    message = codes.record("checks")[check]["message"]
    bare = re.sub(r" \([^()]*\{value\}[^()]*\)", "", message)
    return bare.format(column=column or "a column")


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%d/%m/%Y").fillna("")
    return values.fillna("").astype(str)
