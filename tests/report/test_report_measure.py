"""The report measured: how long, how plain, and what never stands in its body.

Bounds of the redesign: the body without its annexes, and the service's own words apart.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from bs4 import BeautifulSoup
from builders import shared_record, shared_study

from iro_analysis import periods
from iro_analysis.demonstration import write_demonstration
from iro_analysis.runner import pages, printing
from iro_analysis.study import Study

pytestmark = pytest.mark.slow
INTERNAL_WORDS = re.compile(
    r"METHODS|STATISTICS \d|CONTRACT|LAIT [0-9a-f]|iro_analysis|SSDA903|Holm|Goodman|Cochran"
    r"|PN\d|\bE\d\d\b|local list|to be confirmed|standard errors",
    re.IGNORECASE,
)
MECHANICAL = re.compile(r"largest group is|^By |not shown|, by (?:month|year)$|at a time")
CHANCE = re.compile(r"likely range|by chance|chance would|no clear|not tested", re.IGNORECASE)
WITHHELD = re.compile(r"withheld|not shown|Not published|Not available|left out here")


# What stands around the notebook's cells: the page's title twice, period, links, annexes' heading.
WORDS_AROUND = 75


def html_of(report) -> str:
    """The page's body, laid out as the notebook does."""
    first = report.first_page()._repr_html_()
    return first + "".join(section.html for section in report.sections)


class Body:
    """The body of a report: its words, headings and sentences."""

    def __init__(self, html: str):
        tree = BeautifulSoup(html, "html.parser")
        self.charts = len(tree.find_all("svg", class_=lambda names: "sp" not in (names or "")))
        for part in tree(["svg", "details"]):
            part.decompose()
        self.text = tree.get_text(" ")
        service = tree.find_all(class_=re.compile("^(?:svc|commentary)$"))
        self.service_words = sum(len(part.get_text(" ").split()) for part in service)
        self.headings = [h.get_text(" ", strip=True) for h in tree.find_all(["h2", "h3"])]
        prose = [p.get_text(" ", strip=True) for p in tree.find_all(["p", "li", "blockquote"])]
        self.prose = [words for words in prose if len(words.split()) > 5]
        self.sentences = [
            sentence
            for words in self.prose
            for sentence in re.split(r"(?<=[.!?])\s+", words)
            if sentence
        ]


def syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    found = len(re.findall(r"[aeiouy]+", letters))
    if found > 1 and letters.endswith("e") and not letters.endswith("le"):
        found -= 1
    return max(found, 1)


def grade(sentences: list[str]) -> float:
    words = [word for sentence in sentences for word in sentence.split()]
    spoken = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken - 15.59


@pytest.fixture(scope="module")
def reports(tmp_path_factory, demo):
    """The demonstration's year, half-year window and quarter, and authorities of three sizes.

    Each is made when it is first asked for.
    """

    @cache
    def report(name):
        if name.isdigit():
            place = tmp_path_factory.mktemp("made") / name
            write_demonstration(place, 7, int(name))
            return Study.open(str(place), "2019-20").report()
        period = periods.single(name)
        if name != "2019-20":
            return shared_study(demo, period, "committee").report()
        before = shared_study(demo, periods.single("2018-19"), "committee")
        earlier = (before.everything.release,)
        return Study.of_record(shared_record(demo), period, "committee", earlier).report()

    return report


FURTHER = ["2019-20-Q3", "2022-08-01:2023-01-31", "40", "150", "800"]
NAMES = ["2019-20", *(pytest.param(name, marks=pytest.mark.long) for name in FURTHER)]


@pytest.fixture(params=NAMES)
def body(request, reports):
    return Body(html_of(reports(request.param)))


def test_the_body_can_be_read_in_twenty_minutes(body):
    words = len(body.text.split()) + WORDS_AROUND
    assert words <= 5000
    assert words - body.service_words <= 3000
    assert body.charts <= 25


def test_headings_are_few_and_none_is_mechanical(body):
    assert len(body.headings) <= 45
    assert [heading for heading in body.headings if MECHANICAL.search(heading)] == []


def test_no_frequency_is_printed_more_than_twice(body):
    said = Counter(re.findall(r"\b\d[\d,]* of (?:the )?\d[\d,]*", body.text))
    assert [each for each, times in said.items() if times > 2] == []


def test_the_sentences_are_plain_and_short(body):
    lengths = sorted(len(sentence.split()) for sentence in body.sentences)
    assert lengths[int(0.95 * len(lengths))] <= 30
    assert grade(body.sentences) <= 9


def test_no_file_code_or_method_is_named(body):
    assert INTERNAL_WORDS.findall(body.text) == []


def test_no_symbol_stands_for_a_hidden_number(body):
    assert re.findall(r"\[[cxz]\]", body.text) == []
    assert len(WITHHELD.findall(body.text)) <= 6


def test_chance_is_spoken_of_once(body):
    assert len(CHANCE.findall(body.text)) <= 12


def test_no_sentence_pattern_is_repeated(body):
    patterns = Counter(
        pattern
        for words in body.prose
        for part in re.split(r"(?<=[.;:])\s+", words)
        if len((pattern := re.sub(r"\d[\d,.%]*", "#", part)).split()) > 3
    )
    assert [(pattern, n) for pattern, n in patterns.items() if n > 4] == []


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("2019-20", 15),
        pytest.param("2019-20-Q3", 4, marks=pytest.mark.long),
        pytest.param("800", 15, marks=pytest.mark.long),
    ],
)
def test_the_paper_is_short(reports, tmp_path, name, most):
    if printing.browser() is None:
        pytest.skip("NO BROWSER: the page was not printed; install Chromium to test it")
    import pypdfium2

    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    style = f"<style>{pages.style()}</style>"
    page.write_text(f"<html>{style}<main>{html_of(reports(name))}</main></html>", "utf-8")
    assert printing.to_pdf(page, paper) == ""
    made = pypdfium2.PdfDocument(paper)
    assert 1 < len(made) <= most
    made.close()


def test_the_report_of_a_year_tells_the_story_of_its_groups(reports):
    text = str(reports("2019-20").source.findings.verdict())
    assert "20 fewer than last year: 28 fewer who came to the UK alone, and 8 more" in text
    assert "Children went missing 649 times, nearly twice as often as last year." in text
    heading = str(reports("2019-20").chapter("came-and-left").finding)
    assert heading == "59 fewer children came into care; of those aged 16 or over, 53 fewer"
