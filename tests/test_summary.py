"""The head of the page: only what the interval bears out, and in words that a child can read."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from iro_analysis import catalogue, codes, periods
from iro_analysis.contracts import FIGURE_COLUMNS
from iro_analysis.disclosure.publish import publish
from iro_analysis.narrative import for_young_people, summary
from iro_analysis.narrative.summary import apart, changed
from iro_analysis.study import Study


def row(
    measure, group, numerator, denominator=0.0, status="ok", breakdown="period", limits=(), note=""
):
    entry = catalogue.measure(measure)
    share = entry.unit == "percent"
    value = numerator / denominator * 100 if share else numerator
    nothing = float("nan")
    lower, upper = limits or (nothing, nothing)
    given = [numerator, denominator or numerator, value, lower, upper]
    if status != "ok":
        given = [nothing] * 5
    cells = ["2019-20", measure, breakdown, group, *given, entry.unit, "", status, note]
    return dict(zip(FIGURE_COLUMNS, cells, strict=True))


def published(*rows):
    return publish(pd.DataFrame(list(rows), columns=FIGURE_COLUMNS), "internal")


MATCHED = "the same children, matched: "


@pytest.mark.parametrize(
    ("measure", "now", "before", "note", "said"),
    [
        ("reviews_on_time", (904, 992), (940, 1047), "no clear change", ""),
        ("immunisations", (218, 229), (171, 196), "higher", "up from 171 of 196 (87%)"),
        ("immunisations", (171, 196), (218, 229), "lower", "down from 218 of 229 (95%)"),
        ("immunisations", (218, 229), (171, 196), "no clear change", ""),
        ("started", (122,), (181,), "", "59 fewer (33% fewer) than the 181 before"),
        ("disputes", (22,), (66,), "", "44 fewer (67% fewer) than the 66 before"),
        ("looked_after", (328,), (348,), "no clear change", ""),
        ("adopted", (8,), (17,), "", ""),
    ],
)
def test_a_change_is_said_only_where_chance_does_not_explain_it(measure, now, before, note, said):
    figures = published(
        row(measure, "2019-20", *now),
        row(measure, "2018-19", *before, note=MATCHED + note if note else ""),
        row(measure, "all", *now, breakdown="all"),
    )
    assert changed(figures, catalogue.measure(measure)).said == said


@pytest.mark.parametrize(
    ("measure", "now", "before", "status"),
    [
        pytest.param("immunisations", (218, 229), (171, 196), "suppressed", id="hidden before"),
        pytest.param("caseload_per_officer", (53.9583,), (60.0,), "ok", id="an average"),
        pytest.param("return_interviews", (408, 649), (198, 348), "ok", id="the same children"),
        pytest.param("children_missing", (82, 470), (66, 491), "ok", id="nothing known of whom"),
    ],
)  # fmt: skip
def test_what_cannot_be_tested_is_not_compared(measure, now, before, status):
    figures = published(
        row(measure, "2019-20", *now), row(measure, "2018-19", *before, status=status)
    )
    assert changed(figures, catalogue.measure(measure)) is None
    assert changed(published(row("started", "2019-20", 122)), catalogue.measure("started")) is None


@pytest.mark.parametrize(
    ("other", "said", "worse"),
    [(11.0, "higher than England (11%)", True), (20.0, "", False),
     (30.0, "lower than England (30%)", False)],
)  # fmt: skip
def test_another_area_stands_out_only_outside_the_range(other, said, worse):
    figures = published(
        row("children_missing", "all", 82, 470, breakdown="all", limits=(14.3, 21.1))
    )
    held = pd.DataFrame({"area": ["England"], "group": ["all"], "value": [other]})
    line = apart(figures, catalogue.measure("children_missing"), lambda *_: held)
    assert (line.said, line.worse) == (said, worse)


@pytest.fixture(scope="module", params=["2019-20", "2019-20-Q3"])
def study(request, demo):
    return Study.open(data=str(demo), period=request.param)


def test_every_line_of_the_summary_counts_itself_and_leads_to_a_section(study):
    made = summary(study.everything, study.comparators)
    changes, unlike, action = made.blocks
    assert changes.count.split(" of ")[0] == str(len(changes.lines))
    assert (unlike.count, action.count) == (str(len(unlike.lines)), str(len(action.lines)))
    for block in made.blocks:
        for line in block.lines:
            assert line.section in catalogue.sections()
            assert line.said
    worse = {line.heading for block in (changes, unlike) for line in block.lines if line.worse}
    assert worse <= {line.heading for line in action.lines}
    assert all(duty["source"] for duty in codes.record("summary")["duties"].values())
    if not study.period.is_year:
        assert all(line.section == "Disproportionality" for line in unlike.lines)


def syllables(word: str) -> int:
    word = word.lower()
    if len(word) > 3:
        word = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", "", word)
    return max(1, len(re.findall(r"[aeiouy]{1,2}", word)))


def grade(text: str) -> float:
    """The school year (of the United States) that can read a text: Flesch and Kincaid, 1975."""
    sentences = [part for part in re.split(r"[.!?]\s+", text) if part.strip()]
    words = re.findall(r"[A-Za-z0-9'-]+", text)
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59


def test_the_measure_of_reading_knows_easy_from_hard():
    assert grade("The cat sat on the mat. It was a fat cat.") < 1
    assert grade(
        "Disproportionality necessitates consideration of confounding characteristics "
        "throughout the population's administrative categorisation."
    ) > 12  # fmt: skip


def test_the_young_peoples_edition_is_read_at_eleven(study):
    said = for_young_people(study.everything)
    assert len(said.parts) >= 4
    assert grade(said.text) <= 6
    longest = max(re.split(r"[.!?]\s+", said.text), key=lambda s: len(s.split()))
    assert len(longest.split()) <= 22, longest


def test_the_young_peoples_edition_says_only_what_is_published(study):
    said = for_young_people(study.everything)
    figures = study.everything.figures
    given = figures[figures["status"] == "ok"]
    known = {f"{round(x + 1e-9)}" for x in given["value"]} | {"100", "2019", "2020", "31"}
    shares = given["numerator"] / given["denominator"].where(given["denominator"] > 0) * 100
    known |= {f"{round(x + 1e-9)}" for x in shares.dropna()}
    numbers = set(re.findall(r"\d+", said.text.replace(",", "")))
    assert numbers <= known


def test_a_hidden_figure_is_not_named_to_young_people():
    nothing = row("returned_home", "all", 3, status="suppressed", breakdown="all")
    rows = [row("looked_after", "all", 40, breakdown="all"), nothing]
    everything = published(*rows)
    said = for_young_people(everything).text
    assert "40 children and young people here were in care" in said
    assert "home" not in said.split("How many of us")[1].split("Do you want")[0]
    assert periods.single("2019-20").end.year == 2020
