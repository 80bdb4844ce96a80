"""Build a chapter as a section: finding, paragraph, exhibits, the service's words."""

from __future__ import annotations

from iro_analysis.report import ethnicity, exhibits
from iro_analysis.report.blocks import Paragraph, Section, ServiceWords
from iro_analysis.report.conditions import choose, every
from iro_analysis.report.figure import Ref
from iro_analysis.report.record import why_it_matters
from iro_analysis.report.source import Source
from iro_analysis.report.text import join, plain


def chapter(source: Source, record: dict) -> Section | None:
    """Return one chapter; None where none of its figures can be shown and nothing is said of it.

    Parameters
    ----------
    source : Source
    record : dict
        Of ``report.toml``.
    """
    figures = source.figures
    finding = choose(record["headings"], figures)
    lines = every(record["lines"], figures)
    if record.get("about") == "ethnicity":
        finding = ethnicity.heading(figures) or finding
        lines += ethnicity.lines(figures)
    blocks: list = [Paragraph(join(lines))] if lines else []
    if blocks and (why := _why(source, record)):
        blocks.append(Paragraph(plain(why), "why"))
    shown = [exhibits.build(each["kind"], figures, each) for each in record.get("exhibits", [])]
    blocks += [each for each in shown if each is not None]
    measures = tuple(dict.fromkeys(measures_of(record)))
    if caution := source.caution(measures):
        blocks.append(Paragraph(plain(f"Read with care: {caution}"), "caution"))
    if said := source.says(*record["sections"]):
        blocks.append(ServiceWords(said, record["name"].lower()))
    if not blocks:
        return None
    return Section(record["id"], record["name"], finding or plain(record["name"]), tuple(blocks))


def _why(source: Source, record: dict) -> str:
    """Return why a chapter's first figure matters, unless what needs attention speaks of it."""
    if any(topic.chapter == record["id"] for topic in source.findings.needs_attention):
        return ""
    for words in record.get("lead", []):
        ref = Ref.of(words)
        if source.figures.get(ref) is not None and (why := why_it_matters([ref])):
            return why
    return ""


def left_out(source: Source) -> list[str]:
    """Return the names of chapters of which nothing can be shown."""
    return [each["name"] for each in source.chapters if chapter(source, each) is None]


def measures_of(record: dict) -> list[str]:
    """Return the measures that a chapter speaks of."""
    named = [Ref.of(words).measure for words in record.get("lead", [])]
    for exhibit in record.get("exhibits", []):
        named += [Ref.of(words).measure for words in exhibit.get("measures", [])]
        named += [pair[0] for pair in exhibit.get("breakdowns", [])]
        named += [exhibit[key] for key in ("measure", "ratio") if key in exhibit]
    return named
