"""Build the annexes: every figure with its range, definitions, other areas, the data, the cover."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from iro_analysis import catalogue, codes, tables
from iro_analysis.catalogue import PERIOD, Measure
from iro_analysis.comparisons.settings import setting
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative import cover, overview
from iro_analysis.periods import in_words
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import Figures
from iro_analysis.report.record import reasons, report
from iro_analysis.report.source import Source
from iro_analysis.report.verdicts import untested
from iro_analysis.wording import in_html, number, section_anchor, span

_INTERNAL = re.compile(
    r"(?:METHODS|STATISTICS|CONTRACT)\s+(?:part\s+)?\d[\d.]*(?:,\s*in part inferred)?"
    r"|recalled, to be confirmed|in part inferred"
)


@dataclass(frozen=True)
class Annex:
    """The annexes of the page: folded on screen, a paper of their own in print.

    Attributes
    ----------
    parts : tuple of (str, str, str)
        Id, title and HTML.
    """

    parts: tuple[tuple[str, str, str], ...]

    @property
    def html(self) -> str:
        """The annexes."""
        folded = "".join(
            f'<details class="annex-part" id="{name}"><summary>{in_html(title)}</summary>'
            f'<div class="annex-body" role="group" aria-label="{in_html(title)}" tabindex="0">'
            f"{inner}</div></details>"
            for name, title, inner in self.parts
        )
        return (
            '<h2 id="annex" data-contents="Annexes" data-kind="annex">Annexes hold every figure, '
            f"definition and source</h2>{folded}"
        )

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<annexes: {', '.join(title for _, title, _ in self.parts)}>"


def annex(source: Source) -> Annex:
    """Return the annexes of a report."""
    parts = [
        (f"annex-{section_anchor(section)}", f"All figures: {section}", _figures(source, section))
        for section in catalogue.sections()
    ]
    parts += [
        ("annex-untested", "Changes that were not tested", _untested(source.figures)),
        ("annex-other-areas", "Other areas and their sources", _areas(source)),
        ("definitions", "Definitions", _definitions()),
        ("annex-data", "The records behind the figures", _data(source)),
    ]
    if further := _further(source):
        parts.append(("annex-service", "Further from the service", further))
    if sheet := _cover(source):
        parts.append(("annex-cover", "Cover sheet and implications", sheet))
    parts.append(("annex-page", "About this page", _about(source)))
    return Annex(tuple(parts))


def _figures(source: Source, section: str) -> str:
    measures = catalogue.sections()[section]
    pieces = [_totals(source.figures, section, measures)]
    for measure in measures:
        for name in measure.breakdowns:
            if name in (ALL, PERIOD):
                continue
            published = source.figures.everything.select(measure.id, name)
            if not published.reason:
                pieces.append(_breakdown(source.figures, published))
    pieces.append(overview.gaps(source.figures.everything, section).html)
    return "".join(pieces)


def _totals(figures: Figures, section: str, measures: list[Measure]) -> str:
    """Return a section's totals: every period held, the numbers behind, the range, other areas."""
    rows, periods = [], []
    for measure in measures:
        if ALL not in measure.breakdowns:
            continue
        labels = [label for label, _ in figures.series(Ref(measure.id))]
        periods += [label for label in labels if label not in periods]
    periods.sort()  # the years of all measures in one order, whatever each of them lacks
    own = str(figures.find("this"))
    periods = [label for label in periods if label != own]
    for measure in measures:
        if ALL in measure.breakdowns:
            row = _total(figures, measure, periods)
            if row:
                rows.append(row)
    if not rows:
        return ""
    region = figures.region or "Region"
    head = ["Measure", *periods, own, "Out of", "Range", "England", region, "Similar areas"]
    return _table(f"{section}: totals", head, rows)


