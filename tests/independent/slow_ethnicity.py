"""Disproportionality: ethnic groups set against each other and against the area's children.

Part of the slow independent count: see ``slow_further``. The standard library only.
References: the records of disproportionality.toml; METHODS 2.1 and part 4; STATISTICS 1.3 and 5.3.
"""

from collections import Counter

from independent.slow_authority import CANNOT_BE_SAID, percent
from independent.slow_calendar import ONE_DAY
from independent.slow_care import age_on, is_touched_by, months_before, placements_of
from independent.slow_codes import ETHNICITY, GUARDIANSHIP, NOT_KNOWN, REFUSED, WHITE
from independent.slow_count import provision_group, reason_group, uasc_group
from independent.slow_population import area_of, latest, populations, printed_once
from independent.slow_return import latest_rows

GROUPS = [group for group in dict.fromkeys(ETHNICITY.values()) if group != REFUSED]
MINORITY = [group for group in GROUPS if group != WHITE]
TO_PERMANENCE = ("Adopted", GUARDIANSHIP, "Child arrangements/residence order")


def ratio_of_ratios(one, of_one, other, of_other):
    """(one / of_one) / (other / of_other), None where it is not defined."""
    if not of_one or not of_other or not other:
        return None
    return (one / of_one) / (other / of_other)


class Groups:
    """Who is looked after, started and ceased, by ethnic group."""

    def __init__(self, authority, start, end):
        self.authority, self.start, self.end = authority, start, end
        headers = latest_rows(authority.returns, "header")
        self.uasc_rows = latest_rows(authority.returns, "uasc")
        self.code = {
            number: headers.get(number, {}).get("ETHNIC", "").upper()
            for number in authority.children
        }
        self.now = authority.looked_after(end)
        self.started = [c for c in authority.children.values() if self.first_start(c, start)]
        self.ceased = [c for c in authority.children.values() if c.ceased_chain(start, end)]

    def of(self, child):
        return ETHNICITY.get(self.code[child.number], NOT_KNOWN)

    def count(self, children):
        return Counter(self.of(child) for child in children)

    def first_start(self, child, since, until=None):
        """The first period of care that begins from the one day to the other."""
        begun = [chain for chain in child.chains if since <= chain.start <= (until or self.end)]
        return begun[0] if begun else None

    def starts_of_three_years(self):
        """[(child, period of care)]: the first start of each of the three years covered."""
        found = []
        for back in (12, 24, 36):
            since = months_before(self.end + ONE_DAY, back)
            if since < self.authority.first_day:
                break
            until = months_before(self.end + ONE_DAY, back - 12) - ONE_DAY
            for child in self.authority.children.values():
                chain = self.first_start(child, since, until)
                if chain is not None:
                    found.append((child, chain))
        return found

    def is_uasc(self, child, day):
        return uasc_group(self.uasc_rows.get(child.number), day) == "UASC"

    def aged_10_to_17(self):
        ages = [(child, age_on(child.born, self.end)) for child in self.now]
        return [child for child, age in ages if age is not None and 10 <= age <= 17]


def put_ratios(result, measure, yes, of):
    """Each group's share against that of White children."""
    for group in GROUPS:
        value = ratio_of_ratios(yes[group], of[group], yes[WHITE], of[WHITE])
        result[measure, "ethnicity", group] = (
            CANNOT_BE_SAID if value is None else (yes[group], of[group], value)
        )


def put_rate_ratios(result, measure, number, people):
    """Each group's rate against that of White children."""
    for group in GROUPS:
        value = people and ratio_of_ratios(
            number[group], people[group], number[WHITE], people[WHITE]
        )
        result[measure, "ethnicity", group] = (
            CANNOT_BE_SAID if value is None else (number[group], number[WHITE], value)
        )


def put_shares(result, groups, people):
    """Of children looked after, of the area's children, the one over the other, and the rate."""
    number = groups.count(groups.now)
    known = sum(number[group] for group in GROUPS)
    for group in [*GROUPS, REFUSED, NOT_KNOWN]:
        if group != NOT_KNOWN or number[group]:
            result["ethnicity_share", "ethnicity", group] = percent(
                number[group], sum(number.values())
            )
    for group in GROUPS:
        if people is None:
            for name in ("population_share", "index", "rate"):
                result[f"ethnicity_{name}", "ethnicity", group] = CANNOT_BE_SAID
            continue
        area = sum(people.values())
        result["ethnicity_population_share", "ethnicity", group] = percent(people[group], area)
        result["ethnicity_rate", "ethnicity", group] = (
            number[group],
            people[group],
            10_000 * number[group] / people[group],
        )
        result["ethnicity_index", "ethnicity", group] = (
            number[group],
            known,
            (number[group] / known) / (people[group] / area) if known else None,
        )


def number_of_placements(child, start, end):
    """METHODS 3.4: placements of all periods of care touched from start to end."""
    return sum(
        is_touched_by(run, start, end) for chain in child.chains for run in placements_of(chain)
    )


def put_by_decision_point(result, groups):
    """Shares of those of the group: three or more placements, with family, to permanence; stay."""
    now = groups.count(groups.now)
    year_began = months_before(groups.end + ONE_DAY, 12)
    many = [c for c in groups.now if number_of_placements(c, year_began, groups.end) >= 3]
    put_ratios(result, "ethnicity_three_or_more_ratio", groups.count(many), now)
    family = [
        child
        for child in groups.now
        if provision_group(child.episode_on(groups.end), child.chain_on(groups.end))
        in ("Connected persons", "With parents")
    ]
    put_ratios(result, "ethnicity_family_placement_ratio", groups.count(family), now)
    permanent = [
        child
        for child in groups.ceased
        if reason_group(child.ceased_chain(groups.start, groups.end)) in TO_PERMANENCE
    ]
    put_ratios(
        result, "ethnicity_permanence_ratio", groups.count(permanent), groups.count(groups.ceased)
    )
    put_ratios(result, "ethnicity_stay_ratio", now, groups.count(groups.started))


