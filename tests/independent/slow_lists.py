"""The service's own lists, row by row, and what is counted from one list alone.

Part of the slow independent count: see ``slow_further``. The standard library only. References:
docs/lists.md, the notes above iro_analysis/reference/local_lists.toml, and the measures' records.
"""

from independent.slow_authority import (
    CANNOT_BE_SAID,
    count_of,
    dated_in,
    open_on,
    percent,
    put_groups,
    ratio,
    values_of,
)
from independent.slow_codes import NOT_KNOWN
from independent.slow_return import read_date

# What makes a row of a list: without it the row is set aside.
KEYS = {
    "officers": ["OFFICER"],
    "caseload": ["OFFICER", "DATE"],
    "disputes": ["RAISED"],
    "midway_reviews": ["CHILD", "DATE"],
    "consultation": ["DATE", "RESPONDENT"],
    "key_stage_4": ["CHILD", "YEAR"],
    "advocacy": ["DATE"],
    "proceedings": ["ISSUED"],
    "drug_alcohol_court": ["REFERRED"],
    "permanence_plans": ["CHILD", "DATE"],
    "review_meetings": ["CHILD", "DATE"],
    "informal_challenges": ["RAISED"],
    "conferences": ["HELD"],
    "foster_carer_reviews": ["DUE"],
    "children_said": ["DATE"],
}
# Two rows alike are two things: two forms of one day are two forms.
ALIKE_ARE_TWO = (
    "disputes consultation advocacy proceedings drug_alcohol_court informal_challenges"
    " conferences foster_carer_reviews children_said"
).split()
DATES = "DATE RAISED ISSUED REFERRED HELD DUE".split()  # where they are part of a row's key
FLAGS = ["SEEN_BEFORE"]
YES, NO = ("1", "YES", "Y", "TRUE"), ("0", "NO", "N", "FALSE")


def is_a_row(row, name):
    """What must be filled is filled and readable; a flag says yes, no or nothing."""
    for column in KEYS[name]:
        if row.get(column, "") == "" or (column in DATES and read_date(row[column]) is None):
            return False
    return all(row.get(flag, "").upper() in (*YES, *NO, "") for flag in FLAGS)


def listed(authority, name):
    """The rows of a list that count, None when it is not there.

    Of two rows with one key the later one counts, but in the lists where two alike are two things.
    """
    rows = authority.local(name)
    if rows is None:
        return None
    rows = [row for row in rows if is_a_row(row, name)]
    if name in ALIKE_ARE_TWO:
        return rows
    by_key = {}
    for row in rows:
        by_key[tuple(read_date(row[c]) or row[c] for c in KEYS[name])] = row
    return list(by_key.values())


def speaks_of(rows, column, start, end):
    """Of a time before a list begins or after its newest row the list says nothing."""
    days = [read_date(row[column]) for row in rows]
    return bool(days) and min(days) <= end and max(days) >= start


def listed_in(authority, name, column, start, end):
    """(all rows, those dated in the period), or None where the list says nothing of it."""
    rows = listed(authority, name)
    if rows is None or not speaks_of(rows, column, start, end):
        return None
    return rows, dated_in(rows, column, start, end)


def number_of(text):
    try:
        return float(text)
    except ValueError:
        return None


# ----------------------------------------------------------------------------- counted from a list

# measure: list, the column that dates it, columns by which it is counted
PLAIN = {
    "disputes": ("disputes", "RAISED", ["OUTCOME"]),
    "informal_challenges": ("informal_challenges", "RAISED", ["THEME", "OUTCOME"]),
    "child_protection_conferences": ("conferences", "HELD", []),
    "review_meetings": ("review_meetings", "DATE", ["MEETING"]),
    "consultation_forms": ("consultation", "DATE", []),
    "care_proceedings": ("proceedings", "ISSUED", ["OUTCOME"]),
    "family_drug_alcohol_court": ("drug_alcohol_court", "REFERRED", ["OUTCOME"]),
}


def put_plain_counts(result, authority, start, end):
    """Rows dated in the period, and by the words of a column."""
    for measure, (name, column, by) in PLAIN.items():
        found = listed_in(authority, name, column, start, end)
        if found is None:
            result[measure, "all", "all"] = CANNOT_BE_SAID
            for each in by:
                result[measure, each.lower(), "all"] = CANNOT_BE_SAID
            continue
        rows, inside = found
        result[measure, "all", "all"] = count_of(len(inside))
        for each in by:
            if each in rows[0]:
                put_groups(result, measure, each.lower(), inside, each, values_of(rows, each))
            else:  # a column that need not be there
                result[measure, each.lower(), "all"] = CANNOT_BE_SAID


