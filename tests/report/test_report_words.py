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
from iro_analysis.report import Report, closing, ethnicity, exhibits, opening
from iro_analysis.report.attention import CLEAR_ALONE, MAY_BE_CHANCE, Findings
from iro_analysis.report.conditions import holds
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import Figures
from iro_analysis.report.record import headline, reasons, report, targets, why_it_matters
from iro_analysis.report.signing import claims
from iro_analysis.report.text import fill, plain
from iro_analysis.report.words import in_ten, number_word, one_in
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


def test_a_section_without_a_file_of_measures_is_refused_by_name(monkeypatch):
    monkeypatch.setitem(codes.record("sections"), "schooling", "Schooling")
    with pytest.raises(ReferenceDataError, match=r"schooling: reference/measures/schooling\.toml"):
        catalogue.measures.__wrapped__()


def test_every_section_has_a_rank_for_what_needs_attention():
    """CONTRIBUTING, add a section, step 1."""
    ranks, sections = report()["section_ranks"], set(codes.record("sections").values())
    assert set(ranks) == sections, "report.toml, section_ranks: one line for each section"
    assert set(ranks.values()) <= set(report()["ranks"])


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
    (r"\b(?:above|more than in) England\b|\bmore than in \{region\}", {"clearly higher"}),
    (r"\bbelow England\b|\bfewer than in England\b", {"clearly lower", "clearly higher"}),
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


def test_nothing_needs_attention_twice_and_nothing_both_needs_it_and_went_well(made):
    found = made.source.findings
    needs = [topic.id for topic in found.needs_attention]
    assert len(needs) == len(set(needs))
    assert not set(needs) & {topic.id for topic in found.went_well}
    ranks = report()["ranks"]
    order = [ranks.index(topic.rank) for topic in found.needs_attention]
    assert order == sorted(order)


def test_every_headline_that_moved_by_a_third_is_in_the_summary(made):
    found = made.source.findings
    figures = made.source.figures
    said = {name for topic in (*found.needs_attention, *found.went_well) for name in topic.measures}
    for ref in headline({}):
        if ref.breakdown == "all" and holds(f"{ref.measure} | by a third", figures):
            now = figures.get(ref)
            if now.counted and max(now.value, figures.earlier(ref).value) >= 10:
                assert ref.measure in said, ref


def test_each_line_holds_a_number_and_each_topic_of_the_record_can_lead_to_its_chapter(made):
    for topic in made.source.findings.needs_attention:
        assert topic.lead.numbers or topic.more.numbers, str(topic.lead)
    chapters = {record["id"] for record in report()["chapters"]}
    assert {topic["chapter"] for topic in report()["topics"]} <= chapters


def test_the_verdict_is_short_and_full_of_figures(made):
    verdict = made.source.findings.verdict()
    assert len(verdict.numbers) >= 2
    assert len(str(verdict).split()) <= report()["verdict_words"]


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


def test_a_count_below_ten_that_moved_by_a_third_is_no_news(demo, monkeypatch):
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    disputes = Ref("disputes")
    for now, then, is_news in [(22, 66, True), (6, 9, False), (6, 12, True), (12, 11, False)]:
        held = Figure(disputes, "2019-20", now), Figure(disputes, "2018-19", then)
        monkeypatch.setattr(Figures, "get", lambda self, ref, held=held: held[0])
        monkeypatch.setattr(Figures, "earlier", lambda self, ref, held=held: held[1])
        assert holds("disputes | by a third", figures) is is_news, (now, then)


def test_a_quarter_is_headed_by_what_it_is_compared_with_and_names_its_census(made):
    table = exhibits.glance(made.source.figures, list(made.source.findings.headline))
    wanted = exhibits.BESIDE_PERIODS if made.source.in_year else exhibits.BESIDE_AREAS
    assert table.columns[-1].title == wanted
    note = opening.at_a_glance(made.source).blocks[-1].line
    assert ("councils" in str(note)) is not made.source.in_year
    _, more = ethnicity.attention(made.source.figures)
    assert "2011 Census" in str(more)


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


def test_each_line_of_what_needs_attention_says_who_acts_by_when_or_that_nobody_said(made):
    html = made.for_decision().html
    [listed] = BeautifulSoup(html, "html.parser").select("ol.attention")
    lines = [each.get_text(" ", strip=True) for each in listed.find_all("li", recursive=False)]
    assert len(lines) == len(made.source.findings.needs_attention) >= 3
    assert all(re.search(r"\d", line) for line in lines)
    silent = "has not commented on any of these figures; no owner or date is given" in html
    said = re.compile(r"Owner: .*Due: |Owner: .*No date is given|no owner or date", re.I)
    assert silent or all(said.search(line) for line in lines)
    assert len(lines) == len(set(lines))
    assert "more below" not in html


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


