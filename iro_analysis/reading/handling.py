"""Return, as Markdown, what of the inputs is refused, repaired or reported, from the records."""

from __future__ import annotations

from iro_analysis import codes
from iro_analysis.reading.account import SEVERITIES, without_value

_TITLES = {
    "row set aside": "Set aside: the row is not counted, and written out with its reason",
    "value ignored": "Value ignored: the row is counted, the value is read as not known",
    "measure at risk": "Measure at risk: counted, though something cannot be right",
    "value repaired": "Value repaired: read as the one thing it can mean, and counted as repaired",
    "note": "Note: something to put right that no figure depends on",
}
_HEAD = """# What is refused, repaired and reported

Made by `iro check --rules` from the records by which the inputs are checked; do not edit. What each
column must hold is in [input.md](input.md).
"""


def as_markdown() -> str:
    """Return the page of what is refused, repaired, and reported (most severe first)."""
    records = codes.record("handling")
    parts = [_HEAD, "**Refused**", "", *_table("given", "what happens")]
    parts += [f"| {entry['what']} | {entry['happens']} |" for entry in records["refused"]]
    parts += ["", "**Repaired**", "", *_table("given", "read as")]
    parts += [f"| {_example(entry)} | {_read_as(entry)} |" for entry in records["repaired"]]
    parts += ["", "**Reported**, with file and line, by number:"]
    for severity in SEVERITIES:
        checks = [
            (name, record)
            for name, record in codes.record("checks").items()
            if record["severity"] == severity
        ]
        parts += ["", f"<details><summary>{_TITLES[severity]} ({len(checks)})</summary>", ""]
        parts += _table("number", "what is found", "what happens")
        parts += [
            f"| {record['number']} | {without_value(name, 'a column')} | {record['effect']} |"
            for name, record in checks
        ]
        parts += ["", "</details>"]
    return "\n".join(parts)


def _table(*columns: str) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]


def _example(entry: dict[str, str]) -> str:
    given = f": `{entry['given']}`" if "given" in entry else ""
    return f"{entry['what']}{given}"


def _read_as(entry: dict[str, str]) -> str:
    if "given" not in entry:
        return entry["read_as"]
    return f"`{entry['read_as']}`" if entry["read_as"] not in ("", "NaT") else "nothing"
