"""Rows of the yearly returns, joined, as episodes.

Part of the slow independent count: see ``slow_count``. The standard library only.
"""

import csv
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from independent.slow_codes import SHORT_BREAKS

# ---------------------------------------------------------------------- reading the returns


def read_date(text):
    """dd/mm/yyyy or yyyy-mm-dd (CONTRACT 4). None when blank or when it is not such a date."""
    text = (text or "").strip()
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            pass
    return None


def read_rows(path):
    """The rows of one CSV as dicts: column names in capitals, values without outer spaces."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        lines = csv.reader(file)
        names = [name.strip().upper() for name in next(lines, [])]
        return [
            dict(zip(names, [value.strip() for value in line]))
            for line in lines
            if any(value.strip() for value in line)
        ]


def module_of(row):
    """CONTRACT 4: a file is recognised by its columns. Columns of each module: METHODS 1.1."""
    if "DECOM" in row and "LS" in row:
        return "episodes"
    if "ETHNIC" in row:
        return "header"
    if "DUC" in row:
        return "uasc"
    return "other"


def read_returns(authority_folder):
    """One folder a year under ssda903/. List of (first year, {module: rows}), oldest first."""
    returns = []
    for folder in sorted(Path(authority_folder, "ssda903").iterdir()):
        if not folder.is_dir():
            continue
        modules = defaultdict(list)
        for path in sorted(folder.glob("*.csv")):
            rows = read_rows(path)
            if rows:
                modules[module_of(rows[0])].extend(rows)
        if modules["episodes"]:
            returns.append((int(folder.name[:4]), modules))
    return sorted(returns, key=lambda one: one[0])


class Episode:
    """One row of Episodes, after the returns have been joined."""

    def __init__(self, row, order):
        self.child = row["CHILD"]
        self.decom = read_date(row["DECOM"])
        self.dec = read_date(row.get("DEC"))
        self.rne = row.get("RNE", "").upper()
        self.legal_status = row.get("LS", "").upper()
        self.need = row.get("CIN", "").upper()
        self.place = row.get("PLACE", "").upper()
        self.provider = row.get("PLACE_PROVIDER", "").upper()
        self.place_postcode = row.get("PL_POST", "")
        self.reason_ended = row.get("REC", "").upper()
        self.reason_moved = row.get("REASON_PLACE_CHANGE", "").upper()
        self.order = order  # place in the file: decides between two rows of one day
        self.gone_from = None  # ghosts: the 1 April from which it is not counted

    def is_ghost(self):
        """It has no DEC and a later return no longer holds it."""
        return self.gone_from is not None

    def end_for_running(self):
        """The first day on which it does not run, or None when it is open."""
        return self.dec or self.gone_from

    def runs_on(self, day):
        """CONTRACT 6: DECOM <= D, and DEC empty or after D; a ghost only before its 1 April."""
        last = self.end_for_running()
        return self.decom <= day and (last is None or last > day)


def is_usable(row):
    """A row without child or readable DECOM, or with an unreadable DEC, is set aside."""
    if not row.get("CHILD") or read_date(row.get("DECOM")) is None:
        return False
    return not row.get("DEC") or read_date(row["DEC"]) is not None


def without_exact_duplicates(rows):
    """CONTRACT 4: exact duplicates collapse (the first one stays)."""
    kept = []
    seen = set()
    for row in rows:
        whole_row = tuple(sorted(row.items()))
        if whole_row not in seen:
            seen.add(whole_row)
            kept.append(row)
    return kept


def key_of(row):
    """What makes two rows of two returns the same episode: CHILD and DECOM."""
    return row["CHILD"], read_date(row["DECOM"])


def join_returns(returns):
    """CONTRACT 4: same CHILD and DECOM in a later return replaces the earlier row or rows.

    Two different rows with one CHILD and DECOM inside one return are both kept.
    Answer: {key: (first year of the return, rows)}.
    """
    joined = {}
    for year, modules in returns:
        rows_of_this_return = defaultdict(list)
        usable = [row for row in modules["episodes"] if is_usable(row)]
        for row in without_exact_duplicates(usable):
            rows_of_this_return[key_of(row)].append(row)
        for key, rows in rows_of_this_return.items():
            joined[key] = (year, rows)
    return joined


def next_return_after(year, returns):
    """First year of the next later return that exists, or None."""
    later = [other for other, _ in returns if other > year]
    return min(later) if later else None


def read_episodes(returns):
    """Every episode, V3 and V4 dropped, ghosts marked.

    Ghost (CONTRACT 6): no DEC, and the next later return does not hold it. It would have been
    replaced if any later return held it, so an open row that stayed as it was in an older return
    is a ghost, from the 1 April that opens the next return's year.
    """
    episodes = []
    for year, rows in join_returns(returns).values():
        later_year = next_return_after(year, returns)
        for row in rows:
            episode = Episode(row, order=len(episodes))
            if episode.legal_status in SHORT_BREAKS:
                continue
            if episode.dec is None and later_year is not None:
                episode.gone_from = date(later_year, 4, 1)
            episodes.append(episode)
    return episodes


def latest_rows(returns, module):
    """{child: row}: the latest return's row for the child wins."""
    rows = {}
    for _, modules in returns:
        for row in modules[module]:
            rows[row.get("CHILD", "")] = row
    return rows


def dates_of_birth(returns):
    """{child: date of birth}: the header's; without one, another module's, latest return first."""
    born = {}
    for child, row in latest_rows(returns, "header").items():
        if read_date(row.get("DOB")):
            born[child] = read_date(row["DOB"])
    for _, modules in reversed(returns):
        for module in ("other", "uasc"):
            for row in modules[module]:
                if read_date(row.get("DOB")):
                    born.setdefault(row.get("CHILD", ""), read_date(row["DOB"]))
    return born
