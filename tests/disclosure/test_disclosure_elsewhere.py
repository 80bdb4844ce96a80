"""What DfE prints of an authority group by group is known to whoever reads its report."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from builders import read, write_return
from test_disclosure_ledger import report

from iro_analysis import periods, study
from iro_analysis.comparators import lookup
from iro_analysis.comparators.publications import number
from iro_analysis.disclosure.elsewhere import tables_of
from iro_analysis.disclosure.printing import WITHHELD
from iro_analysis.disclosure.publish import publish

LEEDS = "E08000035"
YEAR = "2019-20"
DAYS = "2019-04-01:2020-03-31"
FIGURES = report(YEAR, one=3, two=12, three=20, four=30)
TABLES = {
    f"advocacy|all|all @ {DAYS}": frozenset([65]),
    f"advocacy|route|two @ {DAYS}": frozenset([12]),
    f"advocacy|route|three @ {DAYS}": frozenset([20]),
    f"advocacy|route|four @ {DAYS}": frozenset([30]),
}


def rows_of(published):
    return {row.group: row for row in published.select("advocacy", "route")}


def test_a_count_that_dfe_gives_away_is_withheld_and_in_the_sentence():
    alone = publish(FIGURES, "committee")
    assert alone.certificate.known_already == 0
    assert rows_of(alone)["one"].status == "suppressed"
    published = publish(FIGURES, "committee", tables=TABLES)
    assert published.certificate.known_already == 1
    assert published.certificate.known_elsewhere == len(TABLES)
    assert "1 further small number follows" in published.certificate.line
    one = rows_of(published)["one"]
    assert (one.status, one.note) == ("not_available", WITHHELD)
    assert math.isnan(one.value)


def test_what_dfe_shows_is_not_used_to_hide_a_small_count_behind():
    """The count that was hidden with the small one stands in DfE's table: another one has to go."""
    alone = rows_of(publish(FIGURES, "committee"))
    [partner] = [
        name for name, row in alone.items() if row.status == "suppressed" and name != "one"
    ]
    count = {"two": 12, "three": 20, "four": 30}[partner]
    published_by_dfe = {f"advocacy|route|{partner} @ {DAYS}": frozenset([count])}
    published = publish(FIGURES, "committee", tables=published_by_dfe)
    assert published.certificate.known_already == 0
    hidden = {name for name, row in rows_of(published).items() if row.status == "suppressed"}
    assert hidden - {"one", partner}


@pytest.mark.parametrize("shift", [-2, 3])
def test_a_rounded_or_revised_count_is_no_fact_and_stops_no_report(shift):
    other = {cell: frozenset(n + shift for n in counts) for cell, counts in TABLES.items()}
    published = publish(FIGURES, "committee", tables=other)
    assert published.figures.equals(publish(FIGURES, "committee").figures)
    assert published.certificate.known_elsewhere == 0


def test_a_report_that_dfe_gave_away_since_is_withheld_and_not_refused():
    first = publish(FIGURES, "committee")
    again = publish(FIGURES, "committee", [first.release], tables=TABLES)
    assert again.certificate.known_already == 1
    assert rows_of(again)["one"].note == WITHHELD


def test_the_packaged_tables_are_those_of_the_years_around_without_what_dfe_hid():
    found = tables_of(LEEDS, periods.single("2023-24"))
    assert not tables_of("X00000000", periods.single("2023-24"))
    for year in (2023, 2024, 2025):
        rows = lookup.published_counts(LEEDS, periods.single("2023-24").end.replace(year=year))
        mine = rows[(rows["measure"] == "looked_after") & (rows["breakdown"] == "placement")]
        assert len(mine)
        for row in mine.itertuples():
            cell = f"looked_after|placement|{row.group} @ {year}-03-31"
            count = number(mine.loc[row.Index, "count"])
            hidden = mine.loc[mine["group"] == row.group, "count"].map(number).isna().all()
            assert cell not in found if hidden else count is None or count in found[cell]


@pytest.mark.parametrize("synthetic", [True, False])
def test_a_study_asks_for_the_tables_of_its_own_authority(tmp_path, monkeypatch, synthetic):
    rows = [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]
    authority = read(write_return(tmp_path / "small", rows))
    authority = replace(authority, synthetic=synthetic)
    stock = "looked_after|all|all @ 2020-03-31"
    asked = []

    def tables(code, period, publications):
        asked.append((code, period.name, publications))
        return {stock: frozenset([40])}

    monkeypatch.setattr(study, "tables_of", tables)
    monkeypatch.setattr(study, "publish", lambda *given: passed.append(given) or publish(*given))
    passed = []
    study.Study.of(authority, periods.single(YEAR), "committee")
    expected = [] if synthetic else [(authority.ons_code, YEAR, authority.publications)]
    assert asked == expected
    assert passed[0][-1] == ({} if synthetic else {stock: frozenset([40])})
