"""Whole runs of reports in the orders in which people make them, against the attacker.

`IRO_ORDERS=all` makes them for seven sizes of authority (`make attack`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from attacker import corrections_found_out, found_out
from builders import read
from orders import EVERYTHING, ORDERS, SIZES, WANTED, authority_of

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.demonstration.writing import write_demonstration
from iro_analysis.disclosure.contributors import children_behind
from iro_analysis.disclosure.policy import policy, policy_for
from iro_analysis.disclosure.printing import WITHHELD
from iro_analysis.disclosure.publish import publish
from iro_analysis.indicators import evaluate
from iro_analysis.runner.outputs import figures_text

SHOWN = {40: 0.65, 80: 0.7, 150: 0.75}  # of few children more has to be hidden
ENOUGH = 0.85


@pytest.fixture(scope="module", params=SIZES)
def authority(request, tmp_path_factory):
    """A care record and its figures by period, each worked out once."""
    return request.param, authority_of(
        request.param, tmp_path_factory.mktemp(f"of_{request.param}")
    )


@pytest.mark.slow
@pytest.mark.parametrize("order", WANTED)
def test_no_report_is_refused_and_no_small_count_found_out(authority, order):
    size, known = authority
    earlier, shown, true = [], [], []
    for name in ORDERS[order]:
        figures, behind = known[name]
        published = publish(figures, "committee", earlier, behind)
        earlier.append(published.release)
        shown.append(published.figures)
        true.append(figures)
        rows = published.figures
        assert share_shown(rows) >= SHOWN.get(size, ENOUGH), name
        if size not in SHOWN:
            for headline in headlines_hidden(rows, figures):
                assert less_one_shown_before_is_small(headline, figures, shown[:-1]), headline
    revealed, _, hidden = found_out(map(figures_text, shown), map(figures_text, true))
    assert hidden
    assert not [each for each in revealed if each[1] is None or policy().is_small(each[1])]


def share_shown(rows, said_small=None):
    """Return the share shown of the figures that could be, less those that say a small number."""
    could = rows["status"].isin(["ok", "suppressed"]) | rows["note"].eq(WITHHELD)
    if said_small is not None:
        could &= ~said_small
    return (rows["status"].eq("ok") & could).sum() / could.sum()


def less_one_shown_before_is_small(headline, figures, earlier):
    """Return whether a headline less the same one of an earlier report is a small number.

    So of 13 pupils of three cohorts a year ago and 18 of four now, 5 are of the newest cohort. Only
    subtraction: what the gate thinks of it takes no part.
    """
    key = ["measure", "breakdown", "group"]
    place = tuple(headline.split("|"))

    def parts(rows):
        given = rows[rows["status"].eq("ok")].set_index(key).sort_index()
        if place not in given.index:
            return None
        [(part, whole)] = given.loc[[place], ["numerator", "denominator"]].to_numpy()
        return np.array([part, whole, whole - part])

    now = parts(figures)
    before = [found for rows in earlier if (found := parts(rows)) is not None]
    return any(policy().is_small(each) for found in before for each in np.abs(now - found))


def says_a_small_number(figures, rows):
    """Return for each row that is published whether its own count, or the rest of it, is small."""
    key = ["measure", "breakdown", "group"]
    parts = figures.drop_duplicates(key).set_index(key)[["numerator", "denominator"]]
    parts = parts.reindex(pd.MultiIndex.from_frame(rows[key]))
    few = [policy().is_small(part) or policy().is_small(whole) or policy().is_small(whole - part)
           for part, whole in parts.itertuples(index=False)]  # fmt: skip
    return pd.Series(few, index=rows.index)


def headlines_hidden(rows, figures):
    """Return the headlines that a report withholds though they are above the threshold."""
    hidden, key = [], ["measure", "breakdown", "group"]
    shown, true = rows.set_index(key).sort_index(), figures.set_index(key).sort_index()
    for cell in policy().keep_if_possible:
        place = tuple(cell.split("|"))
        if place in shown.index and shown.loc[[place], "status"].eq("suppressed").any():
            [(part, whole)] = true.loc[[place], ["numerator", "denominator"]].to_numpy()
            if not any(map(policy().is_small, (part, whole, whole - part))):
                hidden.append(cell)
    return hidden


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("children", [40, 80, 150, 250, 400, 600, 800] if EVERYTHING else [150])
def test_a_corrected_return_is_published_after_the_first(children, tmp_path):
    """Year, then the year again from a return with three children's ethnicity and sex corrected."""
    [folder] = write_demonstration(tmp_path, seed=children + 1, children=children)
    period, earlier, made, true = periods.single("2019-20"), [], [], []
    for corrected in (False, True):
        if corrected:
            _correct(folder)
        record = CareRecord.of(read(folder))
        figures = evaluate.all_figures(record, period)
        behind = children_behind(record, period, figures)
        published = publish(figures, "committee", earlier, behind)
        earlier.append(published.release)
        made.append(published.figures)
        true.append(figures)
        rows = published.figures
        # The groups that three children left and joined are hidden as well; so only what says no
        # small number by itself is asked for.
        shown = share_shown(rows, says_a_small_number(figures, rows))
        assert shown >= SHOWN.get(children, ENOUGH)
    assert not true[0].equals(true[1])
    first, second = (rows[rows["breakdown"] == "all"]["status"].eq("ok").sum() for rows in made)
    assert second == first  # of the whole authority as many as before
    texts = [*map(figures_text, made), *map(figures_text, true)]
    said, few = corrections_found_out(*texts)
    assert few
    assert not said
    revealed, _, hidden = found_out(texts[:2], texts[2:])
    assert hidden
    assert not [each for each in revealed if each[1] is None or policy().is_small(each[1])]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("order", WANTED)