def test_an_item_is_named_with_its_topic(made):
    needs = made.source.findings.needs_attention
    named = made.source.items
    assert named["missing_incidents"].endswith(" (going missing)")
    assert {int(words.split()[1]) for words in named.values()} <= set(range(1, len(needs) + 1))


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
    assert "20 fewer than last year: 28 fewer who came to the UK alone, 8 more of all" in said


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


def test_each_question_names_its_item(made):
    needs = made.source.findings.needs_attention
    asked = made.source.findings.questions()
    assert asked
    for n, line in asked:
        record = needs[n - 1].record
        texts = [record.get("question"), *(q["says"] for q in record.get("questions", []))]
        assert any(text and str(line)[:12] == text[:12] for text in texts)
    assert all(f"(item {n})" in made.for_decision().html for n, _ in asked)


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


def test_fewer_children_tracked_do_not_come_before_harm(demo, monkeypatch):
    """A rise is a matter of safety; a fall asks how they are recorded."""
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    tracked, get = Ref("exploitation_tracked"), Figures.get
    for now, then, rank in [(30, 16, "safety"), (9, 16, "process")]:
        held = {"get": Figure(tracked, "2019-20", now), "earlier": Figure(tracked, "2018-19", then)}
        for name, figure in held.items():
            found = getattr(Figures, name) if name == "earlier" else get
            monkeypatch.setattr(
                Figures,
                name,
                lambda self, ref, figure=figure, found=found: (
                    figure if ref == tracked else found(self, ref)
                ),
            )
        [topic] = [t for t in Findings(figures, ()).needs_attention if t.id == "exploitation"]
        assert topic.rank == rank, (now, then)


def test_a_ratio_of_few_children_of_an_old_census_is_not_given_in_the_summary(demo, monkeypatch):
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    get = Figures.get

    def few(self, ref):
        found = get(self, ref)
        is_black = ref.measure == "ethnicity_rate" and ref.group.startswith("Black")
        return replace(found, denominator=47.0) if is_black else found

    monkeypatch.setattr(Figures, "get", few)
    lead, more = ethnicity.attention(figures)
    assert str(lead).startswith("Black children and children of Mixed ethnicity are more likely")
    assert str(more).startswith(
        "Black: only 47 children in the 2011 Census, so how many times is uncertain. "
        "Mixed: 2.3 times. "
    )
    [first, *_] = ethnicity.lines(figures)
    assert "Black" in str(first)
    assert "(Black: 47; Other: 610 children in the 2011 Census)" in str(first)


def test_a_reason_is_of_the_figure_that_leads_and_of_no_other(demo):
    outside = Ref.of("looked_after/locality/Outside the authority:share")
    assert "near the child’s own" in why_it_matters([outside])
    assert why_it_matters([Ref("looked_after")]) == ""  # how many is not where they live
    assert "does not prove" in why_it_matters([Ref("ethnicity_rate_ratio")])
    figures = shared_study(demo, YEAR, "committee").report().source.figures
    [school] = [topic for topic in report()["topics"] if topic["id"] == "school"]
    lead = fill("{suspended_children} children were suspended.", figures.find)
    topic = Findings(figures, ())._topic(school, lead, plain(""))
    assert topic.why == ""  # the reason held is of school plans


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
def test_what_is_far_from_england_is_named_only_where_few_authorities_are_as_far(demo):
    study = shared_study(demo, YEAR, "committee")
    source = study.report().source
    figures = source.figures
    lines = {topic.id: str(topic.lead) for topic in source.findings.needs_attention}
    found = figures.verdict(Ref("substance_misuse"), "All authorities")
    assert (found.above, found.areas) == (3, 122)
    assert lines["substances"].endswith("England 3%; 3 of 122 councils higher.")
    outside = Ref.of("looked_after/locality/Outside the authority:share")
    assert figures.get(outside).size > 41 * 4 / 3  # a third above England's, as 32 of 147 are
    assert not holds(
        "looked_after/locality/Outside the authority:share | a third above | England", figures
    )
    assert "homes" not in lines


