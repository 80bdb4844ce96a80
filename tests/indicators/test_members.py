"""The rows behind each figure add up to it: every measure, breakdown and group."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from iro_analysis import catalogue, codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure import scope
from iro_analysis.disclosure.figure_cells import system_of
from iro_analysis.disclosure.policy import policy
from iro_analysis.errors import ParameterError, ReferenceDataError
from iro_analysis.indicators import evaluate
from iro_analysis.indicators.rows import rows_of
from iro_analysis.members import register
from iro_analysis.periods import single
from iro_analysis.reading.authority import read_authority

LISTED = [name for name, entry in catalogue.measures().items() if entry.rows]
# The numerator is how many children these rows are of.
OF_CHILDREN = {"suspended_children"}
WHOLES_OF_THEIR_OWN = {"percent"}


@pytest.fixture(scope="module")
def record(demo):
    [authority] = read_authority(demo)
    return CareRecord.of(authority)


@pytest.mark.parametrize("name", catalogue.measures())
def test_the_functions_that_a_record_names_are_there(name):
    entry = catalogue.measure(name)
    assert evaluate.function_of(f"indicators.{entry.computed_by}", entry).__doc__
    assert (name in LISTED) == (register.lister(name) is not None)


def test_a_record_that_names_no_function_or_no_rows_is_refused():
    entry = replace(catalogue.measure("started"), computed_by="looked_after:begun")
    with pytest.raises(ReferenceDataError, match=r"started names indicators\.looked_after:begun"):
        evaluate.function_of(f"indicators.{entry.computed_by}", entry)
    record = dict(codes.record("measures/children_looked_after")["started"])
    record.pop("rows")
    with pytest.raises(ReferenceDataError, match="started needs one of two lines: rows"):
        catalogue._measure("started", "Children", record)


@pytest.mark.parametrize("name", ["reviews_on_time", "ethnicity_rate", "sdq_average"])
def test_a_record_of_a_share_without_its_counts_is_refused(name):
    """CONTRIBUTING, add a measure, step 1: whose count the denominator is."""
    section = next(file for file in codes.record("sections") if name in records(file))
    record = {key: value for key, value in records(section)[name].items() if key != "counts"}
    with pytest.raises(ReferenceDataError, match=f"{name} divides by a count: .* line counts"):
        catalogue._measure(name, "Reviews", record)
    catalogue._measure(name, "Reviews", {**record, "internal_only": True})


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"unit": "days"}, id="an average"),
        pytest.param({"unit": "months"}, id="a median"),
        pytest.param(
            {"unit": "count", "breakdowns": ["reason"]}, id="a total that it does not show"
        ),
    ],
)
def test_a_record_whose_denominator_could_be_anybodys_is_refused_without_counts(changed):
    given = records("oversight")["disputes"]
    catalogue._measure("disputes", "Oversight", {**given, "history": False})
    with pytest.raises(ReferenceDataError, match=r"disputes divides by a count: .* line counts"):
        catalogue._measure("disputes", "Oversight", {**given, "history": False, **changed})
    said = {**given, **changed, "history": False, "counts": {"denominator": "disputes|all|all"}}
    catalogue._measure("disputes", "Oversight", said)


def test_the_gate_can_tell_whose_count_each_denominator_is(record, monkeypatch):
    """CONTRIBUTING, add a measure, step 1: also where no `denominator` is given in words."""
    figures = evaluate.all_figures(record, single("2019-20"))
    system_of(scope.figures_for_committee(figures, policy()), policy())
    mean = figures[figures["measure"].eq("adoption_a1_days")]
    assert mean["denominator"].notna().any()
    entry = replace(catalogue.measure("adoption_a1_days"), counts={}, denominator="")
    monkeypatch.setattr(catalogue, "measure", {**catalogue.measures(), entry.id: entry}.__getitem__)
    with pytest.raises(ReferenceDataError, match="adoption_a1_days: its denominator is a count"):
        system_of(mean, policy())


def test_a_record_that_names_denominators_by_breakdown_names_one_for_each():
    record = records("advocacy")["advocacy"]
    catalogue._measure("advocacy", "Advocacy", record)
    more = {**record, "breakdowns": [*record["breakdowns"], "age_band"]}
    with pytest.raises(ReferenceDataError, match="advocacy divides by a count"):
        catalogue._measure("advocacy", "Advocacy", more)


def records(section):
    return codes.record(f"measures/{section}")


def test_every_measure_can_be_listed_or_says_why_not():
    for name in catalogue.measures():
        assert (name in LISTED) != bool(register.why_none(name)), name
    assert len(LISTED) >= 50


@pytest.mark.parametrize("period", ["2019-20", "2021-22", "2019-20-Q3"])
def test_the_rows_behind_a_figure_add_up_to_it(record, period):
    period, checked = single(period), 0
    for name in LISTED:
        for breakdown in catalogue.measure(name).breakdowns:
            figures = evaluate.figures(record, period, name, breakdown)
            if figures["status"].eq("not_available").all():
                with pytest.raises(ParameterError, match="has no figure"):
                    register.behind(record, period, name, breakdown)
                continue
            rows = register.behind(record, period, name, breakdown)
            if name in OF_CHILDREN:
                rows = rows.drop_duplicates(["child", "group"])
            for figure in figures[figures["status"].eq("ok")].itertuples(index=False):
                mine = rows[rows["group"].eq(figure.group)]
                where = (name, breakdown, figure.group)
                assert mine["counted"].sum() == figure.numerator, where
                shares = name in ("age_share", "ethnicity_share", "age_on_entry")
                if figure.unit in WHOLES_OF_THEIR_OWN and not shares:
                    assert len(mine) == figure.denominator, where
                checked += 1
    assert checked > 200


def test_what_counts_no_children_says_so(record):
    with pytest.raises(ParameterError, match='ask for ethnicity_rate by "ethnicity"'):
        register.behind(record, single("2019-20"), "ethnicity_rate_ratio", "ethnicity")
    with pytest.raises(ParameterError, match="does not count children"):
        register.behind(record, single("2019-20"), "disputes")


def test_rows_of_nobody_have_their_columns_and_can_be_masked():
    people = pd.DataFrame({"child": pd.Series([], dtype="str"), "age": pd.Series([], dtype=float)})
    rows = rows_of(people, counted=people["age"].notna())
    assert list(rows[rows["counted"]].columns) == ["child", "group", "counted", "age"]
