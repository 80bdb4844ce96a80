"""Return the columns of the local lists, with allowed words and an example, as Markdown."""

from __future__ import annotations

from iro_analysis import codes

_KINDS = {
    "text": "text",
    "date": "date, dd/mm/yyyy",
    "number": "number",
    "flag": "1 or 0, yes or no",
}
_HEAD = """# The local lists: columns and allowed words

Made from `iro_analysis/reference/local_lists.toml` by `iro check --lists`; do not edit. Each list
is a CSV file `local/<name>.csv`; each is optional. Columns are known by name, in any order; further
columns are left alone. A row that begins with # is a note or an example and is not read.
`iro init` writes a template of each.

A column that must be filled makes a row: without it the row is set aside, and said. So is a row
with a date or an answer that cannot be read. Where more than a tenth of the rows are so, the list
is not used. Text without allowed words is taken as you word it: keep to one wording, since each is
a group on the page.
"""


def as_markdown() -> str:
    """Return every list with its columns, kinds, allowed words and an invented row."""
    parts = [_HEAD]
    for name, record in codes.record("local_lists").items():
        parts.append(f"## `{name}`\n\n{record['title']}. {record['from']}.\n")
        optional = record.get("optional", {})
        rows = [
            "| column | holds | must be filled | allowed words | example |",
            "|---|---|---|---|---|",
        ]
        columns = [*record["columns"].items(), *optional.items()]
        for (column, kind), example in zip(columns, record["example"], strict=True):
            needed = "optional column" if column in optional else ""
            needed = "yes" if column in (*record["key"], record.get("dated")) else needed
            words = ", ".join(record.get("words", {}).get(column, []))
            rows.append(f"| `{column}` | {_KINDS[kind]} | {needed} | {words} | {example} |")
        parts.append("\n".join(rows) + "\n")
    parts.append(_groups_of_population())
    return "\n".join(parts)


def _groups_of_population() -> str:
    """Return the labels that the column group of population.csv can have."""
    lines = ["### Groups of `population`\n"]
    for breakdown in codes.record("local_lists")["population"]["words"]["breakdown"]:
        groups = codes.record("breakdowns")[breakdown]["groups"]
        lines.append(f"* `{breakdown}`: {'; '.join(groups)}")
    return "\n".join(lines)