def _total(figures: Figures, measure: Measure, periods: list[str]) -> str:
    ref = Ref(measure.id)
    published = figures.everything.select(measure.id, ALL)
    if published.reason:
        return ""
    earlier = dict(figures.series(ref))
    symbol = published.policy.symbol
    cells = []
    for label in periods:
        if label not in earlier:
            cells.append(tables.NOT_APPLICABLE)
        else:
            point = earlier[label]
            cells.append(symbol if point is None else point.shown.html)
    now = figures.get(ref)
    if now is None:
        cells += [symbol] * 3
    else:
        part, whole = now.number("numerator"), now.number("denominator")
        percent = now.unit == "percent"
        limits = span(now.lower, now.upper, now.unit, 2 if now.unit == "ratio" else None)
        cells += [
            now.shown.html,
            f"{part.html} of {whole.html}" if percent and part and whole else tables.NOT_APPLICABLE,
            limits or tables.NOT_APPLICABLE,
        ]
    areas = figures.areas(ref)
    for role in ("England", "region", "similar"):
        found = figures.area_number(ref, role) if role in areas else None
        cells.append(found.html if found else tables.NOT_APPLICABLE)
    values = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{in_html(measure.title)}</th>{values}</tr>'


def _table(caption: str, head: list[str], rows: list[str]) -> str:
    heads = "".join(
        f'<th scope="col"{" class=number" if place else ""}>{in_html(label)}</th>'
        for place, label in enumerate(head)
    )
    return (
        f"<table><caption>{in_html(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _breakdown(figures: Figures, published: Published) -> str:
    """Return a breakdown as a table: group, numbers, range, a year before where it is held."""
    measure, name = published.measure, published.breakdown
    head, rows = tables.columns_and_rows(published)
    before = [
        figures.earlier(Ref(measure.id, name, row.group)) if row.status == "ok" else None
        for row in published
    ]
    if any(before):
        head = [*head, str(figures.find("last"))]
        rows = [
            (label, [*cells, _or_dash(each)])
            for (label, cells), each in zip(rows, before, strict=True)
        ]
    lines = [
        f'<tr><th scope="row">{in_html(label)}</th>'
        + "".join(f'<td class="number">{cell}</td>' for cell in cells)
        + "</tr>"
        for label, cells in rows
    ]
    notes = "".join(
        f'<p class="note">{in_html(_plain(note))}</p>' for note in tables.own_notes(published)
    )
    return _table(tables.described(published), head, lines) + notes


def _untested(figures: Figures) -> str:
    """Return the totals whose change since a year before was not tested, with the reason."""
    found = untested(figures)
    if not found:
        return "<p>The change of every total shown for both years was tested.</p>"
    head = ["Measure", str(figures.find("last")), str(figures.find("this")), "Why not"]
    rows = [
        f'<tr><th scope="row">{in_html(now.ref.entry.title)}</th><td>{then.shown.html}</td>'
        f"<td>{now.shown.html}</td><td>{in_html(_plain(reason))}</td></tr>"
        for now, then, reason in found
    ]
    return _table("Totals whose change since a year before was not tested", head, rows)


def _or_dash(figure: Figure | None) -> str:
    found = None if figure is None else figure.number()
    return tables.NOT_APPLICABLE if found is None else found.html


def _areas(source: Source) -> str:
    """Return what other areas have published, with its day, and each source once."""
    figures, rows = source.figures, []
    sources: dict[str, Any] = {}
    if source.in_year:
        return "<p>No national figure is set beside a period of less than a year.</p>"
    for measure in catalogue.measures().values():
        for name in measure.breakdowns:
            if name == PERIOD:
                continue
            held = figures.comparators(measure.id, name)
            base = ""
            if name == ALL and held.empty and measure.elsewhere:
                held, base = source.elsewhere(measure.id), measure.elsewhere["base"]
            for row in held.itertuples(index=False):
                key = sources.setdefault(_plain(str(row.source)), len(sources) + 1)
                label = tables.group_label(measure.id, name, row.group)
                what = measure.title if row.group == ALL else f"{measure.title}: {label}"
                if base:
                    what = f"{what} (of {base}: not comparable with ours)"
                rows.append(
                    f'<tr><th scope="row">{in_html(what)}</th><td>{in_html(row.area)}</td>'
                    f'<td class="number">{in_html(number(row.value, row.unit))}</td>'
                    f'<td class="number">{key}</td></tr>'
                )
    if not rows:
        return "<p>No published figure of another area is held.</p>"
    listed = "".join(f"<li>{in_html(words)}</li>" for words in sources)
    return (
        _table("Other areas", ["Measure", "Area", "Figure", "Source"], rows) + f"<ol>{listed}</ol>"
    )


def _definitions() -> str:
    parts = []
    for section, measures in catalogue.sections().items():
        rows = []
        for measure in measures:
            counted = measure.numerator
            if measure.denominator:
                counted = f"{counted}; out of: {measure.denominator}"
            rows.append(
                f'<div><dt id="definition-{measure.id}">{in_html(measure.title)}</dt>'
                f"<dd>{in_html(_plain(counted))}. {in_html(_plain(measure.since))}"
                f"{'.' if measure.since else ''} "
                f"Source: {in_html(_plain(measure.source))}.{_reason(measure)}</dd></div>"
            )
        parts.append(f"<h3>{in_html(section)}</h3><dl class=definitions>{''.join(rows)}</dl>")
    return "".join(parts)


def _reason(measure: Measure) -> str:
    """Return what a measure means for a child, and the law or guidance that says so."""
    found = [each for ref, each in reasons().items() if ref.measure == measure.id]
    said = [f" Why it matters: {each['says']} Source: {each['source']}." for each in found]
    return in_html("".join(said))


def _plain(words: str) -> str:
    """Return words for readers who have none of the project's own papers.

    Examples
    --------
    >>> _plain("DfE, data guidance; METHODS 3.14"), _plain("The panel's own (METHODS 3.10)")
    ('DfE, data guidance', "The panel's own")
    """
    said = _INTERNAL.sub("", words)
    for name in codes.record("local_lists"):
        title = name.replace("_", " ")
        said = re.sub(rf"[Ll]ocal list {name}\b", f"the authority’s list of {title}", said)
    said = re.sub(r"\(\s*[,;]?\s*\)", "", said)
    said = re.sub(r"\(\s*[,;]\s*", "(", said)
    said = re.sub(r"\s*[,;:]\s*\)", ")", said)
    said = re.sub(r"\s+([.,;:)])", r"\1", said)
    said = re.sub(r"^[\s;:,.]+|[\s;:,.]+$", "", said)
    said = re.sub(r"\s{2,}", " ", said)
    return said[:1].upper() + said[1:] if said else "the authority’s own"


def _data(source: Source) -> str:
    account = source.authority.account
    found = overview.data_quality(account, source.authority.may_end_early(source.figures.period))
    return found.html


def _further(source: Source) -> str:
    """Return what the service says that no chapter of this report prints."""
    from nbconvert.filters import markdown2html

    printed_under = {heading for record in source.chapters for heading in record["sections"]}
    own = {*report()["service"].values(), *codes.record("cover")["prose"]}
    taken = {heading.casefold() for heading in printed_under | own}
    parts = [
        f"### {passage.heading}\n\n{source.filled(passage)}"
        for passage in source.words.passages
        if passage.heading.casefold() not in taken
    ]
    return markdown2html("\n\n".join(parts)) if parts else ""


def _cover(source: Source) -> str:
    from nbconvert.filters import markdown2html

    prose = [
        f"### {heading}\n\n{said}"
        for heading in codes.record("cover")["prose"]
        if (said := source.says(heading))
    ]
    facts = cover.head(source.words).html
    return facts + markdown2html("\n\n".join(prose)) + cover.implications(source.words).html


def _about(source: Source) -> str:
    said = overview.provenance(source.figures.everything, source.version, source.returns).text
    day = in_words(source.figures.period.end)
    words = [
        f"{said} The figures run to {day}.",
        "This page is meant to meet the Public Sector Bodies (Websites and Mobile Applications) "
        "(No. 2) Accessibility Regulations 2018 (SI 2018/952) and the Web Content Accessibility "
        "Guidelines 2.2 at level AA. Each version is tested by machine (axe-core), at widths from "
        "320 pixels, by keyboard and on paper, and not yet by people who use a screen reader. It "
        "needs no script and loads nothing from elsewhere. Tell the authority if something cannot "
        "be read.",
        "[c] stands for a number that is hidden to protect children, [x] for one that is not "
        "available, [z] for one that does not apply. The range is the 95% confidence interval. "
        "Next year’s figure can fall outside it even if nothing changes.",
        f"“About the same” means that, chance allowed for, two figures lie within "
        f"{setting('margin')['percent']:g} percentage points, or a rate or count within "
        f"{setting('margin')['relative']:.0%} of the other.",
    ]
    return "".join(f"<p>{in_html(line)}</p>" for line in words)
