"""Build the pieces of the first two pages: the verdict, at a glance, what is for decision."""

from __future__ import annotations

import re

from iro_analysis.periods import in_words
from iro_analysis.report import chapters, exhibits
from iro_analysis.report.attention import Topic
from iro_analysis.report.blocks import (
    Column,
    Exhibit,
    Group,
    Heading,
    Item,
    Items,
    Paragraph,
    Quoted,
    Row,
    Section,
)
from iro_analysis.report.figure import Ref
from iro_analysis.report.figures import ENGLAND, HIGHER, LOWER, NOT_TESTED, SIMILAR
from iro_analysis.report.record import label_of, report, targets
from iro_analysis.report.source import NEITHER, NO_DATE, NO_OWNER, Source
from iro_analysis.report.text import Text, plain
from iro_analysis.report.verdicts import NOT_CLEARLY
from iro_analysis.report.words import number_word
from iro_analysis.rounding import printed
from iro_analysis.wording import joined

ORDER = "Ordered by harm, unequal treatment, legal duties, process."
BY_LUCK = "“Not clearly”: luck could explain the gap."
BY_COUNCILS = (
    "“Not clearly”, “not unusually”: luck, or the usual differences between councils, could "
    "explain the gap."
)
NOT_COMMENTED = "The service has not commented; no owner or date is given."
COMMENTED_IN_A_CHAPTER = (
    "The service has not commented here; see its words on {name}. No owner or date is given."
)
_WHO_ACTS = {
    "": "With an owner and a date",
    NO_DATE: "Without a date",
    NO_OWNER: "Without an owner",
    NEITHER: "With neither",
}
SIMILAR_AREAS, BY_DFE = "Similar areas", "Statistical neighbours"
_MOST_REMARKS = 3
_NOTES_ONLY = re.compile(r"\bnote\b", re.IGNORECASE)
_ITEM = re.compile(r"\|\s*item\s*\}\}")
_DECIDES = re.compile(
    r"\b(agree|ask|approve|require|decide|request|set|endorse|consider|recommend)\b", re.IGNORECASE
)


def verdict(source: Source) -> Paragraph:
    """Return the year in a few short sentences: the service's own, else chosen by the figures."""
    if own := source.verdict:
        return Paragraph(plain(own), "verdict")
    return Paragraph(source.findings.verdict(), "verdict")


def corrected(source: Source) -> Paragraph | None:
    """Return when the report was published again with other figures; None where it was not."""
    if not source.corrections:
        return None
    each = [
        f"Corrected on {in_words(one.on)}: {printed(one.figures)} "
        f"{'figure' if one.figures == 1 else 'figures'} changed."
        for one in source.corrections
    ]
    return Paragraph(plain(" ".join(each)), "caution")


def at_a_glance(source: Source) -> Section:
    """Return the table of headline measures."""
    table = exhibits.glance(source.figures, list(source.findings.headline))
    note = "A dash: not published, or withheld."
    if SIMILAR_AREAS in [column.title for column in table.columns]:
        note += f" {SIMILAR_AREAS}: {_who_is_similar(source)}."
    if source.in_year:
        before = source.figures.before
        note = f"Last year is {before.title} ({source.figures.find('last')}). {note}"
    verdicts = " ".join(str(row.cells[-1]) for row in table.rows).casefold()
    if "unusual" in verdicts:
        note += f" {BY_COUNCILS}"
    elif NOT_CLEARLY in verdicts:
        note += f" {BY_LUCK}"
    for said in (_beyond_chance(source), _over_years(source)):
        note += f" {said}" if said else ""
    blocks = (table, Paragraph(plain(note), "note"))
    return Section("at-a-glance-heading", "At a glance", plain("At a glance"), blocks, "glance")


def _who_is_similar(source: Source) -> str:
    """Return in a few words which councils the similar areas are."""
    held = [source.figures.areas(ref).get(SIMILAR) for ref in source.findings.headline]
    by_dfe = any(found and found[0].startswith(BY_DFE) for found in held)
    return (
        "councils that the Department for Education matches to ours"
        if by_dfe
        else "councils like ours"
    )


