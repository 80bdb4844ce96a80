"""The SLOW INDEPENDENT COUNT, part 2: reviews, oversight, permanence, health, education, advocacy,
missing, care leavers.

Second opinion in tests. On purpose plain and slow: standard library, loops over rows. It shares no
code with the program that it checks; it uses only slow_count.py (part 1 of the same second opinion)
for reading the return, for periods of care and for "looked after on a day".
References: CONTRACT.md parts 4, 6, 7 and METHODS.md 3.8 to 3.14.

    services(folder, start, end) -> {(measure, breakdown, group): (numerator, denominator, value)}

`value` is None where it cannot be said (a file or list that is not there, a period that does not
end on 31 March, an empty denominator). Percentages are 0 to 100. A count has value = numerator.
"""

import sys
import time
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import slow_count as part1  # noqa: E402
from slow_calendar import months_after, working_day_after, working_days_between  # noqa: E402
from slow_count import age_on, is_child_on, months_before, read_date  # noqa: E402

NOT_KNOWN = "Not known"
CANNOT_BE_SAID = (None, None, None)
ONE_DAY = timedelta(days=1)
CODES = ["PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7"]
ATTENDED = ["PN1", "PN2", "PN3", "PN4"]
CONVEYED = ["PN1", "PN2", "PN3", "PN5", "PN6"]
FOUR_AND_OVER = CODES[1:]
MONTHS = (
    "January February March April May June July August September October November December"
).split()

# ------------------------------------------------------------------------------- reading the data


def module_of(row):
    """Modules that part 1 calls "other", known by their columns (METHODS 1.1)."""
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
    """As read_episodes of part 1, with V3 and V4 kept (the health cohort asks for them)."""
    episodes = []
    for year, rows in part1.join_returns(returns).values():
        later_year = part1.next_return_after(year, returns)
        for row in rows:
            episode = part1.Episode(row, order=len(episodes))
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
        self.episodes = [e for e in episodes if e.legal_status not in part1.SHORT_BREAKS]
        self.chains = part1.periods_of_care(self.episodes)

    def episode_on(self, day):
        """The deciding episode on the day, None when not looked after on it."""
        if not is_child_on(self.born, day):
            return None
        return part1.deciding_episode(self.episodes, day)

    def chain_on(self, day):
        episode = self.episode_on(day)
        return None if episode is None else part1.chain_of(episode, self.chains)

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
        self.returns = part1.read_returns(folder)
        self.first_day = date(self.returns[0][0], 4, 1)
        self.births = part1.dates_of_birth(self.returns)
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
        return part1.read_rows(path) if path.exists() else None

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


# ------------------------------------------------------------------------------------- review times


def first_review_can_be_judged(chain, first_day):
    """Its start is seen (RNE S, or within the returns), and it was not due before they begin."""
    if chain.first_episode().rne != "S" and chain.start < first_day:
        return False
    return working_day_after(chain.start, 20) >= first_day


def adoption_runs(chain):
    """[(day placed, first day no longer placed or None)]: runs of A3-A6, T0-T4 inside belong."""
    runs = []
    current = None
    for episode in chain.episodes:
        if episode.place in part1.PLACED_FOR_ADOPTION:
            if current is None:
                current = [episode.decom, None]
                runs.append(current)
            current[1] = episode.end_for_running()
        elif episode.place in part1.TEMPORARY and current is not None:
            current[1] = episode.end_for_running()
        else:
            current = None
    return runs


def due_date(chain, earlier, day, first_day):
    """When the review that follows the `earlier` ones is (was) due, seen from the day.

    The day is that of the review itself, or the last day of the period for one not yet held.
    None: it cannot be judged.
    """
    start_is_seen = first_review_can_be_judged(chain, first_day)
    if not earlier and not start_is_seen:
        return None
    for placed, left in adoption_runs(chain):
        if placed < day and (left is None or day < left):
            while_placed = [review for review in earlier if review > placed]
            if not while_placed:
                return placed + timedelta(days=28)
            all_seen = start_is_seen or placed >= first_day
            if len(while_placed) == 1 and all_seen:
                return months_after(while_placed[-1], 3)
            return months_after(while_placed[-1], 6)
    if not earlier:
        return working_day_after(chain.start, 20)
    if len(earlier) == 1 and start_is_seen:
        return months_after(earlier[-1], 3)
    return months_after(earlier[-1], 6)


