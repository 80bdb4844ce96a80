"""The sentences of the service that who signs the report checks, each with its figure."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from bs4 import BeautifulSoup
from builders import shared_study

from iro_analysis import periods
from iro_analysis.reading.commentary import Passage
from iro_analysis.report import Report
from iro_analysis.report.signing import Claim, claims

YEAR = periods.single("2019-20")


def test_sentences_of_the_service_that_claim_something_are_shown_with_their_figures(demo):
    source = shared_study(demo, YEAR, "internal").report().source
    found = {claim.sentence: claim.measures for claim in claims(source)}
    early = next(sentence for sentence in found if "early help" in sentence)
    assert "started" in found[early]
    often = next(sentence for sentence in found if "goes missing often" in sentence)
    assert found[often] == ("missing_incidents",)
    assert any("well kept up" in sentence for sentence in found)
    groups = next(sentence for sentence in found if "Some groups of children" in sentence)
    assert found[groups][0].startswith("ethnicity_rate_ratio/ethnicity/Black")


def test_a_sentence_with_a_number_filled_in_is_shown_with_the_figure_that_it_was_filled_from(demo):
    internal = shared_study(demo, YEAR, "internal").report()
    found = {claim.sentence: claim.measures for claim in claims(internal.source)}
    few = "It was held after 63% of them, against 57% a year before, and that is too few."
    assert found[few] == ("return_interviews",)  # the sentence does not name what was held
    table = BeautifulSoup(internal.check_before_signing()._repr_html_(), "lxml")
    row = next(row for row in table.find_all("tr") if few in row.text)
    assert "Return interviews held: 63%, 57% last year" in row.text
    groups = next(row for row in table.find_all("tr") if "Some groups of children" in row.text)
    assert "compared with White children, Black: 2.6" in groups.text


def test_only_the_internal_edition_checks_before_signing_and_drafts(demo):
    committee = shared_study(demo, YEAR, "committee").report()
    assert committee.check_before_signing()._repr_html_() == ""
    assert "Drafts from the figures" not in committee.for_decision().html
    internal = shared_study(demo, YEAR, "internal").report()
    assert "before signing" in internal.check_before_signing()._repr_html_()
    assert "Drafts from the figures" not in internal.for_decision().html  # it asks for a decision
    asked = Passage("Recommendations", "The Committee is asked to note the report.", 1)
    words = replace(internal.source.words, passages=(asked,))
    noted = Report(replace(internal.source, words=words))
    assert "Drafts from the figures" in noted.for_decision().html


def test_a_sentence_is_not_split_within_a_placeholder():
    """An area of the council's own list may have a full stop in its name."""
    passage = Passage("Advocacy", "More. Few in {{ adopted | area | St. Mary | share }} asked.", 1)

    def fill(part):
        return part.text.replace("{{ adopted | area | St. Mary | share }}", "12%")

    source = SimpleNamespace(words=SimpleNamespace(passages=(passage,)), filled=fill)
    few = next(claim for claim in claims(source) if claim.sentence.startswith("Few"))
    assert few == Claim("Advocacy", "Few in 12% asked.", ("adopted/area/St. Mary:share",))


def test_a_share_filled_in_is_shown_as_a_share(demo):
    # 194 of 328 children live outside the area, 202 of 348 a year before.
    internal = shared_study(demo, YEAR, "internal").report()
    said = "Most ({{ looked_after | locality | Outside the authority | share }}) live further away."
    words = replace(internal.source.words, passages=(Passage("Placements", said, 1),))
    html = Report(replace(internal.source, words=words)).check_before_signing()._repr_html_()
    table = BeautifulSoup(html, "lxml").get_text()
    assert "Most (59%) live further away." in table
    assert "Living outside the council’s area: 59%, 58% last year" in table
