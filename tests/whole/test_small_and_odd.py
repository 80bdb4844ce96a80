"""Authorities of few children, of none, and with ethnicity unknown: every sentence still holds."""

from __future__ import annotations

import csv
import shutil

import pytest
from builders import read, shared_study, write_csv, write_return
from good_return import good

from iro_analysis import catalogue, charts, periods, tables
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import evaluate
from iro_analysis.study import Study

pytestmark = pytest.mark.slow
POPULATION = [
    {"reference_date": "2019-06-30", "breakdown": "all", "group": "all", "value": "9000"},
    *(
        {"reference_date": "2011-03-27", "breakdown": "ethnicity", "group": group, "value": "500"}
        for group in ("White", "Asian or Asian British", "Other ethnic group",
                      "Mixed or multiple ethnic groups",
                      "Black, African, Caribbean or Black British")
    ),
]  # fmt: skip


def everything_said(study):
    """Every finding, table and chart of a study."""
    said = {}
    for name, measure in catalogue.measures().items():
        for breakdown in measure.breakdowns:
            finding = study.finding(name, breakdown)
            published = study.published(name, breakdown)
            tables.breakdown(published)
            log = measure.unit == "ratio"
            if breakdown == "date":
                charts.line(published, finding.heading)
            elif log or measure.unit == "probability":
                charts.intervals(published, finding.heading, reference=1 if log else None, log=log)
            else:
                charts.bars(published, finding.heading)
            said[name, breakdown] = finding.text
    return said


@pytest.mark.parametrize(
    ("children", "audience"),
    [
        *(
            pytest.param(*each, marks=pytest.mark.long)
            for each in [(1, "internal"), (3, "committee"), (7, "internal"), (12, "committee")]
        ),
        (1, "committee"),
    ],
)
def test_a_small_authority_gets_every_sentence(tmp_path, children, audience):
    rows = [{"CHILD": f"SYN{n}", "DECOM": f"{n + 1:02d}/05/2019"} for n in range(children)]
    place = write_return(tmp_path, rows)
    columns = ["reference_date", "breakdown", "group", "value", "source"]
    write_csv(
        place / "local" / "population.csv", columns, [{**r, "source": "x"} for r in POPULATION]
    )
    study = Study.of(read(place), periods.single("2019-20"), audience)
    said = everything_said(study)
    if audience == "internal":
        assert said["looked_after", "all"].startswith(f"{children} ")
    elif children <= 5:
        assert "not shown" in said["looked_after", "all"]
        assert "not shown" in said["looked_after_history", "date"]


def test_where_no_child_is_left_nothing_is_said_to_be_hidden(tmp_path):
    left = {"DECOM": "01/05/2018", "REC": "E4A"}
    rows = [
        {"CHILD": "SYN1", "DEC": "01/03/2019", **left},
        {"CHILD": "SYN2", "DEC": "02/04/2019", **left},
    ]
    study = Study.of(read(write_return(tmp_path, rows)), periods.single("2019-20"), "committee")
    said = everything_said(study)
    assert said["looked_after", "all"].startswith("0 children")
    assert "none" in said["looked_after", "sex"]
    assert "there is no child to count" in said["age_share", "age_band"]


def _without(column, values, instead=None):
    """Take the episodes with a value out of a return, or give them another value."""

    def change(given):
        for (_, module), rows in given.items():
            if module == "Episodes":
                for row in [row for row in rows if row[column] in values]:
                    row.update({column: instead} if instead else {})
                    if not instead:
                        rows.remove(row)

    return change


def _emptied(module):
    def change(given):
        given["2019-20", module] = []

    return change


@pytest.mark.parametrize(
    ("change", "figures"),
    [
        pytest.param(_without("LS", ["V3", "V4"]), {("reviews_on_time", "short_breaks"): None},
                     id="no child in short breaks"),
        pytest.param(_without("LS", ["E1"], "C2"),
                     {("adoption_a1_days", "all"): 0, ("adoption_a2_days", "all"): None},
                     id="adopted without a placement order"),
        pytest.param(_without("PLACE", ["A6"], "U6"),
                     {("adoption_a1_days", "all"): None, ("adoption_a2_days", "all"): 0},
                     id="adopted and never placed for it"),
        pytest.param(_emptied("AD1"), {("adoption_a2_days", "all"): None},
                     id="no adoption in the module of adoptions"),
    ],
)  # fmt: skip
def test_a_kind_of_row_that_an_authority_does_not_have_stops_nothing(tmp_path, change, figures):
    given = good()
    change(given)
    earlier = good().row("2018-19", "Episodes", "SYN03")
    given["2017-18", "Episodes"] = [{**earlier, "DECOM": "01/07/2017", "DEC": "01/12/2017"}]
    place = given.write(tmp_path)
    study = Study.of(read(place), periods.single("2019-20"), "internal")
    for (name, breakdown), value in figures.items():
        shown = study.published(name, breakdown).figures
        kept = shown.loc[shown["value"].notna(), "value"].tolist()
        assert kept == ([] if value is None else [value]), (name, breakdown)


@pytest.mark.parametrize(
    "unknown",
    [4, *(pytest.param(each, marks=pytest.mark.long) for each in (1, 30))],
)
def test_unknown_ethnicity_is_a_range_and_cannot_be_worked_out(demo, tmp_path, unknown):
    place = tmp_path / "demo"
    shutil.copytree(demo, place)
    changed = None
    for path in sorted((place / "ssda903").glob("*/header.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        if changed is None:
            there = shared_study(demo, periods.single("2019-20"), "internal")
            people = there.record.looked_after_on(there.period.end)
            white = people[people["ethnicity"] == "White"]["child"]
            changed = set(white.head(unknown))
        for row in rows:
            if row["CHILD"] in changed:
                row["ETHNIC"] = "NOBT"
        write_csv(path, list(rows[0]), rows)
    year, record = periods.single("2019-20"), CareRecord.of(read(place))
    index = evaluate.figures(record, year, "ethnicity_index", "ethnicity")
    assert set(index["denominator"]) == {328 - unknown}
    assert index["note"].str.contains("wherever the children of unknown ethnicity belong").all()
    committee = Study.of_record(record, year, "committee")
    shown = committee.published("ethnicity_index", "ethnicity").figures
    if unknown <= 5:
        assert not shown["denominator"].eq(328 - unknown).any()
        assert not shown["note"].str.contains("unknown ethnicity").any()
    if unknown in (1, 30):
        everything_said(committee)
