"""The service's own words and the cover sheet: filled from the figures, refused where wrong."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import read, shared_study, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure.publish import Published
from iro_analysis.errors import InputError
from iro_analysis.narrative.commentary import check
from iro_analysis.reading.commentary import read_commentary
from iro_analysis.study import Study

pytestmark = pytest.mark.slow

YEAR = periods.single("2019-20")
EPISODES = "CHILD DECOM LS\n" + "\n".join(f"A{n} 01/06/2019 C2" for n in range(20))
EPISODES += "\nB1 01/06/2019 V2\nB2 01/06/2019 V2"


def study_of(tmp_path, words: str, audience: str = "committee", cover: str = "") -> Study:
    """Return the study of one small return, its figures worked out once, with other words."""
    write_return(tmp_path, EPISODES)
    (tmp_path / "commentary").mkdir()
    (tmp_path / "commentary" / "2019-20.md").write_text(words, encoding="utf-8")
    (tmp_path / "authority.toml").write_text('name = "Testshire"\n' + cover, encoding="utf-8")
    authority = read(tmp_path)
    given = read_commentary(authority.home, authority.settings, YEAR)
    everything = published(audience)
    check(given, everything)
    return Study(CareRecord.of(authority), YEAR, everything, given)


@cache
def published(audience: str) -> Published:
    with TemporaryDirectory() as folder:
        write_return(Path(folder), EPISODES)
        return Study.of(read(Path(folder)), YEAR, audience).everything


@pytest.mark.parametrize(
    ("placeholder", "audience", "said"),
    [
        ("{{ looked_after }}", "committee", "22"),
        ("{{looked_after}}", "committee", "22"),
        ("{{ looked_after | legal_status | Full care order }}", "internal", "20"),
        ("{{ looked_after | legal_status | Full care order | share }}", "internal", "91%"),
        ("{{ looked_after | legal_status | Section 20 }}", "internal", "2"),
        ("{{ looked_after | legal_status | Section 20 }}", "committee", "[x]"),
        ("{{ looked_after | legal_status | Section 20 | share }}", "committee", "[x]"),
        ("{{ looked_after | period | 2017-18 }}", "committee", "[x]"),
        ("{{ disputes }}", "committee", "[x]"),
    ],
)
def test_a_placeholder_is_filled_from_the_figures(tmp_path, placeholder, audience, said):
    study = study_of(tmp_path, f"## Placements\nThere were {placeholder} of them.", audience)
    assert study.says("Placements").text == f"There were {said} of them."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("One of {{ disputes }} was hard. All is well.", "All is well."),
        ("All is well.\nWe are proud of\nthe {{ disputes }} of them.", "All is well."),
        ("- {{ disputes }} disputes\n- {{ looked_after }} children", "- 22 children"),
        ("We had {{ disputes }}.\n\nAll is well.", "All is well."),
        ("We had {{ disputes }}.", ""),
        ("{{ looked_after }} children. All is well.", "22 children. All is well."),
    ],
)
def test_the_report_leaves_out_a_sentence_whose_number_cannot_be_given(tmp_path, words, said):
    study = study_of(tmp_path, f"## Placements\n{words}")
    assert study.report().source.says("Placements") == said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("## Reviews\n{{ looked_aftr }}", "2019-20.md, line 2: there is no measure 'looked_aftr'"),
        ("## Reviews\nx\n{{ looked_after | sx | Male }}", "line 3: looked_after has no breakdown"),
        ("## Reviews\n{{ looked_after | sex | Mail }}", "no group 'Mail'; did you mean Male"),
        ("## Reviews\n{{ looked_after | sex }}", "is no placeholder"),
        ("## Reviews\n{{ review_participation }}", "has no figure for all; it has code"),
        ("## Reviews\n{{ looked_after_rate | share }}", "is no count, and has no share"),
        ("## Reviews\n{{ looked_after", "line 2: a placeholder is not closed"),
        ("Words\n## Reviews\nx", "line 1: words before the first heading"),
        ("## Reviews\nx\n## reviews\ny", "line 3: the heading 'reviews' stands twice"),
        ("+++\ndat = 1\n+++\n## Reviews\nx", "'dat' is no fact of the cover sheet; did you"),
        ("+++\ndate\n+++\n## Reviews\nx", r"the lines between \+\+\+ cannot be read"),
        ("+++\n\n+++\n\n## Reviews\n\n{{ nothing }}", "line 7: there is no measure 'nothing'"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_is_refused_by_file_and_line(tmp_path, words, message):
    with pytest.raises(InputError, match=message):
        study_of(tmp_path, words)


def test_the_periods_own_facts_go_before_the_standing_ones(tmp_path):
    words = '+++\ndate = 2021-03-10\ntitle = "Annual report"\n+++\n## Reviews\nx'
    cover = '[cover]\ntitle = "IRO report"\nward = "All wards"\nlegal_requirement = "Statutory"\n'
    study = study_of(tmp_path, words, cover=cover)
    assert study.words.facts == {
        "title": "Annual report", "ward": "All wards", "legal_requirement": "Statutory",
        "date": "10 March 2021",
    }  # fmt: skip
    sheet = study.report().annexes().html
    assert "Annual report" in sheet
    assert "Statutory" in sheet
    assert "Financial" not in sheet  # nothing given: no heading


def test_markup_of_the_commentary_stays_text(tmp_path):
    words = "## Reviews\n<script>alert(1)</script> & ![x](http://example.org/x.png)\n> quoted"
    text = study_of(tmp_path, words).says("Reviews").text
    assert "<script" not in text
    assert "![" not in text
    assert text.endswith("> quoted")


def test_headings_that_are_no_section_stand_together_at_the_end(tmp_path):
    study = study_of(tmp_path, "## Reviews\nx\n## Priorities\nDo {{ looked_after }} things.")
    further = study.report().annexes().html
    assert re.search(r"<h3[^>]*>Priorities<", further)
    assert "Do 22 things." in further
    assert study.says("Health").text == ""


def test_no_folder_of_commentary_is_no_fault(tmp_path):
    study = Study.of(read(write_return(tmp_path, EPISODES)), YEAR, "committee")
    assert study.says("Reviews").text == ""
    assert "no facts" in study.report().annexes().html


def test_the_demonstrations_cover_names_roles_and_no_person(demo):
    study = shared_study(demo, YEAR, "committee")
    assert study.words.facts["contact_officer"] == "Head of Service, Quality Improvement"
    assert study.words.facts["date"] == "10 March 2021"
    assert "@" not in "".join(study.words.facts.values())


# ------------------------------------------------------------------ earlier periods


def test_earlier_periods_are_shown_with_a_figure(demo):
    study = shared_study(demo, YEAR, "committee")
    said = study.show("reviews_on_time").finding.text
    assert "In 2018-19 it was 940 of 1,047 (90%): not clearly different" in said
    said = study.show("looked_after").finding.text
    assert "it was 348: 20 fewer (6% fewer) now, within what is usual here." in said


def test_a_trend_stops_at_a_change_of_method(demo):
    study = shared_study(demo, periods.single("2020-21"), "committee")
    shown = study.show("long_term_stability")
    assert "by another method: the two are not compared" in shown.finding.text
    assert "cannot be compared: another method after 31 March 2020." in shown.trend.description
    assert "Not comparable with earlier periods" in shown.trend.table.html


def test_a_year_to_date_is_said_and_drawn_in_no_line(demo):
    study = shared_study(demo, periods.single("2019-20-Q3"), "committee")
    shown = study.show("reviews_held")
    assert "Year to date, Apr 2019 to Dec 2019: 757." in shown.finding.text
    assert "757" not in shown.trend.svg.partition("</desc>")[2]


def test_what_is_not_available_shows_nothing_and_is_said_at_the_end(demo):
    study = shared_study(demo, periods.single("2019-20-Q3"), "committee")
    assert study.show("dental_check")._repr_html_() == ""
    assert "Children who saw a dentist in the year" in study.gaps("Health").html
    assert "collected once a year" in study.gaps("Health").html
    assert "it is given in the report of a whole year only" in study.gaps("Advocacy").html
    assert shared_study(demo, periods.single("2019-20-Q3"), "internal").gaps("Advocacy").html == ""