def judge_reviews_of(authority, chain, until=date.max):
    """[(date, due or None, review before or None)] of the period of care, up to a day."""
    judged = []
    earlier = []
    for day in authority.reviews_of_chain[id(chain)]:
        if day <= until:
            due = due_date(chain, earlier, day, authority.first_day)
            judged.append((day, due, earlier[-1] if earlier else None))
            earlier.append(day)
    return judged


def pending_due(authority, chain, day):
    """The due date of the review not yet held on the day; None when it cannot be judged."""
    earlier = [review for review in authority.reviews_of_chain[id(chain)] if review <= day]
    if not earlier and not first_review_can_be_judged(chain, authority.first_day):
        # The one before was held before the returns begin: six months after that is certainly late.
        return months_after(authority.first_day, 6)
    return due_date(chain, earlier, day, authority.first_day)


def children_all_on_time(
    authority,
    start,
    end,
    only_this_chain=False,
    overdue_counts=True,
    early_counts=False,
    rule="due",
):
    """Children looked after on the last day with every review of the period on time."""
    numerator = denominator = 0
    for child in authority.looked_after(end):
        this_chain = child.chain_on(end)
        if rule == "days":
            if working_days_between(this_chain.start, end) <= 20:
                continue
        elif working_day_after(this_chain.start, 20) >= end:
            continue
        asked, good = 0, 0
        for chain in child.chains:
            if only_this_chain and chain is not this_chain:
                continue
            for day, due, _ in judge_reviews_of(authority, chain, until=end):
                held_in = start <= day <= end
                due_in = due is not None and start <= due <= end and early_counts
                if due is not None and (held_in or due_in):
                    asked += 1
                    good += day <= due
            last = end
            if chain is not this_chain:
                ended = chain.end()
                if ended is None or ended > end:
                    continue  # runs beside the deciding one
                last = ended - ONE_DAY
            due = pending_due(authority, chain, last)
            if (
                due is not None
                and due <= last
                and (due >= start or (overdue_counts and last >= start))
            ):
                asked += 1
        if asked:
            denominator += 1
            numerator += asked == good
    return percent(numerator, denominator)


def reviews_on_time(authority, start, end):
    on_time = judged = 0
    for child in authority.children.values():
        for chain in child.chains:
            for day, due, _ in judge_reviews_of(authority, chain, end):
                if day >= start and due is not None:
                    judged += 1
                    on_time += day <= due
    return percent(on_time, judged)


def under_five(authority, start, end):
    numerator = denominator = 0
    for child in authority.children.values():
        for chain in child.chains:
            for day, due, before in judge_reviews_of(authority, chain, until=end):
                age = age_on(child.born, day)
                if not start <= day or before is None or due is None:
                    continue
                if age is not None and age < 5:
                    denominator += 1
                    numerator += day <= months_after(before, 3)
    return percent(numerator, denominator)


def review_figures(authority, start, end):
    result = {}
    names = ["reviews_held", "reviews_attended", "views_conveyed", "no_participation"]
    names += ["reviews_on_time", "children_all_reviews_on_time", "under_five_three_monthly"]
    if not authority.has_module("reviews"):
        for name in names:
            result[name, "all", "all"] = CANNOT_BE_SAID
        for code in CODES:
            result["review_participation", "code", code] = CANNOT_BE_SAID
        return result
    held = []
    for child in authority.children.values():
        for chain in child.chains:
            for day in authority.reviews_of_chain[id(chain)]:
                if start <= day <= end:
                    held.append((child.number, day))
    result["reviews_held", "all", "all"] = count_of(len(held))
    codes = Counter(authority.reviews[key] for key in held)
    for code in CODES:
        result["review_participation", "code", code] = count_of(codes[code], len(held))
    unknown = len(held) - sum(codes[code] for code in CODES)
    if unknown:
        result["review_participation", "code", NOT_KNOWN] = count_of(unknown, len(held))
    asked = sum(codes[code] for code in FOUR_AND_OVER)
    result["reviews_attended", "all", "all"] = percent(sum(codes[c] for c in ATTENDED), asked)
    result["views_conveyed", "all", "all"] = percent(sum(codes[c] for c in CONVEYED), asked)
    result["no_participation", "all", "all"] = percent(codes["PN7"], asked)
    result["reviews_on_time", "all", "all"] = reviews_on_time(authority, start, end)
    result["children_all_reviews_on_time", "all", "all"] = children_all_on_time(
        authority, start, end
    )
    result["under_five_three_monthly", "all", "all"] = under_five(authority, start, end)
    return result


