"""What the report may say: every claim of a sentence is a condition of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from builders import shared_study

from iro_analysis import catalogue, codes, periods
from iro_analysis.comparisons.comparison import Verdict
from iro_analysis.errors import InputError, ReferenceDataError
from iro_analysis.narrative.commentary import filled
from iro_analysis.reading.commentary import Commentary, Passage, Promise, read_commentary
from iro_analysis.report import closing, ethnicity, exhibits, opening
from iro_analysis.report.attention import Findings
from iro_analysis.report.conditions import holds
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import Figures
from iro_analysis.report.record import headline, reasons, report, targets
from iro_analysis.report.text import fill, plain
from iro_analysis.wording import in_html

YEAR = periods.single("2019-20")


@pytest.fixture(scope="module", params=["2019-20", "2019-20-Q3"])
def made(request, demo):
    return shared_study(demo, periods.single(request.param), "committee").report()


def test_every_section_has_a_file_of_measures_and_every_file_a_section():
    """CONTRIBUTING, add a section, step 1."""
    place = Path(codes.__file__).parent / "reference" / "measures"
    files, listed = {path.stem for path in place.glob("*.toml")}, set(codes.record("sections"))
    assert not listed - files, "a section of sections.toml without its file in reference/measures/"
    assert not files - listed, "a file of reference/measures/ without its line in sections.toml"


def test_every_section_has_a_rank_for_what_needs_attention():
    """CONTRIBUTING, add a section, step 1."""
    ranks, sections = report()["section_ranks"], set(codes.record("sections").values())
    assert set(ranks) == sections, "report.toml, section_ranks: one line for each section"
    assert set(ranks.values()) <= set(report()["ranks"])


def test_a_section_without_a_file_of_measures_is_refused_by_name(monkeypatch):
    monkeypatch.setitem(codes.record("sections"), "schooling", "Schooling")
    with pytest.raises(ReferenceDataError, match=r"schooling: reference/measures/schooling\.toml"):
        catalogue.measures.__wrapped__()


def templates():
    """Every sentence of ``report.toml`` that a figure chooses, with where it stands."""
    record = codes.record("report")
    for chapter in record["chapters"]:
        for kind in ("headings", "lines"):
            for each in chapter.get(kind, []):
                yield f"{chapter['id']} {kind}", each
    for topic in record["topics"]:
        for kind in ("attention", "more", "well", "verdict"):
            for each in topic.get(kind, []):
                yield f"{topic['id']} {kind}", each
    for each in record["verdict"]:
        yield "verdict", each


# Words that claim something, and the relations of which one has to be among the conditions.
CLAIMS = [
    (r"\b(fewer|fell|down from|fallen)\b",
     {"fewer", "count fewer", "clearly lower", "falls", "falling", "all of", "most of"}),
    (r"\b(up from|rose|recovered)\b", {"more", "count more", "clearly higher", "rising"}),
    (r"(?<!or )\bmore (?:than a year|than last|children|reviews|school|under)",
     {"more", "clearly higher", "clearly lower"}),
    (r"\babove England’s|\bmore than in (?:England|\{region\})", {"clearly higher"}),
    (r"\bbelow England’s|\bfewer than in England\b", {"clearly lower"}),
    (r"in each year since", {"falls", "rises"}),
    (r"not clearly different", {"alike"}),
    (r":multiple\}", {"multiple"}),
    (r"More children left than came", {"more than"}),
    (r"Most of the (fall|rise)", {"others clearly changed most"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "relations"), CLAIMS, ids=[words for words, _ in CLAIMS])
def test_a_sentence_claims_only_what_is_one_of_its_conditions(words, relations):
    found = 0
    for where, template in templates():
        if re.search(words, template["says"]):
            found += 1
            given = {
                condition.split("|")[1].strip().removeprefix("not ")
                for condition in template.get("when", [])
            }
            assert given & relations, (where, template["says"])
    assert found, "no sentence of the report says this any more"


def test_a_share_is_not_called_more_or_fewer_children():
    """A smaller share of more children may be more children."""
    shares = 0
    for where, template in templates():
        says = template["says"]
        shown = [
            name for name in re.findall(r"\{([a-z_]+)\}", says) if name in catalogue.measures()
        ]
        if shown and Ref(shown[0]).entry.unit == "percent":
            shares += 1
            assert not re.match(r"(More|Fewer) \w+ .*: ", says), (where, says)
            assert not re.search(r"\b(more|fewer) of their\b|with (more|fewer)\b", says), (
                where,
                says,
            )
    assert shares > 20


def test_every_condition_and_placeholder_of_the_record_can_be_read(demo):
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    for where, template in templates():
        for condition in template.get("when", []):
            assert holds(condition, figures) in (True, False), (where, condition)
        assert fill(template["says"], lambda words: figures.find(words) or plain("x")), where


def test_headings_are_short_and_hold_a_verb():
    verb = re.compile(
        r"\b(came|come|were|was|are|is|live|lives|had|have|raised|reached|gains|go|went|work|wait"
        r"|challenged|held|did|do|doing|looked|left|move|moves|returned|stayed)\b"
    )
    for chapter in codes.record("report")["chapters"]:
        for template in chapter["headings"]:
            words = re.sub(r"\{[^}]*\}", "9", template["says"])
            assert len(words.split()) <= 16, words
            assert verb.search(words), words


def test_an_unknown_relation_is_refused(demo):
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    with pytest.raises(ReferenceDataError, match="no relation 'soared'"):
        holds("started | soared", figures)


def test_a_ratio_of_few_children_of_an_old_census_says_how_few(demo):
    """Of Bromley's 74,982 children in 2011, 610 were of the group "Other"."""
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    [first, *_] = ethnicity.lines(figures)
    assert str(first) == (
        "The Asian and Other groups are small: their ratios are uncertain "
        "(Other: 610 children in the 2011 Census)."
    )


