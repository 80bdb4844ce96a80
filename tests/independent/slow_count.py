"""The SLOW INDEPENDENT COUNT: a test oracle for the figures made from an SSDA903 return.

This module is on purpose plain, slow and separate. It shares no code with the program that it
checks, uses no pandas, and goes through the return row by row and child by child, so that a
person who knows the SSDA903 can read each rule and say whether it is right. One function is one
rule. References: CONTRACT.md sections 4 and 6 ("Counting rules"), METHODS.md parts 1.1, 2 and 3.

    count(authority_folder, start, end) -> {(measure, breakdown, group): number of children}

A group that is not in the answer is 0 (the answer is a Counter).
"""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

NOT_KNOWN = "Not known"

# ------------------------------------------------------------------------------- code lists

SEX = {"1": "Male", "M": "Male", "2": "Female", "F": "Female"}

WHITE = "White"
MIXED = "Mixed or multiple ethnic groups"
ASIAN = "Asian or Asian British"
BLACK = "Black, African, Caribbean or Black British"
OTHER_ETHNIC = "Other ethnic group"
REFUSED = "Refused or not yet known"
ETHNICITY = {
    "WBRI": WHITE,
    "WIRI": WHITE,
    "WIRT": WHITE,
    "WROM": WHITE,
    "WOTH": WHITE,
    "MWBC": MIXED,
    "MWBA": MIXED,
    "MWAS": MIXED,
    "MOTH": MIXED,
    "AIND": ASIAN,
    "APKN": ASIAN,
    "ABAN": ASIAN,
    "CHNE": ASIAN,
    "AOTH": ASIAN,
    "BCRB": BLACK,
    "BAFR": BLACK,
    "BOTH": BLACK,
    "OOTH": OTHER_ETHNIC,
    "REFU": REFUSED,
    "NOBT": REFUSED,
}

SHORT_BREAKS = ("V3", "V4")
LEGAL_STATUS = {
    "C2": "Full care order",
    "C1": "Interim care order",
    "E1": "Placement order",
    "V2": "Section 20",
    "J1": "Youth justice",
    "J2": "Youth justice",
    "J3": "Youth justice",
    "L1": "Detained for child protection",
    "L2": "Detained for child protection",
    "L3": "Detained for child protection",
}

NEED = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability",
    "N3": "Parental illness or disability",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
}

FOSTER = "Foster placements"
ADOPTION = "Placed for adoption"
PARENTS = "Placed with parents or other person with parental responsibility"
COMMUNITY = "Other placements in the community"
HOMES = "Secure units, children's homes and semi-independent living accommodation"
OTHER_RESIDENTIAL = "Other residential settings"
SCHOOLS = "Residential schools"
OTHER_PLACEMENT = "Other placements"
PLACEMENT = {
    "U1": FOSTER,
    "U2": FOSTER,
    "U3": FOSTER,
    "U4": FOSTER,
    "U5": FOSTER,
    "U6": FOSTER,
    "Q1": FOSTER,
    "Q2": FOSTER,
    "A3": ADOPTION,
    "A4": ADOPTION,
    "A5": ADOPTION,
    "A6": ADOPTION,
    "P1": PARENTS,
    "P2": COMMUNITY,
    "P3": COMMUNITY,
    "K1": HOMES,
    "K2": HOMES,
    "H5": HOMES,
    "K3": HOMES,
    "R1": OTHER_RESIDENTIAL,
    "R2": OTHER_RESIDENTIAL,
    "R3": OTHER_RESIDENTIAL,
    "R5": OTHER_RESIDENTIAL,
    "S1": SCHOOLS,
}

TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
PLACED_FOR_ADOPTION = ("A3", "A4", "A5", "A6")
ADOPTION_WITH_CURRENT_CARER = ("A3", "A5")
FOSTERING_FOR_ADOPTION = ("U2", "U5")

GUARDIANSHIP = "Special guardianship order"
REASON = {
    "E11": "Adopted",
    "E12": "Adopted",
    "E2": "Died",
    "E3": "Transferred to another LA",
    "E4A": "Returned home (planned)",
    "E4B": "Returned home (unplanned)",
    "E13": "Left to live with relatives/others without PR",
    "E41": "Child arrangements/residence order",
    "E43": GUARDIANSHIP,
    "E44": GUARDIANSHIP,
    "E45": GUARDIANSHIP,
    "E46": GUARDIANSHIP,
    "E47": GUARDIANSHIP,
    "E48": GUARDIANSHIP,
    "E5": "Independent living (with support)",
    "E6": "Independent living (no formal support)",
    "E7": "Adult social care",
    "E8": "Other reason",
    "E9": "Custody",
    "E14": "Remand ended",
    "E15": "Age assessed 18 or over",
    "E16": "Moved abroad",
    "E17": "Aged 18+ remained with carers",
}

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