# ---------------------------------------------------------------------------------------- oversight


def months_of(start, end):
    """("April 2019", ...) of every month that the period touches."""
    labels = []
    day = date(start.year, start.month, 1)
    while day <= end:
        labels.append(f"{MONTHS[day.month - 1]} {day.year}")
        day = months_after(day, 1)
    return labels


def within_20_working_days(rows, end):
    good = asked = 0
    for row in rows:
        raised, resolved = read_date(row["RAISED"]), read_date(row.get("RESOLVED"))
        limit = working_day_after(raised, 20)
        if resolved is None and limit > end:
            continue
        asked += 1
        good += resolved is not None and resolved <= limit
    return percent(good, asked)


def caseload(authority, start, end):
    """Children held on the latest date of the list in the period / FTE of the officers holding."""
    officers, rows = authority.local("officers"), authority.local("caseload")
    if officers is None or rows is None:
        return CANNOT_BE_SAID
    inside = dated_in(rows, "DATE", start, end)
    if not inside:
        return CANNOT_BE_SAID
    latest = max(read_date(row["DATE"]) for row in inside)
    children, time_worked = 0, 0.0
    for row in inside:
        if read_date(row["DATE"]) == latest:
            children += int(row["CHILDREN"])
            for officer in officers:
                if officer["OFFICER"] == row["OFFICER"]:
                    time_worked += float(officer["FULL_TIME_EQUIVALENT"])
    time_worked = round(time_worked, 6)
    return ratio(children, time_worked)


def oversight_figures(authority, start, end):
    result = {}
    officers = authority.local("officers")
    if officers is None:
        result["officers", "role", "all"] = CANNOT_BE_SAID
    else:
        now = open_on(officers, end, "STARTED", "LEFT")
        put_groups(result, "officers", "role", now, "ROLE", values_of(officers, "ROLE"))
    result["caseload_per_officer", "all", "all"] = caseload(authority, start, end)

    disputes = authority.local("disputes")
    if disputes is None:
        result["disputes", "all", "all"] = CANNOT_BE_SAID
        result["disputes_within_20_working_days", "all", "all"] = CANNOT_BE_SAID
    else:
        inside = dated_in(disputes, "RAISED", start, end)
        result["disputes", "all", "all"] = count_of(len(inside))
        for column in ("STAGE", "THEME"):
            every = values_of(disputes, column)
            put_groups(result, "disputes", column.lower(), inside, column, every)
        by_month = Counter()
        for row in inside:
            raised = read_date(row["RAISED"])
            by_month[f"{MONTHS[raised.month - 1]} {raised.year}"] += 1
        for label in months_of(start, end):
            result["disputes", "month", label] = count_of(by_month[label], len(inside))
        result["disputes_within_20_working_days", "all", "all"] = within_20_working_days(
            inside, end
        )

    midway = authority.local("midway_reviews")
    result["midway_reviews", "all", "all"] = (
        CANNOT_BE_SAID if midway is None else count_of(len(dated_in(midway, "DATE", start, end)))
    )
    forms = authority.local("consultation")
    if forms is None:
        result["consultation_forms", "respondent", "all"] = CANNOT_BE_SAID
    else:
        inside = dated_in(forms, "DATE", start, end)
        every = values_of(forms, "RESPONDENT")
        put_groups(result, "consultation_forms", "respondent", inside, "RESPONDENT", every)
    return result


# --------------------------------------------------------------------------------------- permanence


def adopted_between(authority, start, end):
    """[(child, period of care)] of children whose last ceasing in the time was by adoption."""
    found = []
    for child in authority.children.values():
        chain = child.ceased_chain(start, end)
        if chain is not None and part1.reason_group(chain) == "Adopted":
            found.append((child, chain))
    return found