def _beyond_chance(source: Source) -> str:
    """Return which counts of the table clearly changed; empty where none was tested.

    A count is exact, so that it is printed as fewer or more; whether that is news is another thing.
    Of one that is clear alone, and not among all that these pages look at, both are said: the lists
    below the table call it what chance alone can do.
    """
    figures = source.figures
    tested = [
        (ref, found)
        for ref in source.findings.headline
        if (now := figures.get(ref)) is not None
        and now.counted
        and (found := figures.verdict(ref, figures.before.name)) is not None
        and found.verdict != NOT_TESTED
    ]
    if not tested:
        return ""
    clear = [(ref, found) for ref, found in tested if found.is_clear]
    if not clear:
        return "No count changed by more than chance would explain."
    leading = [(ref, found) for ref, found in clear if found.leads]
    names = [label_of(ref) for ref, _ in leading or clear]
    said = joined([name[:1].lower() + name[1:] for name in names])
    if leading:
        return f"Of the counts, only {said} changed by more than chance would explain."
    return (
        f"Of the counts, only {said} changed by more than chance would explain by itself. With so "
        "many figures, even that may be chance."
    )


def _over_years(source: Source) -> str:
    """Return which headlines rise or fall over all years held; empty where none was tested.

    What stays clear over all the headlines that were looked at: with many of them some lines slope.
    """
    figures = source.figures
    tested = [
        (ref, found)
        for ref in source.findings.headline
        if (found := figures.over_years(ref)) is not None and found.test
    ]
    if not tested:
        return ""
    parts = []
    for verb, verdict in (("rise", HIGHER), ("fall", LOWER)):
        mine = [label_of(ref) for ref, each in tested if each.leads and each.verdict == verdict]
        names = joined([label[:1].lower() + label[1:] for label in mine])
        if names:
            one = len(mine) == 1
            figures_for = "the figure for" if one else "the figures for"
            parts.append(f"{figures_for} {names} {verb}{'s' if one else ''} by more than chance")
    if not parts:
        return "Tested together, none clearly rises or falls over the years."
    return f"Over all the years held, {'; '.join(parts)}; the others do not clearly rise or fall."


def decision(source: Source) -> Section:
    """Return what is for decision: what is asked, what needs attention, duties, questions."""
    found = source.findings
    needs = found.needs_attention
    many = len(needs)
    finding = (
        f"{number_word(many).capitalize()} things need the Committee’s attention"
        if many > 1
        else "One thing needs the Committee’s attention"
        if many
        else "Nothing clearly needs the Committee’s attention"
    )
    blocks: list = [Heading("What we ask of the Committee"), *_asked(source)]
    if needs:
        if told := "" if _names_items(source) else _who_acts(source, needs):
            blocks.append(Paragraph(plain(told)))
        blocks += [Heading("What needs attention"), *_attention(source, needs)]
    well = found.went_well
    if well:
        items = tuple(Item(topic.lead, topic.more, link=_link(source, topic)) for topic in well)
        blocks += [Heading("What went well"), Items(items, kind="well")]
    if questions := found.questions():
        items = tuple(Item(line + plain(f" (item {n})")) for n, line in questions)
        blocks += [Heading("Questions members may wish to ask"), Items(items, ordered=True)]
    table = duties(source)
    if table.rows:
        blocks += [table]
    return Section("for-decision", "For decision", plain(finding), tuple(blocks), "decision")


def _asked(source: Source) -> list:
    """Return the recommendation in the service's words; drafts where it decides nothing."""
    said = source.says("Recommendations")
    blocks: list = []
    if said:
        blocks.append(Quoted(said))
    else:
        blocks.append(
            Paragraph(plain("The service has not yet said what it asks of the Committee."))
        )
    empty = not said or (_NOTES_ONLY.search(said) and not _only_note(said))
    if source.internal and empty and (drafts := source.findings.drafts()):
        why = "To note is no decision. Drafts from the figures, for the service to choose from:"
        blocks += [
            Paragraph(plain(why), "drafting"),
            Items(tuple(Item(line, Text()) for line in drafts), True, "drafting"),
        ]
    return blocks