# ---------------------------------------------------------------------------- age and dates


def age_on(born, day):
    """Completed years on the day (METHODS 3.1). None when the date of birth is unknown."""
    if born is None:
        return None
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)


def age_band(born, day):
    """The five bands; unknown or not yet born: Not known."""
    age = age_on(born, day)
    if age is None or age < 0:
        return NOT_KNOWN
    if age < 1:
        return "Under 1"
    if age < 5:
        return "1 to 4"
    if age < 10:
        return "5 to 9"
    if age < 16:
        return "10 to 15"
    return "16 and over"


def months_before(day, months):
    """The same day so many months earlier, or the last day of that month when it is shorter."""
    month_number = day.year * 12 + (day.month - 1) - months
    year, month = month_number // 12, month_number % 12 + 1
    for day_of_month in range(day.day, 27, -1):
        try:
            return date(year, month, day_of_month)
        except ValueError:
            pass
    return date(year, month, day.day)


# -------------------------------------------------------------------------- periods of care


def in_time_order(episodes):
    """By DECOM; on one day the one that ends first, open ones last; then as in the file."""
    return sorted(episodes, key=lambda e: (e.decom, e.end_for_running() or date.max, e.order))


class Chain:
    """A period of care: episodes of which each begins on the day another one ended."""

    def __init__(self, episodes):
        self.episodes = in_time_order(episodes)
        self.start = self.episodes[0].decom

    def first_episode(self):
        return self.episodes[0]

    def last_ending_episode(self):
        """Only for an ended chain: the episode with the latest DEC."""
        return max(self.episodes, key=lambda e: (e.dec, e.decom, e.order))

    def end(self):
        """The latest DEC; None when an episode is open. A ghost ended on no known date: None."""
        if any(episode.dec is None for episode in self.episodes):
            return None
        return max(episode.dec for episode in self.episodes)

    def runs_on(self, day):
        """Started by the day, and open or ended after it; a ghost runs up to its 1 April."""
        ends = [episode.end_for_running() for episode in self.episodes]
        return self.start <= day and (None in ends or max(ends) > day)


def periods_of_care(episodes_of_one_child):
    """CONTRACT 6: chains in which each episode begins on the day another one ended."""
    groups = [[episode] for episode in episodes_of_one_child]
    for before in episodes_of_one_child:
        for after in episodes_of_one_child:
            if before is not after and before.dec is not None and before.dec == after.decom:
                one = next(group for group in groups if before in group)
                other = next(group for group in groups if after in group)
                if one is not other:
                    one.extend(other)
                    groups = [group for group in groups if group is not other]
    return sorted(
        [Chain(group) for group in groups],
        key=lambda chain: (chain.start, chain.first_episode().order),
    )


def chain_of(episode, chains):
    """The period of care that the episode belongs to."""
    return next(chain for chain in chains if episode in chain.episodes)


# ------------------------------------------------------------------------------- placements


def behind_absence(episode, chain):
    """METHODS 2.4: T0-T4 is an absence; take the placement before it in the same chain.

    An absence with no placement before it stays itself.
    """
    position = chain.episodes.index(episode)
    for earlier in reversed(chain.episodes[: position + 1]):
        if earlier.place not in TEMPORARY:
            return earlier
    return episode


def same_address_and_provider(one, other):
    """PLACE, PLACE_PROVIDER and PL_POST agree."""
    return (one.place, one.provider, one.place_postcode) == (
        other.place,
        other.provider,
        other.place_postcode,
    )


def returns_from_absence(episode, before, chain):
    """The episode follows T0-T4 and is the same placement as before that absence."""
    if before.place not in TEMPORARY:
        return False
    left = behind_absence(before, chain)
    return left.place not in TEMPORARY and same_address_and_provider(episode, left)


def is_move_by_dfe_rule(episode, before, chain):
    """METHODS 3.4: does a new placement begin at this episode, `before` being the one before it?

    RNE S does, L, T and U never do. P and B do, except: placed for adoption with the current
    carer (A3, A5); the move before was only a change of the placement's status
    (REASON_PLACE_CHANGE = PLACE); a temporary absence (T0-T4), and the return from one to the
    same placement. An RNE that is blank or unknown does when the place, provider or postcode
    differ from the episode before.
    """
    if episode.rne == "S":
        return True
    if episode.rne in ("L", "T", "U"):
        return False
    if episode.rne in ("P", "B"):
        if episode.place in ADOPTION_WITH_CURRENT_CARER:
            return False
        if before.reason_moved == "PLACE":
            return False
        if episode.place in TEMPORARY:
            return False
        return not returns_from_absence(episode, before, chain)
    return not same_address_and_provider(episode, before)