def day_placed(authority, child, chain):
    """The last DATE_PLACED on or before the day of adoption."""
    days = []
    for _, split in authority.modules:
        for row in split["placed_adoption"]:
            if row["CHILD"] == child.number:
                day = read_date(row["DATE_PLACED"])
                if day is not None and day <= chain.end():
                    days.append(day)
    return max(days) if days else None


def day_matched(authority, child):
    """DATE_MATCH of the latest return's AD1 row."""
    day = None
    for _, split in authority.modules:
        for row in split["ad1"]:
            if row["CHILD"] == child.number:
                day = read_date(row["DATE_MATCH"])
    return day


def day_moved_in(chain):
    """The first day of the last A3-A6 run: the day of moving in with the adoptive family."""
    runs = adoption_runs(chain)
    return runs[-1][0] if runs else None


def a1(authority, end, start_seen_only=False, moved_in=False):
    if not moved_in and not authority.has_module("placed_adoption"):
        return CANNOT_BE_SAID
    days = []
    for child, chain in adopted_between(authority, months_before(end + ONE_DAY, 36), end):
        placed = day_moved_in(chain) if moved_in else day_placed(authority, child, chain)
        if placed is None or (start_seen_only and chain.first_episode().rne != "S"):
            continue
        days.append((placed - chain.start).days)
    return ratio(sum(days), len(days))


def a2(authority, end, placed_only=False):
    if not authority.has_module("ad1"):
        return CANNOT_BE_SAID
    days = []
    for child, chain in adopted_between(authority, months_before(end + ONE_DAY, 36), end):
        orders = [e.decom for e in chain.episodes if e.legal_status == "E1"]
        matched = day_matched(authority, child)
        if not orders or matched is None:
            continue
        if placed_only and day_placed(authority, child, chain) is None:
            continue
        days.append(max(0, (matched - min(orders)).days))
    return ratio(sum(days), len(days))


def plan_missing(authority, end, any_plan=False):
    rows = authority.local("permanence_plans")
    if rows is None:
        return CANNOT_BE_SAID
    plans = defaultdict(list)
    for row in rows:
        day = read_date(row["DATE"])
        if day is not None:
            plans[row["CHILD"]].append(day)
    missing = asked = 0
    for child in authority.looked_after(end):
        begun = child.chain_on(end).start
        if begun > months_before(end, 2):
            continue
        asked += 1
        if any_plan and child.chain_on(end).first_episode().rne != "S":
            begun = date.min
        missing += not any(begun <= day <= end for day in plans[child.number])
    return percent(missing, asked)


LONG_TERM_FOSTERING = ("U1", "U4")
ROUTE_OF = {
    "Adopted": "Adopted",
    part1.GUARDIANSHIP: "Special guardianship order",
    "Child arrangements/residence order": "Child arrangements order",
    "Returned home (planned)": "Returned home",
    "Returned home (unplanned)": "Returned home",
}


def days_long_term_fostering_began(child):
    """Every first day of the child with a carer under U1 or U4; an absence changes nothing."""
    days = []
    for chain in child.chains:
        before = None
        for episode in chain.episodes:
            place = part1.behind_absence(episode, chain).place
            if place in LONG_TERM_FOSTERING:
                was = before is not None and (
                    part1.behind_absence(before, chain).place in LONG_TERM_FOSTERING
                )
                if not was or part1.is_move_by_dfe_rule(episode, before, chain):
                    days.append(episode.decom)
            before = episode
    return days


def route_to_permanence(child, start, end):
    """The route by which the child last reached a permanent home in the time, None if by none."""
    reached = [(day, 0, "Long-term foster placement") for day in
               days_long_term_fostering_began(child) if start <= day <= end]  # fmt: skip
    chain = child.ceased_chain(start, end)
    if chain is not None and part1.reason_group(chain) in ROUTE_OF:
        reached.append((chain.end(), 1, ROUTE_OF[part1.reason_group(chain)]))
    return max(reached)[2] if reached else None


def put_permanence_achieved(result, authority, start, end):
    routes = Counter(
        route_to_permanence(child, start, end) for child in authority.children.values()
    )
    del routes[None]
    total = sum(routes.values())
    result["permanence_achieved", "all", "all"] = count_of(total)
    for route in [*ROUTE_OF.values(), "Long-term foster placement"]:
        result["permanence_achieved", "permanence_route", route] = count_of(routes[route], total)