def put_advocacy(result, authority, start, end):
    """A referral is no involvement yet."""
    found = listed_in(authority, "advocacy", "DATE", start, end)
    result["advocacy", "all", "all"] = (
        CANNOT_BE_SAID
        if found is None
        else count_of(sum(row["ROUTE"] != "Referral by the service" for row in found[1]))
    )


def put_what_children_said(result, authority, start, end):
    """Answers by question and answer."""
    found = listed_in(authority, "children_said", "DATE", start, end)
    if found is None:
        result["children_said", "all", "all"] = CANNOT_BE_SAID
        result["children_said", "answer", "all"] = CANNOT_BE_SAID
        return
    rows, inside = found
    for row in rows:
        question, answer = row["QUESTION"] or NOT_KNOWN, row["ANSWER"] or NOT_KNOWN
        row["BOTH"] = f"{question}: {answer}"
        if question == answer == NOT_KNOWN:
            row["BOTH"] = NOT_KNOWN
    result["children_said", "all", "all"] = count_of(len(inside))
    put_groups(result, "children_said", "answer", inside, "BOTH", values_of(rows, "BOTH"))


def put_shares(result, authority, start, end):
    """Seen before the review; foster carers' reviews and conferences held by the day due."""
    found = listed_in(authority, "review_meetings", "DATE", start, end)
    key = ("seen_before_review", "all", "all")
    if found is None:
        result[key] = CANNOT_BE_SAID
    else:
        answers = [row["SEEN_BEFORE"].upper() for row in found[1]]
        yes = sum(answer in YES for answer in answers)
        result[key] = percent(yes, yes + sum(answer in NO for answer in answers))
    for measure, name, column in (
        ("foster_carer_reviews", "foster_carer_reviews", "DUE"),
        ("child_protection_conferences_in_time", "conferences", "HELD"),
    ):
        found = listed_in(authority, name, column, start, end)
        if found is None:
            result[measure, "all", "all"] = CANNOT_BE_SAID
            continue
        in_time = asked = 0
        for row in found[1]:
            due, held = read_date(row["DUE"]), read_date(row["HELD"])
            if due is not None:
                asked += 1
                in_time += held is not None and held <= due
        result[measure, "all", "all"] = percent(in_time, asked)


# --------------------------------------------------------------------------------- the officers


def put_officers(result, authority, end):
    """Officers who had started by the last day and not left by it."""
    officers = listed(authority, "officers")
    begun = [read_date(row["STARTED"]) for row in officers or []]
    if not any(day is not None and day <= end for day in begun):
        result["officers", "all", "all"] = CANNOT_BE_SAID
        result["officers", "contract", "all"] = CANNOT_BE_SAID
        return
    now = open_on(officers, end, "STARTED", "LEFT")
    result["officers", "all", "all"] = count_of(len(now))
    if "CONTRACT" in officers[0]:
        every = values_of(officers, "CONTRACT")
        put_groups(result, "officers", "contract", now, "CONTRACT", every)
    else:
        result["officers", "contract", "all"] = CANNOT_BE_SAID


def caseload(authority, start, end):
    """Children held on the list's latest date in the period / full-time equivalent of who holds
    them; not said where one who holds children is not in post on that day with a known one."""
    officers, rows = listed(authority, "officers"), listed(authority, "caseload")
    if officers is None or rows is None:
        return CANNOT_BE_SAID
    inside = dated_in(rows, "DATE", start, end)
    if not inside:
        return CANNOT_BE_SAID
    latest = max(read_date(row["DATE"]) for row in inside)
    now = {row["OFFICER"]: row for row in open_on(officers, latest, "STARTED", "LEFT")}
    children, time_worked = 0, 0.0
    for row in inside:
        held = number_of(row["CHILDREN"])
        if read_date(row["DATE"]) != latest or not held:
            continue
        worked = number_of(now.get(row["OFFICER"], {}).get("FULL_TIME_EQUIVALENT", ""))
        if not worked:
            return CANNOT_BE_SAID
        children += int(held)
        time_worked += worked
    return ratio(children, round(time_worked, 6))


def list_figures(authority, start, end):
    """Everything that is counted from a list alone."""
    result = {}
    put_plain_counts(result, authority, start, end)
    put_advocacy(result, authority, start, end)
    put_what_children_said(result, authority, start, end)
    put_shares(result, authority, start, end)
    put_officers(result, authority, end)
    result["caseload_per_officer", "all", "all"] = caseload(authority, start, end)
    return result
