"""Return the definitions of all measures, or a page for one, as Markdown from the catalogue."""

from __future__ import annotations

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD, Measure

_WHEN = {
    "day": "the period's last day",
    "period": "the period",
    "twelve_months": "the twelve months to the period's last day",
    "year": "a year of the return",
    "own": "as the groups say",
}


def as_markdown() -> str:
    """Return every measure, section by section: what it counts, out of what, when, by whose rule.

    Examples
    --------
    >>> as_markdown().splitlines()[0]
    '# The measures and their definitions'
    """
    count = len(catalogue.measures())
    parts = [
        "# The measures and their definitions",
        "",
        f"{count} measures. Made by `iro measures --definitions` from the records by which they",
        "are worked out; a test holds this page to them. The name in code is what commands,",
        "notebooks and `figures.csv` call a measure.",
    ]
    for section, entries in catalogue.sections().items():
        parts += ["", f"## {section}"]
        for entry in entries:
            parts += ["", f"### {entry.title}", "", *_lines(entry)]
    return "\n".join(parts)


def as_page(entry: Measure) -> str:
    """Return one measure as a page of its own: its definition, and how to show it.

    Examples
    --------
    >>> as_page(catalogue.measures()["started"]).splitlines()[0]
    '# Children who started to be looked after'
    """
    shown = [name for name in entry.breakdowns if name not in ("all", PERIOD)]
    by = f', by="{shown[0]}"' if shown else ""
    ask = f'authority.ask("{entry.id}"{by}, period="2019-20")'
    parts = [f"# {entry.title}", "", *_lines(entry), "", "## Show it", ""]
    parts += ["```python", "from iro_analysis.explore import open_authority", ""]
    return "\n".join([*parts, 'authority = open_authority("data/demo")', ask, "```", ""])


def _lines(entry: Measure) -> list[str]:
    titles = codes.record("breakdowns")
    by = [titles[name]["title"].lower() for name in entry.breakdowns if name not in ("all", PERIOD)]
    rows = [
        ("Name", f"`{entry.id}`"),
        ("Unit", entry.unit.replace("_", " ")),
        ("Counted", entry.numerator),
        ("Out of", entry.denominator),
        ("Speaks of", _WHEN[entry.when]),
        ("By", ", ".join(by)),
        ("Better", entry.better),
        ("Source", entry.source),
        (
            "Over time",
            "; ".join([entry.since, *(found.what for found in entry.breaks)]).strip("; "),
        ),
        ("Needs", ", ".join(f"`{need}`" for need in entry.needs_of("all"))),
    ]
    return [f"* {label}: {text}" for label, text in rows if text]