def permanence_figures(authority, start, end):
    result = {}
    put_permanence_achieved(result, authority, start, end)
    reasons = Counter()
    for child in authority.children.values():
        chain = child.ceased_chain(start, end)
        if chain is not None:
            reasons[part1.reason_group(chain)] += 1
    total = sum(reasons.values())
    home = reasons["Returned home (planned)"] + reasons["Returned home (unplanned)"]
    result["adopted", "all", "all"] = count_of(reasons["Adopted"], total)
    result["special_guardianship", "all", "all"] = count_of(reasons[part1.GUARDIANSHIP], total)
    result["returned_home", "all", "all"] = count_of(home, total)
    result["adoption_a1_days", "all", "all"] = a1(authority, end, True, True)
    result["adoption_a2_days", "all", "all"] = a2(authority, end)
    result["permanence_plan_missing", "all", "all"] = plan_missing(authority, end)
    for measure, name, column in (
        ("care_proceedings", "proceedings", "ISSUED"),
        ("family_drug_alcohol_court", "drug_alcohol_court", "REFERRED"),
    ):
        rows = authority.local(name)
        if rows is None:
            result[measure, "outcome", "all"] = CANNOT_BE_SAID
        else:
            inside = dated_in(rows, column, start, end)
            put_groups(result, measure, "outcome", inside, "OUTCOME", values_of(rows, "OUTCOME"))
    return result


# ------------------------------------------------------------------------------------------- health


def is_continuous_for_a_year(child, end):
    """METHODS 3.11: no V3/V4 in the year, no start after 1 April, no end before 31 March."""
    first = date(end.year - 1, 4, 1)
    for e in child.with_breaks:
        last = e.end_for_running()
        in_year = e.decom <= end and (last is None or last >= first)
        if in_year and e.legal_status in part1.SHORT_BREAKS:
            return False
        if e.rne == "S" and first < e.decom <= end:
            return False
        if e.dec is not None and e.reason_ended != "X1" and first <= e.dec < end:
            return False
    return True


def health_cohort(authority, end):
    return [child for child in authority.looked_after(end) if is_continuous_for_a_year(child, end)]


def aged(children, day, youngest, oldest):
    found = []
    for child in children:
        age = age_on(child.born, day)
        if age is not None and youngest <= age <= oldest:
            found.append(child)
    return found


def health_figures(authority, start, end):
    result = {}
    rows = None
    if (end.month, end.day) == (3, 31):
        rows = authority.rows_of_year("oc2", end.year - 1)
    everyone = [] if rows is None else health_cohort(authority, end)
    for measure, column, children in (
        ("health_assessment", "HEALTH_ASSESSMENT", everyone),
        ("immunisations", "IMMUNISATIONS", everyone),
        ("dental_check", "TEETH_CHECK", everyone),
        ("development_checks", "HEALTH_CHECK", aged(everyone, end, 0, 4)),
        ("convicted", "CONVICTED", aged(everyone, end, 10, 17)),
        ("substance_misuse", "SUBSTANCE_MISUSE", everyone),
    ):
        if rows is None:
            result[measure, "all", "all"] = CANNOT_BE_SAID
            continue
        yes = 0
        for child in children:
            yes += rows.get(child.number, {}).get(column, "") == "1"
        result[measure, "all", "all"] = percent(yes, len(children))

    bands = ("normal", "borderline", "cause for concern")
    if rows is None:
        result["sdq_completed", "all", "all"] = CANNOT_BE_SAID
        result["sdq_average", "all", "all"] = CANNOT_BE_SAID
        for band in bands:
            result["sdq_band", "band", band] = CANNOT_BE_SAID
        return result
    children = aged(everyone, end, 5, 16)
    scores = []
    for child in children:
        text = rows.get(child.number, {}).get("SDQ_SCORE", "")
        if text.isdigit() and int(text) <= 40:
            scores.append(int(text))
    result["sdq_completed", "all", "all"] = percent(len(scores), len(children))
    result["sdq_average", "all", "all"] = ratio(sum(scores), len(scores))
    numbers = Counter()
    for score in scores:
        numbers[bands[0] if score <= 13 else bands[1] if score <= 16 else bands[2]] += 1
    for band in bands:
        result["sdq_band", "band", band] = count_of(numbers[band], len(scores))
    return result