def white_british_ratio(groups, area):
    """Every known group other than White British against White British children."""
    people = latest(area, "white_british")
    codes = Counter(groups.code[child.number] for child in groups.now)
    british = codes["WBRI"]
    others = sum(
        number
        for code, number in codes.items()
        if code != "WBRI" and ETHNICITY.get(code, REFUSED) != REFUSED
    )
    value = people and ratio_of_ratios(
        others, people["All other ethnic groups"], british, people["White British"]
    )
    return CANNOT_BE_SAID if value is None else (others, british, value)


def minority_ratio(number, people):
    """All known groups but White together against White children.

    A population that has no single groups has one of all but White.
    """
    if people is None:
        return CANNOT_BE_SAID
    minority = sum(number[group] for group in MINORITY)
    area = people.get("Minority ethnic") or sum(people[group] for group in MINORITY)
    value = ratio_of_ratios(minority, area, number[WHITE], people[WHITE])
    return CANNOT_BE_SAID if value is None else (minority, number[WHITE], value)


def put_minority(result, groups, area):
    """Minority ethnic children together, and what makes their number."""
    now, started, ceased = map(groups.count, (groups.now, groups.started, groups.ceased))
    known = populations(area, "ethnicity") | printed_once(area, groups.end)
    for vintage, people in known.items():
        result["minority_ethnic_ratio", "population", vintage] = minority_ratio(now, people)
    result["minority_ethnic_ratio_10_to_17", "all", "all"] = minority_ratio(
        groups.count(groups.aged_10_to_17()), latest(area, "ethnicity_age_10_to_17")
    )
    result["minority_ethnic_to_white_british_ratio", "all", "all"] = white_british_ratio(
        groups, area
    )
    people = latest(area, "ethnicity")
    part = ("minority_ethnic_parts", "part")
    result[(*part, "Looked after")] = minority_ratio(now, people)
    result[(*part, "Entering")] = minority_ratio(started, people)
    there = {id(child): child for child in groups.now + groups.ceased}
    at_risk = groups.count(there.values())
    for name, numbers, of in (("Staying", now, started), ("Leaving", ceased, at_risk)):
        one, of_one = (sum(each[group] for group in MINORITY) for each in (numbers, of))
        value = ratio_of_ratios(one, of_one, numbers[WHITE], of[WHITE])
        result[(*part, name)] = CANNOT_BE_SAID if value is None else (one, numbers[WHITE], value)


def put_entry_ratio(result, measure, groups, area, without_uasc):
    """Who came in up to three years, over those expected at White children's rates of two ages."""
    every, older = latest(area, "ethnicity"), populations(area, "ethnicity_age_10_to_17")
    older = next(iter(older.values()), None)  # of the same census as all ages
    came = Counter()
    known = unknown = 0
    for child, chain in groups.starts_of_three_years():
        if without_uasc and groups.is_uasc(child, chain.start):
            continue
        age = age_on(child.born, chain.start)
        if age is None or not 0 <= age < 18 or groups.of(child) not in GROUPS:
            unknown += 1
            continue
        known += 1
        came[groups.of(child), "10 to 17" if age >= 10 else "Under 10"] += 1
    for group in GROUPS:
        result[measure, "ethnicity", group] = CANNOT_BE_SAID
        number = came[group, "Under 10"] + came[group, "10 to 17"]
        if every is None or older is None or number < 10 or unknown > 0.05 * (known + unknown):
            continue
        expected = 0.0
        for age in ("Under 10", "10 to 17"):
            of_group, of_white = older[group], older[WHITE]
            if age == "Under 10":
                of_group, of_white = every[group] - of_group, every[WHITE] - of_white
            expected += of_group * came[WHITE, age] / of_white
        white = came[WHITE, "Under 10"] + came[WHITE, "10 to 17"]
        if expected:
            result[measure, "ethnicity", group] = (number, white, number / expected)


def ethnicity_figures(authority, start, end):
    """Everything by ethnic group that is set against another group or against the area."""
    result = {}
    groups, area = Groups(authority, start, end), area_of(authority.folder)
    people = latest(area, "ethnicity")
    put_shares(result, groups, people)
    now = groups.count(groups.now)
    local = [child for child in groups.now if not groups.is_uasc(child, end)]
    of_age = groups.count(groups.aged_10_to_17())
    older = latest(area, "ethnicity_age_10_to_17")
    for measure, number, of in (
        ("ethnicity_rate_ratio", now, people),
        ("ethnicity_started_ratio", groups.count(groups.started), people),
        ("ethnicity_rate_ratio_without_uasc", groups.count(local), people),
        ("ethnicity_rate_ratio_10_to_17", of_age, older),
    ):
        put_rate_ratios(result, measure, number, of)
    put_by_decision_point(result, groups)
    put_minority(result, groups, area)
    for measure, without in (
        ("ethnicity_entry_ratio", False),
        ("ethnicity_entry_ratio_without_uasc", True),
    ):
        put_entry_ratio(result, measure, groups, area, without)
    whole = start == months_before(end + ONE_DAY, 12)  # full years only
    for key in list(result):
        if key[0] == "ethnicity_stay_ratio" and not (whole and result[key][0]):
            result[key] = CANNOT_BE_SAID
        if key[0] == "minority_ethnic_parts" and not (whole and people):
            result[key] = CANNOT_BE_SAID
    return result