def _names_items(source: Source) -> bool:
    """Whether the service's recommendation itself refers to the items by their numbers."""
    said = source.words.passage("Recommendations")
    return said is not None and _ITEM.search(said.text) is not None


def _who_acts(source: Source, needs: list[Topic]) -> str:
    """Return which of the items below have an owner and a date, and which lack them."""
    sorts: dict[str, list[str]] = {}
    for n, topic in enumerate(needs, 1):
        missing = source.actions(topic.measures)[1] if source.response(topic.measures) else NEITHER
        sorts.setdefault(missing, []).append(str(n))
    if list(sorts) == [NEITHER]:
        return ""  # said beneath the list, or in each of its lines
    said = [
        f"{words}: {'items' if len(sorts[missing]) > 1 else 'item'} {joined(sorts[missing])}."
        for missing, words in _WHO_ACTS.items()
        if missing in sorts
    ]
    return " ".join(said)


def _only_note(said: str) -> bool:
    """Whether words ask for more than to note."""
    without = re.sub(r"\basked to note\b", "", said, flags=re.IGNORECASE)
    return bool(_DECIDES.search(without))


def _attention(source: Source, needs: list[Topic]) -> list:
    silent = [n for n, topic in enumerate(needs, 1) if not source.response(topic.measures)]
    each = len(silent) <= _MOST_REMARKS
    items = []
    for topic in needs:
        response = source.response(topic.measures)
        caution = source.caution(topic.measures)
        more = topic.more + plain(f" {caution}") if caution else topic.more
        action, remark = source.actions(topic.measures) if response else ("", "")
        if each and not response:
            remark = _not_commented(source, topic)
        link, why = _link(source, topic), topic.why
        items.append(Item(topic.lead, more or plain(""), response, action, remark, link, why))
    blocks: list = [Items(tuple(items), True, "attention")]
    order = ORDER
    if silent and not each:
        many = (
            "any of these figures"
            if len(silent) == len(needs)
            else "figures " + ", ".join(map(str, silent[:-1])) + f" and {silent[-1]}"
        )
        order = f"The service has not commented on {many}; no owner or date is given. {order}"
    return [*blocks, Paragraph(plain(order), "note")]


def _not_commented(source: Source, topic: Topic) -> str:
    """Return that the service has not responded, and where its words on the subject stand."""
    for record in source.chapters:
        if record["id"] == topic.chapter and source.says(*record["sections"]):
            return COMMENTED_IN_A_CHAPTER.format(name=record["name"].lower())
    return NOT_COMMENTED


def _link(source: Source, topic: Topic) -> str:
    """Return the id of the first exhibit of a topic's chapter; empty where it is left out."""
    for record in source.chapters:
        if record["id"] == topic.chapter:
            found = chapters.chapter(source, record)
            if found is not None:
                return found.exhibits[0].id if found.exhibits else found.id
    return ""


def duties(source: Source) -> Exhibit:
    """Return the duties to every child: last year, this year, England, the authority's target."""
    figures, aims = source.figures, targets(source.authority.settings)
    rows = []
    for duty in report()["duties"]:
        ref = Ref.of(duty["figure"])
        now = figures.get(ref)
        if now is None:
            continue
        before, england = figures.earlier(ref), figures.area_number(ref, ENGLAND)
        unmet = now.number("rest")
        target = aims.get(ref.measure)
        rows.append(
            Row(
                plain(duty["says"]),
                (
                    None if before is None else Text((before.shown,)),
                    Text((now.shown,)),
                    None if england is None else Text((england,)),
                    None if target is None else plain(f"{printed(target)}%"),
                    None if unmet is None else Text((unmet,)),
                ),
            )
        )
    columns = (
        Column(str(figures.find("last"))),
        Column(str(figures.find("this")), "main"),
        Column("England"),
        Column("Our target"),
        Column("Number not met"),
    )
    groups = (Group("", tuple(rows)),)
    found = Exhibit("table-duties", "Where we stand on each duty", columns, groups, "Duty")
    return found.without_empty_columns() if rows else found
