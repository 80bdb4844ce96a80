"""Build the last sections: what was promised, what comes next, how sure the figures are."""

from __future__ import annotations

from iro_analysis import catalogue
from iro_analysis.contracts import ALL
from iro_analysis.reading.commentary import Promise
from iro_analysis.report import chapters
from iro_analysis.report.blocks import Heading, Item, Items, Paragraph, Quoted, Section
from iro_analysis.report.figure import Ref
from iro_analysis.report.figures import Figures
from iro_analysis.report.record import label_of, report
from iro_analysis.report.source import Source, not_said, who_and_when
from iro_analysis.report.text import Text, join, plain
from iro_analysis.report.verdicts import untested
from iro_analysis.rounding import printed
from iro_analysis.wording import joined

_MOST_NAMED = 12  # totals: a longer list is not read, and each is marked in the annex


def promises(source: Source) -> Section | None:
    """Return what the service promised last year, what came of it, and what it will do next."""
    own = report()["service"]
    promised, came = source.promised(own["next"]), source.says(own["came_of_it"])
    coming = source.says(own["next"])
    tasks = source.promised_actions
    young = source.says(own["for_you"])
    if not (promised or tasks or came or coming or young):
        return None
    blocks: list = []
    if promised or tasks:
        blocks.append(Heading("What we said a year ago"))
        blocks += [Quoted(promised)] if promised else []
        blocks += [Items(tuple(map(_task, tasks)))] if tasks else []
        if not came:
            blocks.append(Paragraph(plain("The service has not said what came of it.")))
    if came:
        blocks += [Heading("What came of it"), Quoted(came)]
    if coming or young:
        blocks.append(Heading("What we will do next"))
        blocks += [Quoted(coming)] if coming else []
        blocks += [Items((_for_the_young(source),))] if young else []
    finding = (
        "What we promised, and what comes next" if promised or tasks or came else "What comes next"
    )
    return Section("next", "What comes next", plain(finding), tuple(blocks))


def _task(promise: Promise) -> Item:
    """Return what was to be done of a figure, whose task that was, and by when."""
    return Item(
        plain(f"{label_of(Ref(promise.measure))}:"),
        response=promise.text,
        action=" ".join(who_and_when(promise.owner, promise.due)),
    )


def _for_the_young(source: Source) -> Item:
    """Return whose task the promises of the young people's page are, and by when."""
    owner, due = source.words.for_you
    return Item(
        plain("What we promise children and young people"),
        action=" ".join(who_and_when(owner, due)),
        remark=not_said(bool(owner), due is not None),
        link="for-young-people",
    )


def withheld(figures: Figures) -> list[str]:
    """Return the names of totals that are hidden to protect children."""
    found = []
    for measure in catalogue.measures().values():
        if ALL not in measure.breakdowns:
            continue
        rows = figures.everything.select(measure.id, ALL)
        if rows.anything_hidden:
            found.append(measure.title)
    return found


def how_sure(source: Source) -> Section:
    """Return how the records were counted, what chance does, what is withheld, what is not said."""
    totals = source.authority.account.totals()
    read, used, aside = (printed(totals[name]) for name in ("read", "used", "set_aside"))
    records = (
        f"We read {read} records of all years, used {used} and left out {aside} that could not be "
        "used."
        if totals["set_aside"]
        else f"We read {read} records of all years and used all of them."
    )
    warning = source.authority.may_end_early(source.figures.period)
    blocks: list = []
    if warning:
        blocks.append(Paragraph(plain(f"{warning}."), "caution"))
    blocks += [Paragraph(plain(f"{line}.")) for line in source.authority.account.unusable]
    blocks += [
        Paragraph(plain(records), label="Records."),
        Paragraph(
            plain(
                "Small groups vary by luck. We call a share or rate better, worse, higher "
                "or lower only where the gap is larger than luck and the usual spread of councils. "
                "“Rises” and “falls” were each tested alone. Some of a change in counts can be "
                f"luck.{_not_tested(source.figures)}"
            ),
            label="Chance.",
        ),
        Paragraph(
            plain(
                "They describe and do not explain. Groups are compared without allowing for age, "
                "need or where families live."
            ),
            label="What the figures cannot say.",
        ),
    ]
    last = [] if source.internal else [_withheld(source.figures)]
    if names := chapters.left_out(source):
        listed = joined([f"“{name}”" for name in names])
        last.append(plain(f"Chapters of which nothing can be shown: {listed}."))
    if last:
        blocks.append(Paragraph(join(last), label="" if source.internal else "Withheld."))
    finding = plain("How sure we are of these figures")
    return Section("how-sure", "How sure we are", finding, tuple(blocks))


def _not_tested(figures: Figures) -> str:
    """Return which totals shown for two years were not tested, or how many; empty for none."""
    names = [label_of(now.ref) for now, _, _ in untested(figures)]
    if not names:
        return ""
    if len(names) > _MOST_NAMED:
        return f" Of {len(names)} figures the change was not tested: see the annex."
    listed = "; ".join(name[:1].lower() + name[1:] for name in names)
    return f" Not tested against last year: {listed}."


def _withheld(figures: Figures) -> Text:
    names, policy = withheld(figures), figures.everything.policy
    rule = (
        f"To protect children we print no number from {policy.hide_from} to {policy.hide_to}, nor "
        "one that would give it away."
    )
    if policy.round_to:
        rule = f"{rule} {policy.note_of_rounding}"
    if not names:
        return plain(f"{rule} No total had to be left out for that.")
    if len(names) > _MOST_NAMED:
        return plain(f"{rule} The annex marks the {len(names)} totals left out for that.")
    listed = "; ".join(name[:1].lower() + name[1:] for name in names)
    return plain(f"{rule} These totals are left out; parts of them may be given: {listed}.")