# ---------------------------------------------------------------------------------------- education


def education_figures(authority, start, end):
    result = {}
    plans = authority.local("education_plans")
    if plans is None:
        result["pep_up_to_date", "all", "all"] = CANNOT_BE_SAID
        result["pep_up_to_date", "latest row of each child", "all"] = CANNOT_BE_SAID
    else:
        inside = [row for row in dated_in(plans, "DATE", start, end) if row["UP_TO_DATE"] != ""]
        good = sum(row["UP_TO_DATE"] == "1" for row in inside)
        result["pep_up_to_date", "all", "all"] = percent(good, len(inside))
        latest = {}
        for row in inside:
            kept = latest.get(row["CHILD"])
            if kept is None or read_date(row["DATE"]) >= read_date(kept["DATE"]):
                latest[row["CHILD"]] = row
        good = sum(row["UP_TO_DATE"] == "1" for row in latest.values())
        result["pep_up_to_date", "latest row of each child", "all"] = percent(good, len(latest))

    ehc = authority.local("ehc_plans")
    if ehc is None:
        result["ehc_plan", "all", "all"] = CANNOT_BE_SAID
    else:
        with_plan = {row["CHILD"] for row in open_on(ehc, end)}
        pupils = aged(authority.looked_after(end), end, 4, 17)
        number = sum(child.number in with_plan for child in pupils)
        result["ehc_plan", "all", "all"] = percent(number, len(pupils))

    suspensions = authority.local("suspensions")
    if suspensions is None:
        result["suspended_children", "all", "all"] = CANNOT_BE_SAID
        result["suspended_days", "all", "all"] = CANNOT_BE_SAID
    else:
        who, days = set(), 0
        for row in dated_in(suspensions, "DATE", start, end):
            child = authority.children.get(row["CHILD"])
            if child is not None and child.episode_on(read_date(row["DATE"])) is not None:
                who.add(child.number)
                value = float(row["DAYS"])
                days += int(value) if value == int(value) else value
        result["suspended_children", "all", "all"] = count_of(len(who))
        result["suspended_days", "all", "all"] = count_of(days)

    students = authority.local("higher_education")
    result["higher_education", "all", "all"] = (
        CANNOT_BE_SAID
        if students is None
        else count_of(len({row["CHILD"] for row in open_on(students, end)}))
    )
    return result


# ----------------------------------------------------------------------------------------- advocacy


def advocacy_figures(authority, start, end):
    result = {}
    rows = authority.local("advocacy")
    if rows is None:
        result["advocacy", "route", "all"] = CANNOT_BE_SAID
        result["advocacy", "reason", "all"] = CANNOT_BE_SAID
        result["advocacy_referrals", "all", "all"] = CANNOT_BE_SAID
        return result
    inside = dated_in(rows, "DATE", start, end)
    begun = [row for row in inside if row["ROUTE"] != "Referral by the service"]
    routes = [route for route in values_of(rows, "ROUTE") if route != "Referral by the service"]
    put_groups(result, "advocacy", "route", begun, "ROUTE", routes)
    of_reason, every = inside, rows
    if any(row["ROUTE"] == "Specific issue" for row in rows):
        of_reason = [row for row in inside if row["ROUTE"] == "Specific issue"]
        every = [row for row in rows if row["ROUTE"] == "Specific issue"]
    put_groups(result, "advocacy", "reason", of_reason, "REASON", values_of(every, "REASON"))
    referrals = [row for row in inside if row["ROUTE"] == "Referral by the service"]
    result["advocacy_referrals", "all", "all"] = count_of(len(referrals))
    return result


# ------------------------------------------------------------------------- missing and exploitation


def incidents_of_each_child(authority):
    """{child: [(type, start, end)]}; a later return's row of the child and start replaces."""
    joined = {}
    for _, split in authority.modules:
        rows = defaultdict(set)
        for row in split["missing"]:
            start = read_date(row["MIS_START"])
            if row["CHILD"] and start is not None:
                incident = row["MISSING"].upper(), start, read_date(row.get("MIS_END"))
                rows[row["CHILD"], start].add(incident)  # a set: exact duplicates collapse
        joined.update(rows)
    by_child = defaultdict(list)
    for (number, _), incidents in joined.items():
        by_child[number].extend(incidents)
    return by_child