def test_a_sentence_about_a_hidden_figure_is_not_printed(demo):
    study = shared_study(demo, YEAR, "committee")
    source = study.report().source
    figures = source.figures
    hidden = [
        name
        for name in codes.record("report")["labels"]
        if "/" not in name
        and ":" not in name
        and "all" in Ref(name).entry.breakdowns
        and study.published(name).anything_hidden
    ]
    assert hidden
    for name in hidden:
        assert fill(f"There were {{{name}}}.", figures.find) is None
        assert not holds(f"{name} | given", figures)
        assert not holds(f"{name} | not given", figures)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"headline": "looked_after"}, "headline: expected a list"),
        ({"headline": ["looked_aftr"]}, "'looked_aftr', which is no measure; did you mean"),
        ({"headline": ["looked_after/sx/Male"]}, "looked_after has no breakdown 'sx'"),
    ],
)
def test_a_headline_that_is_none_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        headline(given)


def test_an_authority_chooses_its_headlines_and_targets(demo):
    chosen = headline({"headline": ["reviews_on_time", "looked_after/sex/Male:share"]})
    assert chosen == [Ref("reviews_on_time"), Ref("looked_after", "sex", "Male", True)]
    assert targets({"targets": {"reviews_on_time": 95}}) == {"reviews_on_time": 95}
    with pytest.raises(InputError, match="should be a number"):
        targets({"targets": {"reviews_on_time": "95"}})
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    assert isinstance(figures, Figures)
    assert Findings(figures, tuple(chosen)).verdict()