def is_change_of_fostering_for_adoption(episode, before, chain):
    """METHODS 3.5, method from 2021: a change between U2/U5 and any other code is a change.

    A temporary absence has the code of the placement that it is an absence from.
    """
    now = behind_absence(episode, chain).place in FOSTERING_FOR_ADOPTION
    then = behind_absence(before, chain).place in FOSTERING_FOR_ADOPTION
    return now != then


def placements_of(chain, fostering_for_adoption_counts=False):
    """The runs of consecutive episodes with one carer, in order (METHODS 3.4).

    One that is shorter than a day is no placement and is left out.
    """
    runs = [[chain.episodes[0]]]
    for before, episode in zip(chain.episodes, chain.episodes[1:]):
        new = is_move_by_dfe_rule(episode, before, chain)
        if fostering_for_adoption_counts:
            new = new or is_change_of_fostering_for_adoption(episode, before, chain)
        if new:
            runs.append([episode])
        else:
            runs[-1].append(episode)
    return [run for run in runs if lasts_a_day(run)]


def placement_start(run):
    """The day on which the first episode of the run begins."""
    return run[0].decom


def placement_end(run):
    """The latest end of the run's episodes, None when one is open."""
    ends = [episode.end_for_running() for episode in run]
    return None if None in ends else max(ends)


def lasts_a_day(run):
    """METHODS 3.4: "all placements of 24 hours or more"."""
    return placement_end(run) is None or placement_end(run) > placement_start(run)


def is_touched_by(run, start, end):
    """METHODS 3.4: open on the first day, begun since, or open on the last day."""
    last = placement_end(run)
    return placement_start(run) <= end and (last is None or last > start)


# ----------------------------------------------------------------------- who is looked after


def deciding_episode(episodes_of_one_child, day):
    """CONTRACT 6: of several open on the day the later DECOM decides, then the later row."""
    running = [episode for episode in episodes_of_one_child if episode.runs_on(day)]
    return max(running, key=lambda e: (e.decom, e.order)) if running else None


def is_child_on(born, day):
    """CONTRACT 6: born by the day and under 18 on it. Unknown date of birth counts."""
    return born is None or (born <= day and age_on(born, day) < 18)


def is_adult_on(born, day):
    """18 or over on the day."""
    return born is not None and born <= day and age_on(born, day) >= 18


# ------------------------------------------------------------------------------- the groups


def sex_group(header):
    """CONTRACT 6; no header row or another code: Not known."""
    return SEX.get(header.get("SEX", "").upper(), NOT_KNOWN)


def ethnicity_group(header):
    """METHODS 2.1; no header row or an unknown code: Not known."""
    return ETHNICITY.get(header.get("ETHNIC", "").upper(), NOT_KNOWN)


def legal_status_group(episode):
    """CONTRACT 6; D1 and unknown codes: Other."""
    return LEGAL_STATUS.get(episode.legal_status, "Other")


def need_group(chain):
    """METHODS 2.2: the need at the time the child started, so that of the first episode."""
    return NEED.get(chain.first_episode().need, NOT_KNOWN)


def placement_group(episode, chain):
    """METHODS 2.4, the groups of the 2019 to 2023 releases."""
    return PLACEMENT.get(behind_absence(episode, chain).place, OTHER_PLACEMENT)


def provision_group(episode, chain):
    """CONTRACT 6 and METHODS 2.4: who provides the placement."""
    placed = behind_absence(episode, chain)
    if placed.place in ("U1", "U2", "U3"):
        return "Connected persons"
    if placed.place in ("U4", "U5", "U6"):
        if placed.provider == "PR1":
            return "In-house foster care"
        if placed.provider in ("PR4", "PR5"):
            return "Independent agency foster care"
        return "Other"
    if placed.place in ("K1", "K2", "R1", "R2", "R3", "R5", "S1"):
        return "Residential"
    if placed.place in ("H5", "P2", "K3"):
        return "Semi-independent"
    if placed.place in PLACED_FOR_ADOPTION:
        return "Placed for adoption"
    if placed.place == "P1":
        return "With parents"
    return "Other"


def uasc_group(uasc_row, day):
    """METHODS 3.1: a UASC row with DUC blank or after the day."""
    if uasc_row is None:
        return "Not UASC"
    ceased = read_date(uasc_row.get("DUC"))
    return "UASC" if ceased is None or ceased > day else "Not UASC"


def reason_group(chain):
    """METHODS 2.5: REC of the episode that ends last; X1 or blank: Not known."""
    return REASON.get(chain.last_ending_episode().reason_ended, NOT_KNOWN)