def test_a_threshold_of_ten_and_rounding_hold_in_every_order_too(authority, order):
    """An authority's own policy: the same attack, for its wider ranges, before and after rounding.

    Rounding comes after all else, so the figures before it are those of `hide_to = 9` alone.
    """
    _, known = authority
    stricter = policy_for({"disclosure": {"hide_to": 9, "round_to": 5}})
    earlier, shown, rounded, true = [], [], [], []
    for name in ORDERS[order]:
        figures, behind = known[name]
        published = publish(figures, "committee", earlier, behind, stricter)
        earlier.append(published.release)
        shown.append(published.exact.figures)
        rounded.append(published.figures)
        true.append(figures)
        for rows in (shown[-1], rounded[-1]):
            given = rows["status"].eq("ok") & figures_of_counts(rows)
            assert not (given & rows["numerator"].between(1, 9)).any(), name
        counts = rounded[-1][figures_of_counts(rounded[-1])].query("unit != 'percent'")
        assert not (counts["numerator"].dropna() % 5).any()
    texts = [*map(figures_text, true)]
    for rows, base in [(shown, 0), (rounded, stricter.round_to)]:
        revealed, _, hidden = found_out([*map(figures_text, rows)], texts, stricter.hide_to, base)
        assert hidden
        assert not [each for each in revealed if each[1] is None or stricter.is_small(each[1])]


def figures_of_counts(figures):
    """Return which figures are counts or made of one that the report shows."""
    return figures["unit"].isin(["children", "reviews", "count", "percent"])


def _correct(folder):
    """Correct what the returns of all years say of three children looked after at the end."""
    episodes = pd.read_csv(folder / "ssda903" / "2019-20" / "episodes.csv", dtype=str)
    still = sorted(episodes.loc[episodes["DEC"].isna(), "CHILD"].unique())[:3]
    for path in sorted((folder / "ssda903").glob("*/header.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        mine = rows["CHILD"].isin(still)
        others = rows["ETHNIC"].map(lambda code: "WOTH" if code != "WOTH" else "WBRI")
        rows["ETHNIC"] = rows["ETHNIC"].mask(mine, others)
        rows["SEX"] = rows["SEX"].mask(mine, rows["SEX"].map({"1": "2", "2": "1"}))
        rows.to_csv(path, index=False)