def test_a_response_is_printed_with_its_owner_and_date_or_with_what_is_missing(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    day = date(2021, 6, 30)

    def actions(owners, due, measures=("disputes",)):
        words = replace(source.words, responses={"disputes": "x"}, owners=owners, due=due)
        return replace(source, words=words).actions(measures)

    owner = {"disputes": "Head of Service"}
    assert actions(owner, {"disputes": day}) == ("Owner: Head of Service. Due: 30 June 2021.", "")
    assert actions(owner, {}) == ("Owner: Head of Service.", "No date is given.")
    assert actions({}, {"disputes": day}) == ("Due: 30 June 2021.", "No owner is given.")
    assert actions({}, {}) == ("", "No owner or date is given.")
    assert actions(owner, {}, ("adopted",)) == ("", "")  # there is no response to own


def test_an_item_without_a_response_points_to_what_the_service_says_of_its_subject(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    topics = {topic.id: topic for topic in source.findings.needs_attention}
    assert opening._not_commented(source, topics["substances"]) == (
        "The service has not commented here; see its words on health. No owner or date is given."
    )
    silent = replace(source, words=Commentary())
    assert opening._not_commented(silent, topics["substances"]) == opening.NOT_COMMENTED


def test_the_promises_to_young_people_have_an_owner_and_a_date_or_lack_them_aloud(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    said = closing.promises(source).html
    assert 'href="#for-young-people"' in said
    owner = "Owner: Head of Service, Children Looked After. Due: 30 September 2021."
    assert said.endswith(f'<span class="svc action">{owner}</span></li></ul>')
    without = replace(source, words=replace(source.words, for_you=("", None)))
    assert "No owner or date is given.</span></li></ul>" in closing.promises(without).html
    nothing = replace(without, words=replace(without.words, passages=()))
    assert "for-young-people" not in closing.promises(nothing).html


def test_a_quarter_is_headed_by_what_it_is_compared_with_and_names_its_census(made):
    table = exhibits.glance(made.source.figures, list(made.source.findings.headline))
    wanted = exhibits.BESIDE_PERIODS if made.source.in_year else exhibits.BESIDE_AREAS
    assert table.columns[-1].title == wanted
    note = opening.at_a_glance(made.source).blocks[-1].line
    assert ("councils" in str(note)) is not made.source.in_year
    _, more = ethnicity.attention(made.source.figures)
    named = "depending on the census", "By the 2011 Census"  # the second where one alone is held
    assert any(words in str(more) for words in named)


def test_a_first_report_has_no_columns_of_dashes_for_last_year(demo):
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    record = next(
        exhibit
        for chapter in report()["chapters"]
        for exhibit in chapter.get("exhibits", [])
        if exhibit["kind"] == "two_years"
    )
    table = exhibits.build("two_years", figures, record)
    assert [column.title for column in table.columns] == ["2019-20", "Number"]
    assert "dot" not in table.key
    every = {**record, "breakdowns": [["looked_after", "uasc", ""]]}  # both have last year's
    titles = [column.title for column in exhibits.build("two_years", figures, every).columns]
    assert titles == ["2018-19", "2019-20", "Change", "From last year to this"]


def test_what_can_be_compared_leads_and_one_dash_stands_for_no_area(made):
    table = exhibits.glance(made.source.figures, list(made.source.findings.headline))
    titles = [column.title for column in table.columns]
    assert ("England" in titles) is not made.source.in_year  # no area publishes a quarter
    if made.source.in_year:
        return
    place = titles.index("England")
    has = [row.cells[place] is not None for row in table.rows]
    assert has == sorted(has, reverse=True)
    assert len(set(has)) == 2
    assert table.html.count('<td class="none" colspan="3">') == has.count(False)


def test_a_recommendation_can_name_the_items_that_need_attention():
    passage = Passage("Recommendations", "agree {{ disputes | item }}, {{ adopted | item }}", 1)
    items = {"disputes": "item 4 (challenge by officers)"}
    said = "agree item 4 (challenge by officers), children adopted from care"
    assert filled(passage, "f.md", None, items) == said
    with pytest.raises(InputError, match=r"f\.md, line 1: .*disputs"):
        filled(Passage("Recommendations", "{{ disputs | item }}", 1), "f.md", None)


def test_the_first_sentence_says_who_makes_up_a_fall_from_published_percentages(demo):
    """48 of 348 came to the UK alone, then 20 of 328: 28 fewer, and 308 of all others for 300."""
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    alone, others = Ref("looked_after", "uasc", "UASC"), Ref("looked_after", "uasc", "Not UASC")
    before = [figures.earlier(ref) for ref in (alone, others)]
    assert [each.value for each in before] == [48, 300]
    key = "unaccompanied_share|all|all|2018-19"
    assert [(each.number().figure, each.number().what) for each in before] == [
        (key, "numerator"), (key, "rest"),
    ]  # fmt: skip
    assert before[0].number("share") is None  # no share of it is published under this name
    said = str(shared_study(demo, YEAR, "committee").report().source.findings.verdict())
    assert (
        "20 fewer than last year: 28 fewer who came to the UK alone, and 8 more of the others"
        in said
    )


@pytest.mark.parametrize(
    ("now", "count", "is_given"),
    [(20, 48, True), (19, 48, False), (20, 4, False)],
    ids=["the same children", "other children this year", "a small number"],
)
def test_a_group_is_taken_from_a_percentage_only_where_this_year_agrees(
    demo, monkeypatch, now, count, is_given
):
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    share = Ref("unaccompanied_share")
    alone, total = Ref("looked_after", "uasc", "UASC"), Ref("looked_after")
    held = {
        alone: Figure(alone, "2019-20", 20, 20, 328),
        share: Figure(share, "2019-20", 6, now, 328),
        total: Figure(total, "2019-20", 328),
    }
    monkeypatch.setattr(Figures, "get", lambda self, ref: held[ref])
    then = Figure(share, "2018-19", 10, count, 348)
    found = Figures.earlier
    monkeypatch.setattr(
        Figures, "earlier", lambda self, ref: then if ref == share else found(self, ref)
    )
    assert (figures.earlier(alone) is not None) == is_given


def test_last_years_promises_return_with_their_owners_and_dates(tmp_path):
    (tmp_path / "commentary").mkdir()
    (tmp_path / "commentary" / "2018-19.md").write_text(
        '+++\nresponse.disputes = "We will ask."\nowner.disputes = "Head of Service"\n'
        "by.disputes = 2019-09-30\n+++\n",
        "utf-8",
    )
    found = read_commentary(tmp_path, {}, YEAR)
    assert found.promises == (
        Promise("disputes", "We will ask.", "Head of Service", date(2019, 9, 30)),
    )
    said = closing._task(found.promises[0]).html
    assert "We will ask." in said
    assert "Owner: Head of Service. Due: 30 September 2019." in said


def test_a_reason_to_care_has_a_source_and_is_said_once(made):
    reasons_held = reasons()
    assert len(reasons_held) >= 15
    assert all(each["source"] and len(each["says"].split()) <= 18 for each in reasons_held.values())
    page = BeautifulSoup("".join(each.html for each in made.sections), "html.parser")
    said = [each.get_text() for each in page.select(".why")]
    assert len(said) >= 4
    assert len(said) == len(set(said))
    assert set(said) <= {each["says"] for each in reasons_held.values()}
    annex = made.annexes().html
    assert all(in_html(each["source"]) in annex for each in reasons_held.values())


def test_many_withheld_totals_are_counted_and_few_are_named(demo):
    from types import SimpleNamespace

    from iro_analysis.report import closing

    study = shared_study(demo, periods.single("2019-20"), "committee")
    source = study.report().source
    figures = source.figures
    few = str(closing._withheld(figures))
    assert "These totals are left out; parts of them may be given: " in few
    every = figures.everything
    hidden = SimpleNamespace(
        policy=every.policy, select=lambda *names: SimpleNamespace(anything_hidden=True)
    )
    many = str(closing._withheld(SimpleNamespace(everything=hidden)))
    assert re.search(r"The annex marks the \d\d totals left out for that\.$", many)


# One rule: a figure that is a third from England's is named only where few authorities are as far
# out, and says how many; where many are, that is usual and nothing is said.


def test_under_the_first_table_stands_which_counts_changed_by_more_than_is_usual(demo):
    report = shared_study(demo, YEAR, "internal").report()
    words = report.first_page()._repr_html_()
    # Clear alone, not among all that the page looks at: the line of it in the list says so too.
    assert (
        "Of the counts, only children who came into care changed by more than chance would "
        "explain by itself. With so many figures, even that may be chance."
    ) in words
    figures = report.source.figures
    clear = figures.verdict(Ref("started"), figures.before.name)
    assert clear.is_clear
    assert not clear.leads
    leading = tuple(replace(each, leads=True) for each in figures.comparisons)
    source = replace(report.source, figures=replace(figures, comparisons=leading))
    assert opening._beyond_chance(source) == (
        "Of the counts, only children who came into care changed by more than chance would explain."
    )
    unclear = tuple(replace(each, verdict=Verdict.NOT_CLEAR) for each in figures.comparisons)
    source = replace(report.source, figures=replace(figures, comparisons=unclear))
    assert opening._beyond_chance(source) == "No count changed by more than chance would explain."


def test_where_most_of_a_fall_lies_is_said_where_the_test_bears_it_out(demo):
    chapter = html_of_chapter(shared_study(demo, YEAR, "internal").report(), "came-and-left")
    assert "Most of the fall is among minority ethnic children" in chapter
    quarter = shared_study(demo, periods.single("2019-20-Q3"), "internal").report()
    assert "minority ethnic" not in html_of_chapter(quarter, "came-and-left")
    # Babies under one were 23, from 13: no more than chance.
    assert "Babies under one" not in chapter


def html_of_chapter(report, name):
    [section] = [each for each in report.sections if f'id="{name}"' in each.html]
    return re.sub(r"<[^>]+>", "", section.html)
