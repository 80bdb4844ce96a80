"""Independent count, slow on purpose: a test oracle for the figures made from an SSDA903 return.

This module is on purpose plain, slow and separate. It shares no code with the program that it
checks, uses no pandas, and goes through the return row by row and child by child, so that a
person who knows the SSDA903 can read each rule and say whether it is right. One function is one
rule. It reads by slow_return, with the codes of slow_codes and the periods of care of slow_care.
References: CONTRACT.md sections 4 and 6 ("Counting rules"), METHODS.md parts 1.1, 2 and 3.

    count(authority_folder, start, end) -> {(measure, breakdown, group): number of children}

A group that is not in the answer is 0 (the answer is a Counter).
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from independent.slow_care import (
    age_band,
    age_on,
    behind_absence,
    chain_of,
    is_touched_by,
    months_before,
    periods_of_care,
    placement_start,
    placements_of,
)
from independent.slow_codes import (
    ETHNICITY,
    LEGAL_STATUS,
    NEED,
    NOT_KNOWN,
    OTHER_PLACEMENT,
    PLACED_FOR_ADOPTION,
    PLACEMENT,
    REASON,
    SEX,
)
from independent.slow_return import (
    dates_of_birth,
    latest_rows,
    read_date,
    read_episodes,
    read_returns,
)

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
