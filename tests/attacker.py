"""An attacker who has the committee's ``figures.csv`` files and nothing else of the suite.

Written from the contract alone: it takes no part in deciding what is hidden. It knows which figures
are counts, which add up, that zeros are shown, which periods lie in one another, what
combined groups hold, and puts every report of an authority together.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
import tomllib
from collections import defaultdict
from io import StringIO
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

import iro_analysis

COUNTS = {"children", "reviews", "count"}
# What is counted on a day, or over twelve months: its quarters do not add up to a year.
STOCKS = {
    "looked_after", "officers", "exploitation_tracked", "higher_education", "ehc_plan",
    "permanence_plan_missing", "reviews_overdue", "long_term_stability", "placements_in_year",
    "three_or_more_placements", "three_or_more_by_definition", "placement_median_duration",
    "looked_after_history",
}  # fmt: skip
# Routes to a permanent home by which children leave care: the reasons for leaving, public too.
LEFT_BY = {
    ("adopted", "all", "all"): ["Adopted"],
    ("special_guardianship", "all", "all"): ["Special guardianship order"],
    ("returned_home", "all", "all"): ["Returned home (planned)", "Returned home (unplanned)"],
    ("permanence_achieved", "permanence_route", "Adopted"): ["Adopted"],
    ("permanence_achieved", "permanence_route", "Special guardianship order"): [
        "Special guardianship order"
    ],
    ("permanence_achieved", "permanence_route", "Child arrangements order"): [
        "Child arrangements/residence order"
    ],
    ("permanence_achieved", "permanence_route", "Returned home"): [
        "Returned home (planned)", "Returned home (unplanned)"
    ],
}  # fmt: skip
PARTS = {"Q1": (4, 6), "Q2": (7, 9), "Q3": (10, 12), "Q4": (1, 3), "H1": (4, 9), "H2": (10, 3)}


def days(name):
    """Return the first and last day of a period by its name."""
    if matched := re.fullmatch(r"(\d{4})-\d{2}(?:-([QH]\d))?", name):
        first, quarter = int(matched[1]), matched[2]
        begin, end = PARTS.get(quarter, (4, 3))
        start = dt.date(first + (quarter == "Q4"), begin, 1)
        year = first + (end < 4)
        after = dt.date(year + end // 12, end % 12 + 1, 1)
        return start, after - dt.timedelta(days=1)
    start, end = name.split(":")
    return dt.date.fromisoformat(start), dt.date.fromisoformat(end)


def combinations(breakdown, cells):
    """Yield what each combined group holds: the definitions are public."""
    path = Path(iro_analysis.__file__).parent / "reference" / "combined_groups.toml"
    groups = [cell[2] for cell in cells]
    for step in tomllib.loads(path.read_text("utf-8")).get(breakdown, {}).get("steps", []):
        for label, held in step.items():
            if here := set(held) & set(groups):
                yield label, here
    if breakdown == "month":
        for first in range(len(groups)):
            for last in range(first + 1, len(groups)):
                start, end = groups[first], groups[last]
                if start.split()[1] == end.split()[1]:
                    start = start.split()[0]
                yield f"{start} to {end}", set(groups[first : last + 1])


class Attacker:
    """Puts together what reports show; cells are (measure, breakdown, group, first, last day).

    Of counts that are rounded (`round_to`) it knows between which numbers each lies; a 0 is exact.
    """

    def __init__(self, round_to=0):
        self.round_to = round_to
        self.shown, self.hidden, self.unsaid, self.rows = {}, set(), set(), []

    def read(self, text):
        """Take in one report's figures."""
        tables, single = defaultdict(list), defaultdict(list)
        for row in csv.DictReader(StringIO(text)):
            if row["unit"] not in COUNTS | {"percent"}:
                continue
            together = row["note"].startswith(("it is given in comb", "it is not given group"))
            withheld = row["note"].startswith("it is withheld")
            if row["status"] == "not_available" and not together and not withheld:
                continue
            period, group, breakdown = row["period"], row["group"], row["breakdown"]
            if breakdown == "period":
                period, group, breakdown = group, "all", "all"
            cell = (row["measure"], breakdown, group, *days(period))
            if row["unit"] == "percent" and row["numerator"] == "" and row["status"] == "ok":
                continue
            if together:
                self.unsaid.add(cell)
                if row["unit"] in COUNTS and row["breakdown"] != "period":
                    single[row["measure"], breakdown, period].append(cell)
                continue
            if withheld:
                self.unsaid.add(cell)
            else:
                self._see(cell, row["numerator"] if row["status"] == "ok" else None)
            if row["unit"] in COUNTS and row["breakdown"] not in ("all", "period", "date"):
                tables[row["measure"], breakdown, period].append((cell, row))
        for (measure, _, period), rows in tables.items():
            cells = [cell for cell, _ in rows]
            totals = {row["denominator"] for _, row in rows} - {""}
            rest = dict.fromkeys(cells, 1)
            if totals:
                [total] = totals
                self.rows.append((rest, float(total)))
            elif (whole := (measure, "all", "all", *days(period))) in self.shown:
                self.rows.append(({**rest, whole: -1}, 0.0))

        for key, cells in single.items():
            self._combine(key, cells, [cell for cell, _ in tables[key]])

    def _combine(self, key, cells, beside):
        """Single groups that are not given add up to the combined ones, or to the whole."""
        members = {label: set(groups) for label, groups in combinations(key[1], cells)}
        found = [cell for cell in beside if cell[2] in members]
        for total in found:
            own = [c for c in cells if c[2] in members[total[2]]]
            self.rows.append(({**dict.fromkeys(own, 1), total: -1}, 0.0))
        whole = (key[0], "all", "all", *cells[0][3:])
        if not found and whole in self.shown:
            self.rows.append(({**dict.fromkeys([*cells, *beside], 1), whole: -1}, 0.0))

    def _see(self, cell, count):
        if count is None:
            self.hidden.add(cell)
        elif count != "":
            self.shown[cell] = float(count)

    def could_be(self, count):
        """Return the least and the most that a count can be that a report shows."""
        if not self.round_to or not count:
            return count, count
        return count - self.round_to // 2, count + (self.round_to - 1) // 2

    def over_time(self):
        """Add what a year, or a year to date, says of its parts: where it adds up exactly."""
        spans = defaultdict(set)
        for measure, breakdown, group, start, end in {*self.shown, *self.hidden, *self.unsaid}:
            spans[measure, breakdown, group].add((start, end))
        for name, known in spans.items():
            if name[0] in STOCKS:
                continue
            for start, end in known:
                parts = sorted(s for s in known if start <= s[0] and s[1] <= end)
                parts = [s for s in parts if s != (start, end)]
                chain, day = [], start
                for first, last in parts:
                    if first == day:
                        chain.append((first, last))
                        day = last + dt.timedelta(days=1)
                if chain and day == end + dt.timedelta(days=1):
                    yield name, (start, end), chain

    def of_leavers(self):
        """Add what the reasons for leaving say of other figures on who left."""
        for name in LEFT_BY:
            for cell in {*self.shown, *self.hidden, *self.unsaid}:
                if cell[:3] == name:
                    left = [("ceased", "reason", reason, *cell[3:]) for reason in LEFT_BY[name]]
                    yield {**dict.fromkeys(left, 1), cell: -1}, 0.0

    def ranges(self, truth):
        """Return each hidden cell's least and greatest value.

        `truth` is only asked two things that favour the attacker: whether a 0 is hidden in a
        table (else every hidden cell is at least 1), and which of its sums mislead.
        """
        over_time = [
            ({**{(*name, *span): 1 for span in chain}, (*name, *whole): -1}, 0.0)
            for name, whole, chain in self.over_time()
        ]
        rows = []
        for row, total in [*self.rows, *over_time, *self.of_leavers()]:
            low, high = self.could_be(total)
            if not row.keys() <= truth.keys():
                continue
            if low <= sum(w * truth[c] for c, w in row.items()) <= high:
                rows.append((row, total))
        zeros = {cell[:2] + cell[3:] for cell in self.hidden if truth.get(cell) == 0}
        unknown = sorted((self.hidden | self.unsaid) - self.shown.keys())
        # A rounded count is unknown too, within a few; so is the total of a table.
        nearly = sorted(cell for cell, count in self.shown.items() if self.round_to and count)
        place = {cell: number for number, cell in enumerate([*unknown, *nearly])}
        weights, sums, totals = [], [], []
        for row, total in rows:
            left = {cell: w for cell, w in row.items() if cell in place}
            if left and all(cell in place or cell in self.shown for cell in row):
                known = sum(w * self.shown[cell] for cell, w in row.items() if cell not in place)
                low, high = self.could_be(total)
                if low < high:
                    place["total", len(sums)] = len(place)
                    totals.append((low, high))
                    left["total", len(sums)], total = -1, 0
                sums.append(total - known)
                weights.append(left)
        entries = [(w, n, place[c]) for n, row in enumerate(weights) for c, w in row.items()]
        data, down, across = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = csr_array((data, (down, across)), shape=(len(sums), len(place)))
        maybe = self.unsaid - self.hidden  # no symbol says that these are not 0
        bounds = [
            (0 if cell[:2] + cell[3:] in zeros or cell in maybe else 1, None) for cell in unknown
        ]
        bounds += [self.could_be(self.shown[cell]) for cell in nearly] + totals
        held = {cell for row in weights for cell in row}
        for cell in unknown:
            if cell not in held:
                yield cell, bounds[place[cell]][0], math.inf
                continue
            limits = []
            for sign in (1, -1):
                goal = np.zeros(len(place))
                goal[place[cell]] = sign
                found = linprog(goal, A_eq=matrix, b_eq=sums, bounds=bounds)
                limits.append({0: sign * (found.fun or 0), 3: sign * -math.inf}.get(found.status))
            yield cell, *limits


