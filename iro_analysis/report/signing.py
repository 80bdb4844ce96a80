"""List, before signing, each sentence of the service that claims a direction or a quality."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from iro_analysis.contracts import ALL
from iro_analysis.narrative.commentary import placeholders
from iro_analysis.report.blocks import Column, Exhibit, Group, Paragraph, Row, Section
from iro_analysis.report.chapters import measures_of
from iro_analysis.report.figure import Ref
from iro_analysis.report.figures import HIGHER, LOWER, SAME, Figures
from iro_analysis.report.record import label_of, report
from iro_analysis.report.source import Source, plain_words
from iro_analysis.report.text import Text, plain

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?![^{}]*\}\})")  # not within a placeholder
_VERDICTS: dict[str, str] = {
    HIGHER: "clearly higher than last year",
    LOWER: "clearly lower than last year",
    SAME: "about the same as last year",
}
_UNSURE = "not clearly different from last year"


@dataclass(frozen=True)
class Claim:
    """A sentence that claims something, and the figures that it speaks of.

    Attributes
    ----------
    heading, sentence : str
    measures : tuple of str
        Each as `Ref.of` reads it: ``measure``, ``measure/breakdown/group``, ``:share`` behind it.
    """

    heading: str
    sentence: str
    measures: tuple[str, ...]


def claims(source: Source) -> list[Claim]:
    """Return the sentences of the commentary that claim a direction or a quality."""
    words = re.compile(r"\b(" + "|".join(report()["signing"]["words"]) + r")\b", re.IGNORECASE)
    found = []
    for passage in source.words.passages:
        for raw in _SENTENCE.split(" ".join(passage.text.split())):
            sentence = " ".join(plain_words(source.filled(replace(passage, text=raw))).split())
            if words.search(sentence):
                named = (*placeholders(raw), *_named(sentence))
                measures = tuple(dict.fromkeys(named)) or _of_chapter(passage.heading)
                found.append(Claim(passage.heading, sentence, measures))
    return found


def _named(sentence: str) -> list[str]:
    names = report()["signing"]["measures"]
    return [name for phrase, name in names.items() if phrase in sentence.casefold()]


def _of_chapter(heading: str) -> tuple[str, ...]:
    """Return the two figures that lead the chapter of a heading; none where there is no chapter.

    A measure without a total is the group of it that the chapter leads with.
    """
    for record in report()["chapters"]:
        if heading in record["sections"]:
            groups = {Ref.of(words).measure: words for words in record.get("lead", ())}
            names = dict.fromkeys(measures_of(record))
            return tuple(
                name if ALL in Ref(name).entry.breakdowns else groups.get(name, name)
                for name in names
            )[:2]
    return ()


def section(source: Source) -> Section | None:
    """Return the list for who signs the report; None where no sentence claims anything."""
    rows = [
        Row(
            plain(f"“{claim.sentence}”"),
            (plain(claim.heading), _figures(source.figures, claim.measures)),
        )
        for claim in claims(source)
    ]
    if not rows:
        return None
    columns = (Column("Under", "words"), Column("What the figures say", "words"))
    table = Exhibit(
        "table-signing", "Sentences of the service that claim a direction", columns,
        (Group("", tuple(rows)),), "Sentence",
    )  # fmt: skip
    lead = "Read each sentence beside its figure. Change the words where the two do not agree."
    finding = (
        f"Check {len(rows)} sentences before signing"
        if len(rows) > 1
        else "Check one sentence before signing"
    )
    return Section(
        "check-before-signing", "Check before signing", plain(finding),
        (Paragraph(plain(lead)), table), "signing",
    )  # fmt: skip


def _figures(figures: Figures, measures: tuple[str, ...]) -> Text | None:
    pieces: list = []
    for name in measures:
        ref = Ref.of(name)
        if ref.breakdown not in ref.entry.breakdowns:
            continue
        now, before = figures.get(ref), figures.earlier(ref)
        what = "share" if ref.share else "value"
        shown = None if now is None else now.number(what)
        if shown is None:
            continue
        if pieces:
            pieces.append("; ")
        pieces += [f"{_title(ref)}: ", shown]
        then = None if before is None else before.number(what)
        if then is not None:
            verdict = _VERDICTS.get(figures.against(ref, "before"), _UNSURE)
            tested = figures.against(ref, "before") not in ("", "not tested")
            pieces += [", ", then, " last year"]
            pieces += [f" ({verdict})"] if tested else []
    return Text((*pieces, ".")) if pieces else plain("No figure of the report speaks of this.")


def _title(ref: Ref) -> str:
    if ref.breakdown == ALL:
        return label_of(ref)
    return f"{label_of(Ref(ref.measure))}, {label_of(ref)}"
