"""Everything that is read from one authority's folder, child by child.

Part of the slow independent count: see ``slow_services``. The standard library only.
"""

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from independent.slow_calendar import ONE_DAY
from independent.slow_care import chain_of, periods_of_care
from independent.slow_codes import NOT_KNOWN, SHORT_BREAKS
from independent.slow_count import deciding_episode, is_child_on
from independent.slow_return import (
    Episode,
    dates_of_birth,
    join_returns,
    next_return_after,
    read_date,
    read_returns,
    read_rows,
)

CANNOT_BE_SAID = (None, None, None)

# ------------------------------------------------------------------------------- reading the data


def module_of(row):
    """Modules that slow_return calls "other", known by their columns (METHODS 1.1)."""
    if "REVIEW" in row:
        return "reviews"
    if "SDQ_SCORE" in row:
        return "oc2"
    if "IN_TOUCH" in row:
        return "oc3"
    if "DATE_MATCH" in row:
        return "ad1"
    if "DATE_PLACED" in row:
        return "placed_adoption"
    if "MIS_START" in row:
        return "missing"
    return "rest"


def all_episodes(returns):
    """As read_episodes of slow_return, with V3 and V4 kept (the health cohort asks for them)."""
    episodes = []
    for year, rows in join_returns(returns).values():
        later_year = next_return_after(year, returns)
        for row in rows:
            episode = Episode(row, order=len(episodes))
            if episode.dec is None and later_year is not None:
                episode.gone_from = date(later_year, 4, 1)
            episodes.append(episode)
    return episodes


class Child:
    """Episodes and periods of care of one child, V3 and V4 left out (but kept in `with_breaks`)."""

    def __init__(self, number, born, episodes):
        self.number = number
        self.born = born
        self.with_breaks = episodes
        self.episodes = [e for e in episodes if e.legal_status not in SHORT_BREAKS]
        self.chains = periods_of_care(self.episodes)

    def episode_on(self, day):
        """The deciding episode on the day, None when not looked after on it."""
        if not is_child_on(self.born, day):
            return None
        return deciding_episode(self.episodes, day)

    def chain_on(self, day):
        episode = self.episode_on(day)
        return None if episode is None else chain_of(episode, self.chains)

    def is_looked_after_at_some_time(self, start, end):
        """Is there one day in the period on which the child is looked after?"""
        for episode in self.episodes:
            eve = start - ONE_DAY
            if episode.dec == start and episode.decom <= eve:
                if is_child_on(self.born, eve):
                    return True  # ceased on the first day
            if episode.dec == episode.decom and start <= episode.decom <= end:
                if is_child_on(self.born, episode.decom):
                    return True  # started and ceased on one day of the period
            day = max(start, episode.decom)
            while day <= end and episode.runs_on(day):
                if is_child_on(self.born, day):
                    return True
                if self.born is not None and day >= self.born:
                    break  # 18 or over, and will stay so
                day += ONE_DAY
        return False

    def ceased_chain(self, start, end):
        """CONTRACT 6: last one that ends in the period with none running at its end's next day."""
        ended = []
        for chain in self.chains:
            last = chain.end()
            if last is not None and start <= last <= end:
                if not any(other.runs_on(last + ONE_DAY) for other in self.chains):
                    ended.append(chain)
        if not ended:
            return None
        return max(ended, key=lambda c: (c.end(), c.start, c.first_episode().order))


class Authority:
    """Everything that was read from one authority's folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.returns = read_returns(folder)
        self.first_day = date(self.returns[0][0], 4, 1)
        self.births = dates_of_birth(self.returns)
        self.modules = []  # (first year, {module: rows}), oldest return first
        for year, by_name in self.returns:
            split = defaultdict(list)
            for row in by_name["other"]:
                split[module_of(row)].append(row)
            self.modules.append((year, split))
        grouped = defaultdict(list)
        for episode in all_episodes(self.returns):
            grouped[episode.child].append(episode)
        self.children = {
            number: Child(number, self.births.get(number), episodes)
            for number, episodes in grouped.items()
        }
        self.notes = Counter()
        self.reviews = self.read_reviews()
        self.reviews_of_chain = self.sort_reviews_into_chains()

    def has_module(self, name):
        return any(split[name] for _, split in self.modules)

    def rows_of_year(self, name, first_year):
        """{child: row} of one return (a later row of the child wins), None without the file."""
        for year, split in self.modules:
            if year == first_year and split[name]:
                return {row["CHILD"]: row for row in split[name]}
        return None

    def local(self, name):
        """The rows of one local list, None when it is not there."""
        path = self.folder / "local" / f"{name}.csv"
        return read_rows(path) if path.exists() else None

    def read_reviews(self):
        """{(child, date): code}. A later return's row replaces; inside one return the later row."""
        reviews = {}
        for _, split in self.modules:
            seen = {}
            for row in split["reviews"]:
                day = read_date(row["REVIEW"])
                if day is None or not row["CHILD"]:
                    self.notes["reviews without a readable date or child"] += 1
                    continue
                key = row["CHILD"], day
                code = row["REVIEW_CODE"].upper()
                if key in seen:
                    same = "the same code" if seen[key] == code else "ANOTHER code"
                    self.notes[f"review rows of one child and date in one return, {same}"] += 1
                if key in reviews and key not in seen and reviews[key] != code:
                    self.notes["reviews whose code a later return changes"] += 1
                seen[key] = code
            reviews.update(seen)
        return reviews

    def sort_reviews_into_chains(self):
        """{id of the period of care: [dates, oldest first]}, of children looked after that day."""
        sorted_in = defaultdict(list)
        for number, day in sorted(self.reviews):
            child = self.children.get(number)
            chain = child.chain_on(day) if child else None
            if chain is None:
                self.notes["reviews of someone not looked after on the date"] += 1
            else:
                sorted_in[id(chain)].append(day)
        return sorted_in

    def looked_after(self, day):
        """The children looked after on the day."""
        return [child for child in self.children.values() if child.episode_on(day) is not None]


# -------------------------------------------------------------------------------- counting


def count_of(number, total=None):
    return (number, number if total is None else total, number)


def percent(numerator, denominator):
    return (numerator, denominator, 100 * numerator / denominator if denominator else None)


def ratio(numerator, denominator):
    return (numerator, denominator, numerator / denominator if denominator else None)


def dated_in(rows, column, start, end):
    """The rows dated in the period, both ends in."""
    inside = []
    for row in rows:
        day = read_date(row.get(column))
        if day is not None and start <= day <= end:
            inside.append(row)
    return inside


def open_on(rows, day, first="FROM", last="TO"):
    """The rows open on the day: begun by it, not ended or ended after it."""
    found = []
    for row in rows:
        begun, ended = read_date(row.get(first)), read_date(row.get(last))
        if begun is not None and begun <= day and (ended is None or ended > day):
            found.append(row)
    return found


def put_groups(result, measure, breakdown, rows, column, every_group):
    """Counts by the column's values, zeros too; the denominator is the number of rows."""
    for group in every_group:
        result[measure, breakdown, group] = count_of(0, len(rows))
    for row in rows:
        group = row.get(column) or NOT_KNOWN
        number = result.get((measure, breakdown, group), (0,))[0]
        result[measure, breakdown, group] = count_of(number + 1, len(rows))


def values_of(rows, column):
    return sorted({row.get(column) or NOT_KNOWN for row in rows})
