"""Reports written from DfE's figures of many authorities: right ones pass, seeded errors show."""

from __future__ import annotations

from decimal import Decimal

import pytest

from iro_analysis.comparators.files import EES, read_folder
from iro_analysis.comparators.layouts import cells_of
from iro_analysis.proofreading import checks, documents

pytestmark = pytest.mark.slow

YEARS = (2024, 2025)
SENTENCES = ("Age group", "Legal status")
TABLE = "Distance between home and placement"
HIDDEN = "[c]"


@pytest.fixture(scope="module")
def authorities(shared):
    """Authority -> group -> year -> rows of (label, count, percentage); hidden ones as [c]."""
    [file] = [
        file
        for file in read_folder(shared / "data" / "dfe" / "release2025")
        if file.kind == EES and "on_31_march_by_characteristics" in file.name
    ]
    table = cells_of(file)
    table = table[(table["level"] == "Local authority") & table["group"].isin([*SENTENCES, TABLE])]
    found: dict = {}
    for (area, group, year), rows in table.groupby(["area", "group", "year"]):
        if year in YEARS:
            rows = rows.replace({"c": HIDDEN})
            cells = list(zip(rows["characteristic"], rows["count"], rows["percent"], strict=True))
            found.setdefault(area, {}).setdefault(group, {})[year] = cells
    return {
        area: groups
        for area, groups in found.items()
        if all(len(groups.get(group, {})) == len(YEARS) for group in (*SENTENCES, TABLE))
        and all(total(groups[group][year]) > 100 for group in groups for year in YEARS)
        and len(parts(groups["Age group"][2025])) > 3
        and HIDDEN not in str(groups[TABLE])
    }


def total(cells) -> int:
    """The number at the row Total; 0 where it is hidden."""
    return next((int(n) for label, n, _ in cells if label == "Total" and n.isdigit()), 0)


def parts(cells) -> list:
    """The rows that are shown and are no total."""
    return [cell for cell in cells if cell[0] != "Total" and cell[1].isdigit()]


def shown(percent: str) -> str:
    """k: rounds to 0 and is not 0."""
    return "0" if percent == "k" else percent


def report(area: str, groups: dict) -> str:
    """A report in the ways in which such reports are written."""
    before, now = (total(groups["Age group"][year]) for year in YEARS)
    if now == before:
        way = "stayed at"
    else:
        way = f"{'rose' if now > before else 'fell'} from {before:,} children in March 2024 to"
    lines = [
        f"# Annual report of {area}, 2024-25",
        f"The number of children looked after {way} {now:,} children in March 2025.",
    ]
    ages = parts(groups["Age group"][2025])
    listed = [f"{int(n):,} ({shown(p)}%) were aged {label}" for label, n, p in ages]
    lines.append(f"Of the {now:,} children, {', '.join(listed[:-1])} and {listed[-1]}.")
    status = parts(groups["Legal status"][2025])
    lines.append(
        "In the year there were "
        + "; ".join(f"{int(n):,} children with {label} ({shown(p)}%)" for label, n, p in status)
        + "."
    )
    rows = [f"| {label} | {int(n):,} | {shown(p)}% |" for label, n, p in groups[TABLE][2025]]
    lines.append("\n".join(["| Distance | Children | Share |", "|---|---:|---:|", *rows]))
    largest = max(ages, key=lambda cell: int(cell[1]))
    lines.append(
        f"The largest group is {largest[0]}: {shown(largest[2])}% ({int(largest[1]):,} of {now:,})."
    )
    return "\n\n".join(lines) + "\n"


def found(text: str) -> list:
    return checks.against_itself(documents.read_text(text, "report.md"))


def test_right_reports_of_every_authority_pass(authorities):
    assert len(authorities) > 100
    for area, groups in authorities.items():
        assert found(report(area, groups)) == [], report(area, groups)


def test_their_figures_were_read(authorities):
    for area, groups in authorities.items():
        document = documents.read_text(report(area, groups), "report.md")
        shares = [figure for figure in document.figures if figure.printed is not None]
        in_text = sum(len(parts(groups[group][2025])) for group in SENTENCES)
        expected = in_text + len(groups[TABLE][2025]) + 1
        assert len(shares) == expected, report(area, groups)
        assert all(figure.count is not None for figure in shares), report(area, groups)


def wrong_by(count: int, whole: int, printed: str) -> bool:
    right = Decimal((200 * count + whole) // (2 * whole))
    return right != Decimal(printed)


@pytest.mark.parametrize("line", [1, 3])
def test_a_count_off_by_one_is_found_where_arithmetic_allows(authorities, line):
    """In a sentence with its total, and in a table with its total row (always: the sum is off)."""
    group = {1: "Age group", 3: TABLE}[line]
    for area, groups in authorities.items():
        cells = groups[group][2025]
        label, count, percent = max(parts(cells), key=lambda cell: int(cell[1]))
        moved = [(name, str(int(n) + 1) if name == label else n, p) for name, n, p in cells]
        text = report(area, {**groups, group: {**groups[group], 2025: moved}})
        can = line == 3 or wrong_by(int(count) + 1, total(cells), shown(percent))
        assert bool(found(text)) is can, text


def test_last_years_total_is_named_where_it_explains_the_shares(authorities):
    named = could = 0
    for area, groups in authorities.items():
        before, now = (total(groups["Age group"][year]) for year in YEARS)
        cells = groups["Legal status"][2025]
        if sum(int(n) for _, n, _ in parts(cells)) < 0.9 * max(before, now):
            continue
        stale = [
            (name, n, str((200 * int(n) + before) // (2 * before))) for name, n, _ in parts(cells)
        ]
        differs = any(wrong_by(int(n), now, p) for _, n, p in stale)
        text = report(area, {**groups, "Legal status": {**groups["Legal status"], 2025: stale}})
        findings = found(text)
        assert bool(findings) is differs, text
        could += differs
        named += any(f"fit {before:,} (March 2024" in one.says for one in findings)
    assert could > 20
    assert named == could


def test_a_direction_turned_round_is_found(authorities):
    for area, groups in authorities.items():
        text = report(area, groups)
        turned = text.replace(" rose from", " fell~from").replace(" fell from", " rose from")
        turned = turned.replace("~", " ")
        if turned != text:
            assert [one.number for one in found(turned)] == [5], turned