# ----------------------------------------------------------------------------- the measures


def count_looked_after(result, day, episode, chain, born, header, uasc_row):
    """CONTRACT 6: looked after at the period's end, and each breakdown."""
    groups = {
        "all": "all",
        "age_band": age_band(born, day),
        "sex": sex_group(header),
        "ethnicity": ethnicity_group(header),
        "legal_status": legal_status_group(episode),
        "need": need_group(chain),
        "placement": placement_group(episode, chain),
        "provision": provision_group(episode, chain),
        "uasc": uasc_group(uasc_row, day),
    }
    for breakdown, group in groups.items():
        result["looked_after", breakdown, group] += 1


def count_started(result, start, end, chains, born, header):
    """METHODS 3.2: the first period of care that begins in the period."""
    for chain in chains:
        if start <= chain.start <= end:
            result["started", "all", "all"] += 1
            result["started", "age_band", age_band(born, chain.start)] += 1
            result["started", "ethnicity", ethnicity_group(header)] += 1
            result["started", "need", need_group(chain)] += 1
            return


def count_ceased(result, start, end, chains, born):
    """METHODS 3.2, CONTRACT 6: the last one that ends in the period, none running next day."""
    ended = []
    for chain in chains:
        last = chain.end()
        if last is not None and start <= last <= end:
            next_day = last + timedelta(days=1)
            if not any(other.runs_on(next_day) for other in chains):
                ended.append(chain)
    if ended:
        chain = max(ended, key=lambda c: (c.end(), c.start, c.first_episode().order))
        result["ceased", "all", "all"] += 1
        result["ceased", "age_band", age_band(born, chain.end())] += 1
        result["ceased", "reason", reason_group(chain)] += 1


def count_placements(result, start, end, chains):
    """METHODS 3.4: placements of all periods of care touched from start to end."""
    number = 0
    for chain in chains:
        for run in placements_of(chain):
            if is_touched_by(run, start, end):
                number += 1
    group = "3 or more" if number >= 3 else str(number)
    result["placements_in_year", "placements", group] += 1
    if number >= 3:
        result["three_or_more_placements", "all", "all"] += 1


def is_stable(day, episode, chain):
    """METHODS 3.5: in the placement for two years; or placed for adoption on the day, in a
    placement that began as one for adoption, together with the placement before it for two years.
    (A foster placement that turns into adoption by the same carer is one placement already:
    nothing before it is added. A child fostered on the day is not placed for adoption.)"""
    new_method = day > date(2020, 3, 31)
    two_years_ago = months_before(day, 24)
    runs = placements_of(chain, fostering_for_adoption_counts=new_method)
    position = next(number for number, run in enumerate(runs) if episode in run)
    if placement_start(runs[position]) <= two_years_ago:
        return True
    for_adoption = all(
        behind_absence(one, chain).place in PLACED_FOR_ADOPTION
        for one in (episode, runs[position][0])
    )
    return for_adoption and position > 0 and placement_start(runs[position - 1]) <= two_years_ago


def count_long_term_stability(result, day, episode, chain, born):
    """METHODS 3.5: of those under 16 in a period of care that began 2.5 years ago or earlier."""
    age = age_on(born, day)
    if age is None or age >= 16 or chain.start > months_before(day, 30):
        return
    result["long_term_stability", "all", "denominator"] += 1
    if is_stable(day, episode, chain):
        result["long_term_stability", "all", "numerator"] += 1


def count(authority_folder, start, end, postcodes=None):
    """Every figure of this oracle for the period from start to end, both days in.

    `postcodes` is accepted for the sake of one call for all oracles; nothing here needs it.
    """
    returns = read_returns(authority_folder)
    headers = latest_rows(returns, "header")
    uasc_rows = latest_rows(returns, "uasc")
    births = dates_of_birth(returns)

    episodes_by_child = defaultdict(list)
    result = Counter()
    for episode in read_episodes(returns):
        episodes_by_child[episode.child].append(episode)
        if episode.is_ghost():
            result["ghosts", "all", "all"] += 1

    for child, episodes in episodes_by_child.items():
        born = births.get(child)
        header = headers.get(child, {})
        chains = periods_of_care(episodes)
        count_started(result, start, end, chains, born, header)
        count_ceased(result, start, end, chains, born)

        episode = deciding_episode(episodes, end)
        if episode is None:
            continue
        if is_adult_on(born, end):
            result["adults_open", "all", "all"] += 1
        if is_child_on(born, end):
            chain = chain_of(episode, chains)
            count_looked_after(result, end, episode, chain, born, header, uasc_rows.get(child))
            count_placements(result, start, end, chains)
            count_long_term_stability(result, end, episode, chain, born)
    return result