def test_a_figure_that_is_back_where_it_was_is_not_called_a_rise(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    figures = source.figures
    # Clear alone, it is not so among all that the opening page looks at, and stands not there.
    assert "health" not in {topic.id for topic in source.findings.went_well}
    said = {topic.id: str(topic.lead) for topic in Findings(figures, ()).went_well}
    assert said["health"] == (
        "Immunisation is back where it was: 95% are up to date, from 87% last year and 95% in "
        "2017-18."
    )
    assert not holds("care_leavers_in_touch | back", figures)


def test_no_multiple_of_one_old_census_leads_and_the_populations_are_named(demo):
    page = shared_study(demo, YEAR, "committee").report()
    [topic] = [each for each in page.source.findings.needs_attention if each.id == "ethnic-groups"]
    assert "twice" not in str(topic.lead)
    both = "2.1 times by the 2011 Census, 1.6 at ages 10 to 17 by the 2021 Census."
    assert f"All minority ethnic groups: {both}" in str(topic.more)


def test_a_count_that_moved_far_says_where_that_may_be_chance(demo):
    source = shared_study(demo, YEAR, "internal").report().source
    more = {topic.id: str(topic.more) for topic in source.findings.needs_attention}
    assert {name for name, said in more.items() if said.startswith(MAY_BE_CHANCE)} == {
        "missing", "challenge",
    }  # fmt: skip
    # Clear alone, and not among all that the page looks at.
    assert {name for name, said in more.items() if said.startswith(CLEAR_ALONE)} == {"exploitation"}
    assert source.figures.against(Ref("exploitation_tracked"), "before") == "higher"
    [clear] = [each for each in source.findings.went_well if each.id == "university"]
    assert not str(clear.more), "from 6 to 22 is more than chance would explain"


def test_good_news_that_may_be_chance_says_so_too(demo):
    source = shared_study(demo, YEAR, "internal").report().source
    figures = source.figures
    unclear = tuple(
        replace(each, verdict=Verdict.NOT_CLEAR, p=0.2)
        if (each.measure, each.against) == ("higher_education", figures.before.name)
        else each
        for each in figures.comparisons
    )
    source = replace(source, figures=replace(figures, comparisons=unclear))
    [section] = [each for each in opening.decision(source).blocks
                 if getattr(each, "kind", "") == "well"]  # fmt: skip
    [item] = [each for each in section.items if "higher education" in str(each.lead)]
    assert str(item.line) == MAY_BE_CHANCE


def test_under_the_first_table_stands_which_counts_changed_by_more_than_is_usual(demo):
    report = shared_study(demo, YEAR, "internal").report()
    words = report.first_page()._repr_html_()
    # Clear alone, not among all that the page looks at: the line of it in the list says so too.
    assert (
        "Of the counts, only children who came into care changed by more than chance would "
        "explain; among so many figures that too can be chance."
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


def test_a_share_that_fell_since_last_year_is_shown_with_england(demo):
    # 100 of 222 against 202 of 229 children; in England 40% in the year of the pandemic.
    findings = shared_study(demo, periods.single("2020-21"), "committee").report().source.findings
    dentist = next(topic for topic in findings.needs_attention if "dentist" in str(topic.lead))
    assert str(dentist.lead) == "Fewer children saw a dentist: 45%, down from 88%."
    assert str(dentist.more) == "England: 40%."
    england = dentist.more.numbers[0]
    assert (england.figure, england.what) == ("dental_check|all|all|2020-21", "England")
    missing = findings.needs_attention[0]
    assert str(missing.lead).count("England") + str(missing.more).count("England") == 1


def test_good_news_over_the_years_says_where_last_year_was_better(demo):
    findings = shared_study(demo, periods.single("2020-21"), "committee").report().source.findings
    school = next(topic for topic in findings.went_well if "school plans" in str(topic.lead))
    assert str(school.lead) == (
        "More school plans are up to date than in 2016-17: 92%, from 88%; last year it was 93%."
    )
    findings = shared_study(demo, YEAR, "committee").report().source.findings
    school = next(topic for topic in findings.went_well if "school plans" in str(topic.lead))
    assert str(school.lead) == "More school plans are up to date: 93%, from 88% in 2016-17."


def test_the_young_people_s_page_says_a_small_share_as_the_chapters_do():
    for share in [count / 1000 for count in range(50, 250)]:
        told = in_ten(share).removeprefix("1 in ")
        assert one_in(share) == f"one in {number_word(int(told))}"
