"""Ages, periods of care and placements.

Part of the slow independent count: see ``slow_count``. The standard library only.
"""

from datetime import date

from independent.slow_codes import (
    ADOPTION_WITH_CURRENT_CARER,
    FOSTERING_FOR_ADOPTION,
    NOT_KNOWN,
    TEMPORARY,
)

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
