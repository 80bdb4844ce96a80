"""The printed report's own figures, as a statistician has them, read off what the page says."""

from __future__ import annotations

import pytest
from builders import read

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure.publish import publish
from iro_analysis.estimates.comparisons import any_difference_exact
from iro_analysis.indicators import evaluate
from iro_analysis.study import Study

YEAR = periods.single("2019-20")


@pytest.fixture(scope="module")
def studies(demo):
    record = CareRecord.of(read(demo))
    figures = evaluate.all_figures(record, YEAR)
    return {
        audience: Study(record, YEAR, publish(figures, audience))
        for audience in ("internal", "committee")
    }


BOTH = ("internal", "committee")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("measure", "breakdown", "audiences", "said"),
    [
        ("gcse_5_grade4_with_english_maths", "all", BOTH, "23 of 98 (23%)"),
        ("gcse_5_grade4_with_english_maths", "all", BOTH,
         "By chance alone the figure could lie between 16% and 33%."),
        ("gcse_trend", "measure", ("internal",),
         "odds 1.00 times those of the year before (0.65 to 1.56; exact p = 1.000)"),
        ("gcse_trend", "measure", ("internal",), "GCSE results show no clear change"),
        ("minority_ethnic_ratio", "population", BOTH,
         "children from minority ethnic groups were about twice as likely as White children to be "
         "looked after (2.2 times; likely range 1.8 to 2.8)."),
        ("minority_ethnic_ratio", "population", BOTH,
         "This is a difference in rates, not an explanation of it."),
        ("minority_ethnic_ratio", "population", BOTH,
         "131 of 328 are minority ethnic: 1.74 times (1.51 to 1.97) their share"),
        ("minority_ethnic_ratio", "population", BOTH,
         "White children make up 0.78 times (0.71 to 0.85) theirs."),
        ("minority_ethnic_ratio", "population", ("internal",),
         "The share of 23% was rounded: 2.16 to 2.29 by what it may have been"),
        ("three_or_more_placements", "all", BOTH, "33 of 328 (10%)"),
        ("long_term_stability", "all", BOTH, "not clearly different from England (68%)"),
        ("looked_after_rate", "all", BOTH, "not clearly different from England (67)"),
        ("ethnicity_rate_ratio_without_uasc", "ethnicity", ("committee",), "internal report only"),
    ],
)  # fmt: skip
def test_the_page_says_it(studies, measure, breakdown, audiences, said):
    for audience in audiences:
        assert said in studies[audience].finding(measure, breakdown).text


def test_the_figures_behind_it(studies):
    rows = studies["internal"].published("minority_ethnic_ratio", "population").figures
    row = rows[rows["group"].str.contains("printed")].iloc[0]
    assert (row["numerator"], row["denominator"]) == (131, 197)
    assert [round(row[name], 2) for name in ("value", "lower", "upper")] == [2.23, 1.77, 2.79]
    years = studies["internal"].published("gcse_5_grade4_with_english_maths", "cohort_year").figures
    met = years["numerator"].astype(int)
    table = list(zip(met, years["denominator"].astype(int) - met, strict=True))
    assert round(any_difference_exact(table), 3) == 0.684


def test_shares_of_all_groups_at_once(studies):
    said = studies["internal"].ethnic_groups_in_detail().text
    for part in (
        "White: 197 of 328 (60%), range 53 to 67%",
        "Mixed or multiple ethnic groups: 49 of 328 (15%), range 10 to 21%",
        "Black Caribbean: 26 of 328 (8%), range 5 to 13%",
        "Black African: 23 of 328 (7%), range 4 to 12%",
        "Black other: 13 of 328 (4%), range 2 to 8%",
        "Asian or Asian British: 7 of 328 (2%), range 1 to 6%",
        "Other ethnic group: 13 of 328 (4%), range 2 to 8%",
        "Seven ethnic groups at once",
    ):
        assert part in said
    assert said == studies["committee"].ethnic_groups_in_detail().text


def test_what_is_for_internal_use_has_no_number_outside(studies):
    figures = studies["committee"].everything.figures
    mine = figures[figures["note"].str.contains("internal report only")]
    assert set(mine["measure"]) >= {"ethnicity_permanence_ratio", "ethnicity_rate_ratio_10_to_17"}
    assert mine["value"].isna().all()
    assert mine["numerator"].isna().all()


def test_entering_times_staying_is_the_whole(studies):
    rows = studies["internal"].published("minority_ethnic_parts", "part").figures
    value = rows.set_index("group")["value"]
    people = value["Looked after"] / value["Entering"]
    assert people == pytest.approx(value["Staying"])