def missing_figures(authority, start, end):
    result = {}
    if not authority.has_module("missing"):
        for name in ("children_missing", "missing_incidents", "incidents_per_child"):
            result[name, "all", "all"] = CANNOT_BE_SAID
    else:
        incidents = incidents_of_each_child(authority)
        everyone = with_one = number = 0
        for child in authority.children.values():
            if not child.is_looked_after_at_some_time(start, end):
                continue
            everyone += 1
            mine = 0
            for kind, first, last in incidents.get(child.number, []):
                if kind == "M" and first <= end and (last is None or last >= start):
                    mine += 1
            number += mine
            with_one += mine > 0
        result["children_missing", "all", "all"] = percent(with_one, everyone)
        result["missing_incidents", "all", "all"] = count_of(number)
        result["incidents_per_child", "all", "all"] = ratio(number, with_one)
    interviews = authority.local("return_interviews")
    if interviews is None:
        result["return_interviews", "all", "all"] = CANNOT_BE_SAID
    else:
        inside = dated_in(interviews, "MISSING_START", start, end)
        held = sum(row["HELD"] == "1" for row in inside)
        result["return_interviews", "all", "all"] = percent(held, len(inside))
    tracked = authority.local("exploitation")
    result["exploitation_tracked", "all", "all"] = (
        CANNOT_BE_SAID
        if tracked is None
        else count_of(len({row["CHILD"] for row in open_on(tracked, end)}))
    )
    return result


# ------------------------------------------------------------------------------------- care leavers


def age_reached_in_year(born, end):
    """The age reached on the birthday between 1 April and the 31 March that the year ends on."""
    birthday_year = end.year - 1 if (born.month, born.day) >= (4, 1) else end.year
    return birthday_year - born.year


def care_leavers_suitable(row, listed_only=True):
    """True, False, or None when the young person is not in the denominator."""
    accommodation = row["ACCOM"].upper()
    if accommodation[:1] in ("G", "H", "R"):
        return None
    if listed_only and accommodation.startswith("0"):
        return False
    return accommodation.endswith("1")


def care_leaver_figures(authority, start, end, listed_only=True):
    groups = [("all", "all"), ("age_group", "17 to 18"), ("age_group", "19 to 21")]
    names = ["in_touch", "activity", "accommodation_suitable"]
    rows = None
    if (end.month, end.day) == (3, 31):
        rows = authority.rows_of_year("oc3", end.year - 1)
    if rows is None:
        return {(f"care_leavers_{n}", b, g): CANNOT_BE_SAID for n in names for b, g in groups}
    yes, asked = Counter(), Counter()
    for number, row in rows.items():
        born = authority.births.get(number) or read_date(row["DOB"])
        if born is None or row["IN_TOUCH"].upper() in ("DIED", "RHOM"):
            continue
        age = age_reached_in_year(born, end)
        if not 17 <= age <= 21:
            continue
        of_age = "17 to 18" if age <= 18 else "19 to 21"
        for group in (("all", "all"), ("age_group", of_age)):
            asked["in_touch", group] += 1
            yes["in_touch", group] += row["IN_TOUCH"].upper() == "YES"
            asked["activity", group] += 1
            yes["activity", group] += row["ACTIV"].upper()[:1] in ("F", "P")
            suitable = care_leavers_suitable(row, listed_only)
            if suitable is not None:
                asked["accommodation_suitable", group] += 1
                yes["accommodation_suitable", group] += suitable
    result = {}
    for name in names:
        for group in groups:
            result[(f"care_leavers_{name}", *group)] = percent(yes[name, group], asked[name, group])
    return result


# ---------------------------------------------------------------------------------------- the whole


def services(folder, start, end, authority=None):
    """Every figure of this second opinion for the period, both days in."""
    authority = authority or Authority(folder)
    result = {}
    for part in (
        review_figures,
        oversight_figures,
        permanence_figures,
        health_figures,
        education_figures,
        advocacy_figures,
        missing_figures,
        care_leaver_figures,
    ):
        result.update(part(authority, start, end))
    return result
