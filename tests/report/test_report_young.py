"""The page for young people: short, easy to read, and no promise that nobody made."""

from __future__ import annotations

import dataclasses
import re

import pytest
from bs4 import BeautifulSoup
from builders import shared_study

from iro_analysis import periods
from iro_analysis.errors import InputError
from iro_analysis.reading.commentary import Commentary
from iro_analysis.report import young
from iro_analysis.report.words import in_ten, number_word, one_in

YEAR = periods.single("2019-20")


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


@pytest.mark.parametrize("period", ["2019-20", "2019-20-Q3"])
def test_the_young_peoples_page_is_short_and_read_at_eleven(demo, period):
    said = young.edition(shared_study(demo, periods.single(period), "committee").report().source)
    headings = [heading for heading, _ in said.parts]
    assert headings in (
        ["You told us", "What we found", "What we will do", "Your rights"],
        ["Tell us", "What we found", "What we must do", "Your rights"],  # no commentary
    )
    assert all(line for _, line in said.parts)
    assert len(said.text.split()) <= 220
    assert grade(said.text) <= 5
    longest = max(re.split(r"[.!?]\s+", said.text), key=lambda s: len(s.split()))
    assert len(longest.split()) <= 22, longest


def test_what_the_service_wrote_is_marked_as_its_words(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    marked = BeautifulSoup(young.edition(source).html, "html.parser").select("div > .svc")
    assert [each.find_previous("h3").text for each in marked] == ["You told us", "What we will do"]
    silent = dataclasses.replace(source, words=Commentary())
    assert "svc" not in young.edition(silent).html


def test_without_commentary_nothing_is_promised_in_the_name_of_the_service(demo):
    """Only its commentary can say what a council heard and will do; the law holds for all."""
    source = shared_study(demo, YEAR, "committee").report().source
    said = young.edition(dataclasses.replace(source, words=Commentary()))
    assert [heading for heading, _ in said.parts] == [
        "Tell us", "What we found", "What we must do", "Your rights",
    ]  # fmt: skip
    assert "we must offer you a talk" in said.text
    assert "we will" not in said.text.lower()
    assert len(said.text.split()) <= 220
    assert grade(said.text) <= 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "They are there for you."),
        ({"advocate": "Sam", "telephone": "0800 1"}, "Ask Sam on 0800 1."),
        ({"telephone": "0800 1"}, "Ring 0800 1."),
        ({"advocate": "Sam"}, "Ask Sam."),
    ],
)
def test_a_name_and_a_number_fill_the_young_peoples_slots(given, said):
    assert young.where_to_turn({"young_people": given}).endswith(said)


def test_a_slot_that_is_none_is_refused():
    with pytest.raises(InputError, match="'phone' is no slot; did you mean telephone"):
        young.where_to_turn({"young_people": {"phone": "1"}})


def test_the_young_people_s_page_says_a_small_share_as_the_chapters_do():
    for share in [count / 1000 for count in range(50, 250)]:
        told = in_ten(share).removeprefix("1 in ")
        assert one_in(share) == f"one in {number_word(int(told))}"
