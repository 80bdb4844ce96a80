"""List, before signing, each sentence of the service that claims a direction, with its figure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iro_analysis.contracts import ALL
from iro_analysis.report.blocks import Column, Exhibit, Group, Paragraph, Row, Section
from iro_analysis.report.chapters import measures_of
from iro_analysis.report.figure import Ref
from iro_analysis.report.figures import HIGHER, LOWER, SAME, Figures
from iro_analysis.report.record import label_of, report
from iro_analysis.report.source import Source, plain_words
from iro_analysis.report.text import Text, plain

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
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
    """

    heading: str
    sentence: str
    measures: tuple[str, ...]


def claims(source: Source) -> list[Claim]:
    """Return the sentences of the commentary that claim a direction or a quality."""
    words = re.compile(r"\b(" + "|".join(report()["signing"]["words"]) + r")\b", re.IGNORECASE)
    found = []
    for passage in source.words.passages:
        for sentence in _SENTENCE.split(" ".join(plain_words(source.filled(passage)).split())):
            if words.search(sentence):
                found.append(Claim(passage.heading, sentence, _measures(passage.heading, sentence)))
    return found


def _measures(heading: str, sentence: str) -> tuple[str, ...]:
    """Return the measures that a sentence names, or those that lead its chapter."""
    names = report()["signing"]["measures"]
    said = [name for phrase, name in names.items() if phrase in sentence.casefold()]
    if said:
        return tuple(dict.fromkeys(said))
    for record in report()["chapters"]:
        if heading in record["sections"]:
            return tuple(dict.fromkeys(measures_of(record)))[:2]
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
        ref = Ref(name)
        if ALL not in ref.entry.breakdowns:
            continue
        now, before = figures.get(ref), figures.earlier(ref)
        if now is None:
            continue
        if pieces:
            pieces.append("; ")
        pieces += [f"{label_of(ref)}: ", now.shown]
        if before is not None:
            verdict = _VERDICTS.get(figures.against(ref, "before"), _UNSURE)
            tested = figures.against(ref, "before") not in ("", "not tested")
            pieces += [", ", before.shown, " last year"]
            pieces += [f" ({verdict})"] if tested else []
    return Text((*pieces, ".")) if pieces else plain("No figure of the report speaks of this.")