def found_out(reports, true_reports, hide_to=5, round_to=0):
    """Return the hidden cells that the attacker bounds more closely than the policy allows.

    A count from 1 to 5 must be left a range of five values or more that reaches 5; of any other
    hidden count, more than one value must remain.
    """
    attacker, insider = Attacker(round_to), Attacker()
    for text in reports:
        attacker.read(text)
    for text in true_reports:
        insider.read(text)
    return found_out_by(attacker, insider, hide_to)


def found_out_by(attacker, insider, hide_to=5):
    """Return the hidden cells bounded more closely than allowed, by one who knows what is true."""
    for row, _ in attacker.rows:  # what the combined groups truly are
        totals = [cell for cell, weight in row.items() if weight < 0]
        parts = [insider.shown.get(cell) for cell in row if cell not in totals]
        if totals and None not in parts:
            insider.shown.setdefault(totals[0], sum(parts))
    revealed = []
    for cell, low, high in attacker.ranges(insider.shown):
        true = insider.shown.get(cell)
        if low is None or high is None:
            revealed.append((cell, true, low, high))
        elif true is not None and 1 <= true <= hide_to:
            if high < hide_to - 1e-6 or high - low < hide_to - 1 - 1e-6:
                revealed.append((cell, true, low, high))
        elif cell in attacker.hidden and high - low < 1 - 1e-6:
            revealed.append((cell, true, low, high))
    again = sorted(cell for cell in attacker.hidden if cell in attacker.shown)
    return revealed, again, len(attacker.hidden)


def corrections_found_out(first, second, true_first, true_second, hide_to=5):
    """Return the groups of which two issues of one report say how few children were corrected.

    Of a group that a few children changed, as many changes must stay possible as a hidden small
    count leaves numbers: the second issue says its new count in no figure, and narrows it to no
    range of fewer than five.
    """
    old, new, before, now = (Attacker() for _ in range(4))
    for attacker, text in [(old, first), (new, second), (before, true_first), (now, true_second)]:
        attacker.read(text)
    few = {
        cell
        for cell, count in old.shown.items()
        if cell[1] not in ("all", "period")
        and 1 <= abs(now.shown.get(cell, count) - before.shown.get(cell, count)) <= hide_to
    }
    said = [
        (cell, count, new.shown[cell])
        for cell, count in sorted(old.shown.items())
        if cell[1] not in ("all", "period")
        and 1 <= abs(new.shown.get(cell, count) - count) <= hide_to
    ]
    for cell, low, high in new.ranges(now.shown):
        if cell in few and (low is None or high is None or high - low < hide_to - 1 - 1e-6):
            said.append((cell, low, high))
    return said, few
