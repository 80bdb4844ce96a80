"""The checks, each by small reports: what is found, with which number, and what is left alone."""

from __future__ import annotations

import pytest

from iro_analysis.proofreading import checks, documents


def found(text: str) -> list[tuple[int, str]]:
    document = documents.read_text(text, "r.md")
    return [(one.number, one.instead) for one in checks.against_itself(document)]


TOTALS = "There were 348 children in March 2019 and 328 children in March 2020.\n\n"


@pytest.mark.parametrize(
    ("text", "number", "instead"),
    [
        pytest.param("45% (18 of 31) passed.", 1, "58% (18 of 31)", id="count and share"),
        pytest.param("It was 12% (1 of 8).", 1, "13% (1 of 8)", id="half to even"),
        pytest.param("It was 53% (177 of 328).", 1, "54% (177 of 328)", id="cut off"),
        pytest.param("40 of 31 passed.", 1, "at least", id="part over whole"),
        pytest.param("Over 69% (652 of 992) came.", 1, "66% (652 of 992)", id="hedged"),
        pytest.param("24% of 19 pupils passed.", 2, "21% (4 of 19)", id="no whole count"),
        pytest.param(TOTALS + "Of them 177 (51%) have care orders, 64 (18%) interim orders and "
                     "72 (21%) are there by agreement.", 4, "328", id="last year's total"),
        pytest.param("58% males and 40% females.", 3, "Recalculate", id="complements"),
        pytest.param("60% White, 7% African, 8% Caribbean, 20% Mixed.", 3, "Recalc", id="a list"),
        pytest.param("It increased from 10% to 9%.", 5, "a fall", id="rose where it fell"),
        pytest.param("It fell from 348 children to 350.", 5, "a rise", id="fell where it rose"),
        pytest.param("It is 91%, an increase from 95%.", 5, "a fall", id="an increase from"),
        pytest.param("It rose to 91% from 95%.", 5, "a fall", id="to and from"),
        pytest.param("It was 91%, up from 95%.", 5, "a fall", id="up from"),
        pytest.param("992 reviews, of which 905 (89%) were in time.", 1, "91%", id="of which"),
        pytest.param("37%, which is above the London average of 39%.", 5, "below", id="above"),
        pytest.param("A dip in numbers (this is the one that increased to 15%).", 5, "one of",
                     id="two ways at once"),
        pytest.param("The majority live with carers (40%).", 5, "Correct", id="no majority"),
        pytest.param("3% are aged 10-17.\n\nThis means 73% are aged between 10 and 17.", 6,
                     "3% or 73%", id="one figure in two ways"),
        pytest.param("We had 95 forms: they break down into 51 forms from children and 31 forms "
                     "from carers.", 7, "82", id="named sum"),
        pytest.param("30% are old and 43% are young. This means 80% are either.", 7, "correct",
                     id="this means"),
        pytest.param("The number of children fell from 596 to 551, a reduction of 7.5%.", 10,
                     "7.6% fewer", id="a change cut off"),
        pytest.param("It rose by 12% from 596 to 651.", 10, "9% more", id="by, and then the two"),
        pytest.param("Starts went from 40 to 50 (20% more).", 10, "25% more",
                     id="out of the later number"),
        pytest.param("Starts went from 50 to 40, an increase of 20%.", 10, "20% fewer",
                     id="a change turned round"),
        pytest.param("Of 90 young people, 34% were in work and 67% were not.", 11, "again",
                     id="shares of one total"),
        pytest.param("Of 7 children, 43% stayed, 43% moved and 15% left.", 11, "again",
                     id="a share that nobody is"),
        pytest.param("Of the 10 families, 5 cases and 2 cases ended. The other two cases go on.",
                     7, "9", id="the other two"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(text, number, instead):
    assert any(n == number and instead in words for n, words in found(text)), found(text)


@pytest.mark.parametrize(
    "text",
    [
        "54% (177 of 328) have care orders.",
        "13% (1 of 8); 28.8% (23 of 80).",
        "26% of 19 pupils passed.",
        "Over 65% (652 of 992) came, nearly 66% (652 of 992).",
        TOTALS + "Of them 177 (54%) have care orders and 64 (20%) interim orders.",
        "30% are 16 and 17 year olds, 43% aged 10-15, 15% aged 0-4 and 13% aged 5-9.",
        "59% males and 41% females. 41% were placed inside, while 59% were placed outside.",
        "It increased from 9% to 10%, and dropped from 348 children to 328.",
        "95%, an increase from 91% and 90% in the previous two years.",
        "Our share (30% of them here against a national average of 37%) is below the average.",
        "It improved from 12 days to 9 days.",
        "It rose to 91% from 89% (up from 85%). It was 9%, down from 12%.",
        "992 reviews, of which 905 (91%) were in time.",
        "The majority of children are placed with foster families (60%).",
        "91% of reviews on time in 2018-19. 95% of reviews on time in 2019-20.",
        "43% of children are aged 10-15. 34% of those who started are aged 10-15.",
        "There were 95 forms. This breaks down to 51 forms, 31 forms and 13 forms.",
        "Of the 10 families, 5 cases, 2 cases and 1 child ended. The other two cases go on.",
        "15 of 25 (60%) and 42 children. Page 9, 2019-20, 6.12, 50 to 70 children.",
        "From 348 on 31 March 2019 to 328: 20 fewer (6% fewer).",
        "The number fell from 596 to 551, a reduction of 7.6%; it rose from 40 to 50 (25% more).",
        "Reviews rose from 2018 to 2020 by 5%. It fell from 596 to 551; 20% of them were new.",
        "It fell from 596 to 551, about 8%.",
        "Of 90 young people, 34% were in work and 66% were not.",
        "Of 90 young people, 34% were in work and 80% had a plan.",
        "Of 7 children, 43% stayed, 43% moved and 14% left.",
    ],
)
def test_what_is_right_is_left_alone(text):
    assert found(text) == []


def table(*rows: str) -> str:
    return "\n".join(["| Group | Children | Share |", "|---|---|---|", *rows])


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        (["| A | 10 | 50% |", "| B | 10 | 50% |", "| Total | 20 | 100% |"], set()),
        (["| A | 10 | 50% |", "| B | 11 | 50% |", "| Total | 20 | 100% |"], {1, 3}),
        (["| A | 10 | 33% |", "| B | 10 | 33% |", "| C | 10 | 33% |"], set()),
        (["| A | 10 | 30% |", "| B | 12 | 36% |", "| C | 13 | 33% |", "| D | 3 | 9% |"], {1}),
        (["| A | 10 | [c] |", "| B | [c] | [c] |", "| Total | 20 | 100% |"], set()),
    ],
)
def test_tables_are_held_to_their_totals(rows, numbers):
    assert {number for number, _ in found(table(*rows))} == numbers


CARE = [(177, 51), (64, 19), (12, 4), (72, 21), (3, 1), (110, 32), (97, 28), (51, 15), (69, 20)]


def listed(tmp_path, *rows: str):
    path = tmp_path / "figures.csv"
    lines = ["label,count,total,printed,unit,area,period,measure", *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return checks.against_itself(documents.read(path))


def test_a_list_with_the_wrong_total_is_explained_by_the_right_one(tmp_path):
    rows = [f"Group,{count},328,{share}%,,,2019-20," for count, share in CARE]
    found = listed(tmp_path, *rows, "Last year,348,,,count,,2019-03,")
    [one] = [finding for finding in found if finding.number == 4]
    assert "All 9 percentages out of 328 fit 348 (March 2019, line 11), rounded up" in one.says
    assert {finding.place.line for finding in found if finding.number == 1} == {
        2,
        3,
        5,
        7,
        8,
        9,
        10,
    }


def test_a_total_that_is_printed_nowhere_is_told_as_a_range(tmp_path):
    found = listed(tmp_path, *(f"Group,{n},328,{p}%,,,," for n, p in CARE))
    [one] = [finding for finding in found if finding.number == 4]
    assert "any total from 348 to 353, rounded up" in one.says


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ("A,38,402,10,percent,Sampleton,2025,", 1),
        ("A,38,391,10,percent,Sampleton,2025,", None),
        ("A,330,74982,44,per_10000,Sampleton,2020,looked_after_rate", None),
        ("A,330,74982,45,per_10000,Sampleton,2020,looked_after_rate", 1),
        ("A,,19,24%,,,,", 2),
        ("A,5,4,,children,,,", 1),
    ],
)
def test_a_row_of_a_list_is_checked_in_its_unit(tmp_path, row, number):
    assert [one.number for one in listed(tmp_path, row)] == ([number] if number else [])
