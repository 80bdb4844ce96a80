"""Independent count, part 2: oversight, health, education, advocacy, missing and care leavers.

Second opinion in tests. On purpose plain and slow: standard library, loops over rows. It shares no
code with the program that it checks, only with part 1 (slow_count): reading the return, periods of
care and "looked after on a day". Reviews and permanence have their own modules.
References: CONTRACT.md parts 4, 6, 7 and METHODS.md 3.8 to 3.14.

    services(folder, start, end) -> {(measure, breakdown, group): (numerator, denominator, value)}

`value` is None where it cannot be said (a file or list that is not there, a period that does not
end on 31 March, an empty denominator). Percentages are 0 to 100. A count has value = numerator.
"""

from collections import Counter, defaultdict
from datetime import date

from independent.slow_authority import (
    CANNOT_BE_SAID,
    Authority,
    count_of,
    dated_in,
    open_on,
    percent,
    put_groups,
    ratio,
    values_of,
)
from independent.slow_calendar import months_after, working_day_after
from independent.slow_care import age_on
from independent.slow_codes import SHORT_BREAKS
from independent.slow_lists import caseload
from independent.slow_permanence import permanence_figures
from independent.slow_return import read_date
from independent.slow_reviews import review_figures

MONTHS = (
    "January February March April May June July August September October November December"
).split()

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


# ------------------------------------------------------------------------------------------- health


def is_continuous_for_a_year(child, end):
    """METHODS 3.11: no V3/V4 in the year, no start after 1 April, no end before 31 March."""
    first = date(end.year - 1, 4, 1)
    for e in child.with_breaks:
        last = e.end_for_running()
        in_year = e.decom <= end and (last is None or last >= first)
        if in_year and e.legal_status in SHORT_BREAKS:
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
