"""Printed figures against the authority's own data, and the likely cause of each difference."""

from __future__ import annotations

import pytest
from builders import read, write_return

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import PeriodError
from iro_analysis.periods import single
from iro_analysis.proofreading import documents
from iro_analysis.proofreading.audit import audit
from iro_analysis.proofreading.own_data import OwnData, check

# On 31 March 2019 five children, on 31 March 2020 four; and one in short breaks only, one who left
# on the day itself. A's carer adopts, which is no change of carer by DfE's rule.
FIRST = """
    CHILD  DECOM       DEC         RNE  LS  PLACE  REC
    SYN1   01/05/2018  -           S    C2  U4     -
    SYN2   01/05/2018  01/06/2019  S    C2  U4     X1
    SYN3   01/06/2018  -           S    V2  K2     -
    SYN4   01/07/2018  -           S    C1  U6     -
    SYN5   01/08/2018  01/11/2019  S    C2  U6     E4A
"""
SECOND = """
    CHILD  DECOM       DEC         RNE  LS  PLACE  REC
    SYN1   01/05/2018  -           S    C2  U4     -
    SYN2   01/05/2018  01/06/2019  S    C2  U4     X1
    SYN2   01/06/2019  01/08/2019  P    C2  U5     X1
    SYN2   01/08/2019  -           P    E1  A3     -
    SYN3   01/06/2018  -           S    V2  K2     -
    SYN4   01/07/2018  -           S    C1  U6     -
    SYN5   01/08/2018  01/11/2019  S    C2  U6     E4A
    SYN6   01/12/2019  -           S    V4  U6     -
    SYN7   01/12/2019  31/03/2020  S    V2  U6     E4A
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    write_return(folder, FIRST, "2018-19")
    write_return(folder, SECOND, "2019-20")
    return OwnData(CareRecord.of(read(folder)), single("2019-20"))


def found(text, data, name="report.md"):
    return [one.says for one in check(documents.read_text(text, name), data)]


@pytest.mark.parametrize(
    "text",
    [
        "There were 4 children in March 2020 and 5 children in March 2019.",
        "25% (1 of 4) are subject of full care orders.",
        "25% (1 of 4) are subject of interim care orders.",
        "There were 1 children subject of interim care orders (25%).",
        "About 24% are subject of interim care orders.",
        "The national average is 90% subject of interim care orders.",
        "67% of reviews were held within timescale.",
        "30% (3 of 10) are subject of interim care orders.",
    ],
)
def test_what_the_data_give_is_left_alone(data, text):
    assert found(text, data) == []


@pytest.mark.parametrize(
    ("text", "give", "cause"),
    [
        pytest.param("There were 5 children in March 2020.", "4 children",
                     "it is the figure on 31 March 2019", id="last year's day"),
        pytest.param("There were 1 children subject of interim care orders (20%).", "25% (1 of 4)",
                     "out of the 5 children looked after on 31 March 2019", id="last year's total"),
        pytest.param("It was 60% subject of full care orders.", "of 4", "31 March 2019",
                     id="last year's share"),
        pytest.param("It was 13% subject of interim care orders.", "25% (1 of 4)", "",
                     id="no cause known"),
    ],
)  # fmt: skip
def test_a_difference_is_told_with_its_likely_cause(data, text, give, cause):
    [says] = found(text, data)
    assert give in says
    assert cause in says
    assert bool(cause) is ("Likely cause" in says)


def listed(data, tmp_path, line):
    path = tmp_path / "list.csv"
    path.write_text(f"label,count,total,printed,unit,measure\n{line}\n", encoding="utf-8")
    return [one.says for one in check(documents.read(path), data)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("All,4,,,,looked_after", None),
        ("Interim care order,1,,25%,,looked_after", None),
        ("Full care order,3,,60%,,looked_after", "it is the figure on 31 March 2019"),
        ("All,5,,,,looked_after", "; or it is the figure on 30 September 2019"),
        ("All,9,,,,looked_after", "the data give 4"),
        ("Three or more,0,,0%,,three_or_more_placements", None),
        ("Three or more,1,,25%,,three_or_more_placements",
         "adoption by the present carer counted as a move"),
        ("Unknown,1,,25%,,nothing_of_the_suite", None),
    ],
)  # fmt: skip
def test_a_list_is_held_to_the_measures_that_it_names(data, tmp_path, line, words):
    found = listed(data, tmp_path, line)
    assert (found == []) if words is None else (words in found[0])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("SYN2  01/03/2020  -           S  V4  U6  -", "short breaks (V3, V4) counted"),
        ("SYN2  31/03/2020  31/03/2020  S  V2  U6  E4A", "left on the day itself counted"),
    ],
)
def test_another_rule_is_named_where_it_makes_the_difference(tmp_path, row, rule):
    episodes = f"""
        CHILD  DECOM       DEC         RNE  LS  PLACE  REC
        SYN1   01/05/2019  -           S    C2  U4     -
        {row}
    """
    write_return(tmp_path, episodes, "2019-20")
    data = OwnData(CareRecord.of(read(tmp_path)), single("2019-20"))
    [says] = listed(data, tmp_path, "All,2,,,,looked_after")
    assert "the data give 1" in says
    assert rule in says


def test_a_period_that_the_returns_do_not_cover_is_refused(tmp_path):
    write_return(tmp_path, SECOND, "2019-20")
    report = tmp_path / "report 2022-23.md"
    report.write_text("There were 4 children in March 2023.", encoding="utf-8")
    with pytest.raises(PeriodError, match="returns cover"):
        audit(report, data=str(tmp_path))


def test_the_printed_report_is_held_to_the_demonstration(shared, demo):
    path = shared / "seeds" / "annual_report_2019-20.txt"
    found = [one for one in audit(path, data=str(demo)).findings if one.number == 9]
    assert sorted(one.place.line for one in found) == [268, 268, 268, 269, 269, 269, 305]
    causes = [one.says for one in found if one.place.line < 300]
    assert all("out of the 348 children looked after on 31 March 2019" in says for says in causes)
    [gcse] = [one for one in found if one.place.line == 305]
    assert "45% (14 of 31)" in gcse.instead
