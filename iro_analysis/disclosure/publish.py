"""The gate: only ``publish`` makes a ``Published``, and presentation takes nothing else.

What it released once may be carried to the processes that lay it out: ``seal`` and ``unseal``.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.contracts import FIGURE_COLUMNS, FIGURE_NUMBERS
from iro_analysis.disclosure.audit import Auditor, View, digest
from iro_analysis.disclosure.cells import Cells, of_row, system_of
from iro_analysis.disclosure.combining import HOW_FAR, TOGETHER, Combined, combined
from iro_analysis.disclosure.elsewhere import NO_TABLES, Tables
from iro_analysis.disclosure.over_time import lasting_names
from iro_analysis.disclosure.policy import AUDIENCES, Policy, policy
from iro_analysis.disclosure.releases import (
    Release,
    corrected_by_few,
    known_before,
    release_of,
    same_again,
)
from iro_analysis.disclosure.scope import check_searched, figures_for_committee
from iro_analysis.disclosure.suppression import (
    Background,
    Unprotected,
    cells_to_hide,
    given_away,
    in_words,
    refusal,
    view_of,
    without_corrected,
)
from iro_analysis.disclosure.system import System
from iro_analysis.errors import DisclosureError, ParameterError, near_name
from iro_analysis.packing import packed, unpacked
from iro_analysis.periods import Period, single

_KEY = object()
_SO_MANY_OF = re.compile(r"\b(\d[\d,]*) of\b")


@dataclass(frozen=True)
class Certificate:
    """What the audit of a report found before it was released.

    Attributes
    ----------
    figures_shown, figures_hidden : int
        Rows of ``figures.csv``.
    counts_audited : int
        Counts that are hidden, or are small and would follow from others; each has two complete
        tables of whole numbers that fit everything known and differ in it as the policy asks.
    witnesses : str
        SHA-256 of all these tables together.
    earlier_reports : int
        Reports that were taken to be known.
    known_elsewhere : int
        Counts that were taken to be known because the Department for Education publishes them.
    known_already : int
        Small counts that follow from earlier reports and others' figures by themselves, whatever
        this report does: it withholds them.
    agreed : bool
        Whether somebody agreed the policy.
    """

    figures_shown: int
    figures_hidden: int
    counts_audited: int
    witnesses: str
    earlier_reports: int = 0
    known_elsewhere: int = 0
    known_already: int = 0

    agreed: bool = False

    @property
    def line(self) -> str:
        """What the page says of it: how many numbers can be worked out, and what was not asked."""
        known = "the rest of this page and what the Department for Education publishes"
        if self.earlier_reports:
            several = "s" if self.earlier_reports > 1 else ""
            known = known.replace(" and", ",") + (
                f" and {self.earlier_reports} other report{several} of this authority"
            )
        said = "Checked before publication: nothing had to be hidden."
        if self.counts_audited:
            said = (
                f"Checked before publication: none of the {self.counts_audited:,} numbers that are "
                f"hidden here, or could follow, can be worked out from {known}."
            )
        if self.known_already:
            one = self.known_already == 1
            said += (
                f" {self.known_already} further small number{'' if one else 's'} "
                f"follow{'s' if one else ''} from earlier reports and those figures, whatever this "
                f"page shows: {'it is' if one else 'they are'} withheld here, which cannot hide "
                f"{'it' if one else 'them'}."
            )
        said += f" Not considered: {NOT_CONSIDERED}."
        if not self.agreed:
            said += (
                " The suite's own default policy applies: nobody has agreed it for this authority."
            )
        return said


NOT_CONSIDERED = (
    "figures of the Department for Education that are rounded or differ from these, what others "
    "publish of this authority, reports made in another output folder, "
    "and what somebody knows of a child"
)
_AGREED = ("hide_to", "agreed_by", "agreed_on")  # what an authority settles for itself
_SEAL = hashlib.sha256().digest_size  # bytes that stand before what is sealed


@dataclass(frozen=True, repr=False)
class Published:
    """Figures that may be shown to their audience. Made by ``publish`` only.

    Attributes
    ----------
    figures : DataFrame
        Columns of ``contracts.FIGURE_COLUMNS``; what is hidden is empty, status ``suppressed``.
    audience : str
        ``committee`` or ``internal``.
    policy : Policy
    certificate : Certificate, optional
        Of the whole report; None for internal use, where nothing is hidden.
    release : Release, optional
        What the report leaves behind for the audit of later ones.
    given_together : tuple of str
        Of one breakdown: the single groups that have no row here, since they are given in combined
        ones.
    """

    figures: pd.DataFrame
    audience: str
    policy: Policy
    certificate: Certificate | None = None
    release: Release | None = None
    given_together: tuple[str, ...] = ()
    key: object = None

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise DisclosureError("only disclosure.publish.publish makes published figures")

    def __repr__(self) -> str:
        shown = ", ".join(dict.fromkeys(self.figures["measure"]))
        return f"<{len(self.figures)} published figures for {self.audience}: {shown}>"

    def __iter__(self) -> Iterator:
        return iter(self._rows)

    @cached_property
    def _rows(self) -> tuple:
        """The figures as named tuples: a page asks for the same ones again and again."""
        return tuple(self.figures.itertuples(index=False))

    @property
    def measure(self) -> catalogue.Measure:
        """The one measure these figures are of."""
        [name] = self.figures["measure"].unique()
        return catalogue.measure(name)

    @property
    def breakdown(self) -> str:
        """The one breakdown these figures are of."""
        [name] = self.figures["breakdown"].unique()
        return name

    @property
    def anything_hidden(self) -> bool:
        """Whether a figure among them is hidden."""
        return bool(self.figures["status"].eq("suppressed").any())

    @property
    def reason(self) -> str:
        """Why there is no figure at all; empty where there is one."""
        missing = self.figures["status"].eq("not_available")
        return str(self.figures["note"].iloc[0]) if missing.all() else ""

    def select(self, measure: str, breakdown: str | None = None) -> Published:
        """Return the figures of a measure, of one breakdown or of all.

        Raises
        ------
        ParameterError
            If the measure or breakdown is not among them.
        """
        if (measure, breakdown) not in self._selected:
            self._selected[measure, breakdown] = self._select(measure, breakdown)
        return self._selected[measure, breakdown]

    @cached_property
    def _selected(self) -> dict[tuple[str, str | None], Published]:
        return {}

    @cached_property
    def _by_measure(self) -> dict[Any, pd.DataFrame]:
        return dict(iter(self.figures.groupby("measure", sort=False)))

    def _select(self, measure: str, breakdown: str | None) -> Published:
        entry = catalogue.measure(measure)
        rows = self._by_measure.get(measure, self.figures.iloc[:0])
        if breakdown is not None:
            if breakdown not in entry.breakdowns:
                raise ParameterError(
                    f"{measure} has no breakdown {breakdown!r}"
                    f"{near_name(breakdown, entry.breakdowns)}; "
                    f"it has {', '.join(entry.breakdowns)}"
                )
            rows = rows[rows["breakdown"] == breakdown]
        single = rows["note"].eq(TOGETHER) & rows["status"].eq("not_available")
        return Published(
            rows[~single].reset_index(drop=True),
            self.audience,
            self.policy,
            self.certificate,
            given_together=tuple(rows.loc[single, "group"]) if breakdown is not None else (),
            key=_KEY,
        )


def publish(
    figures: pd.DataFrame,
    audience: str,
    earlier: Sequence[Release] = (),
    behind: Mapping[str, int] | None = None,
    rules: Policy | None = None,
    tables: Tables = NO_TABLES,
) -> Published:
    """Return what of a report's figures an audience may see.

    For the committee, small counts are hidden with every figure made from them, and as many others
    as keep them from being worked out from the rest of the report, from earlier reports and from
    what DfE publishes. What is about to be shown is then audited. For internal use, nothing is
    hidden.

    Parameters
    ----------
    figures : DataFrame
        All figures of the report at once: what is safe alone may not be safe beside another.
    audience : str
        ``committee`` or ``internal``.
    earlier : sequence of Release
        What was released of the authority before, the latest last.
    behind : mapping of str to int, optional
        Count of events -> the number of children behind it (``behind.children_behind``).
    rules : Policy, optional
        The authority's (``policy.policy_for``); the suite's own where it is not given.
    tables : mapping of str to frozenset of int, optional
        What DfE prints of the authority, group by group (``elsewhere.tables_of``).

    Raises
    ------
    DisclosureError
        If the audience is unknown, or a small number cannot be protected.
    """
    if audience not in AUDIENCES:
        raise DisclosureError(
            f"audience {audience!r} is not known{near_name(audience, AUDIENCES)}; "
            f"expected {' or '.join(AUDIENCES)}, in quotes in a YAML file"
        )
    rules = rules or policy()
    if audience == "internal" or figures.empty:
        return Published(figures[FIGURE_COLUMNS].copy(), audience, rules, key=_KEY)
    figures = figures_for_committee(figures, rules)
    period = single(figures["period"].iloc[0])
    auditor = Auditor(rules)
    drafts = _Drafts(figures, period, rules, behind)
    chosen, hidden, background = _decided(drafts, rules, _Outside(earlier, tables), auditor)
    check_searched(figures)  # a record without its counts has been refused by now, by name
    names, system = chosen.names, chosen.system
    figures, together = chosen.together.figures, chosen.together
    gone = {cell for cell, name in names.items() if name in hidden}
    shown = _shown(figures, gone | together.single, rules)
    withheld = background.lost | background.unsaid
    lost = {cell for cell, name in names.items() if name in withheld}
    shown = _withheld(shown, figures, lost | together.single)
    view = _from_outside(shown, names, view_of(system, hidden, rules, background), background)
    verdicts = auditor.verdicts(view)
    if unsafe := [each for each in verdicts if not each.is_safe]:
        raise refusal(unsafe, view, rules)
    alone = view_of(system, hidden, rules, Background())
    shown_by_symbol = {cell for cell in hidden if cell not in background.unsaid | background.lost}
    released = release_of(period, alone, shown_by_symbol, background.loose)
    is_shown = shown["status"].eq("ok")
    certificate = Certificate(
        figures_shown=int(is_shown.sum()),
        figures_hidden=int(shown["status"].eq("suppressed").sum()),
        counts_audited=len(verdicts),
        witnesses=digest(verdicts),
        earlier_reports=len({each.period for each in earlier} - {period.name}),
        known_elsewhere=len(background.elsewhere),
        known_already=len(background.lost),
        agreed=bool(rules.agreed_by),
    )
    return Published(shown, audience, rules, certificate, released, key=_KEY)


@dataclass(frozen=True)
class _Draft:
    """A report with its groups combined in one way.

    Attributes
    ----------
    together : Combined
    names : dict
        Cell -> the name it has in all reports of the authority.
    system : System
        With these names.
    """

    together: Combined
    names: dict[str, str]
    system: System


class _Outside(NamedTuple):
    """What is known besides a report: what was released before, and what DfE prints."""

    earlier: Sequence[Release]
    tables: Tables


class _Drafts:
    """The ways in which a report's groups can be combined, each made when it is asked for.

    Parameters
    ----------
    figures : DataFrame
    period : Period
    rules : Policy
    behind : mapping of str to int, optional
    """

    def __init__(
        self,
        figures: pd.DataFrame,
        period: Period,
        rules: Policy,
        behind: Mapping[str, int] | None = None,
    ) -> None:
        self.figures, self.period, self.rules = figures, period, rules
        self._own = system_of(figures, rules, behind)
        self._made: dict[str, _Draft] = {}

    def __iter__(self) -> Iterator[_Draft]:
        for how_far in HOW_FAR:
            if how_far not in self._made:
                self._made[how_far] = self._combined(how_far)
            yield self._made[how_far]

    def _combined(self, how_far: str) -> _Draft:
        together = combined(self.figures, self._own, self.rules.combining(how_far))
        own = together.entered(self._own)
        names = lasting_names(own, self.period)
        return _Draft(together, names, own.renamed(names))


def _decided(
    drafts: _Drafts, rules: Policy, outside: _Outside, auditor: Auditor
) -> tuple[_Draft, set[str], Background]:
    """Return the way of combining groups that will do, what is hidden with it, what was known.

    A report that was released stands as it was. Else the first way in which all small numbers can
    be protected: where earlier reports leave little room, as few groups as need be are given, and
    what hangs together with a count that even so cannot be protected is left out.
    """
    if any(release.period == drafts.period.name for release in outside.earlier):
        for draft in drafts:
            if (hidden := same_again(outside.earlier, draft.system, drafts.period)) is not None:
                background = _background(outside, draft.system, drafts.period, rules, auditor)
                view = view_of(draft.system, hidden, rules, background)
                # DfE may have published since: what gives the report away now is then withheld.
                if all(each.is_safe for each in auditor.verdicts(view)):
                    return draft, hidden, background
    unsaid: frozenset[str] = frozenset()
    while True:
        for draft in drafts:
            background = _background(outside, draft.system, drafts.period, rules, auditor)
            background = replace(background, unsaid=background.unsaid | unsaid)
            try:
                return draft, cells_to_hide(draft.system, rules, background, auditor), background
            except Unprotected as problem:
                # What is known already protects nothing by not being said again.
                more = problem.near & draft.system.values.keys() - background.known.keys()
                refused = problem
        if more <= unsaid:
            raise refused
        unsaid |= more  # without a symbol, a report says nothing that was not known before it


def _background(
    outside: _Outside, system: System, period: Period, rules: Policy, auditor: Auditor
) -> Background:
    """Return what is known before a report is published, with what is past protecting."""
    background = known_before(outside.earlier, system, rules, period, outside.tables)
    lost = given_away(system, rules, background, auditor)
    background = replace(background, lost=lost, unsaid=background.stay)
    corrected = corrected_by_few(outside.earlier, system, rules)
    return without_corrected(background, corrected, system, rules, auditor)


def _shown(figures: pd.DataFrame, hidden: set[str], rules: Policy) -> pd.DataFrame:
    """Return the figures without the numbers of those that are made of a hidden count."""

    def few(found: re.Match) -> str:
        return "a few of" if rules.is_small(int(found[1].replace(",", ""))) else found[0]

    shown = figures[FIGURE_COLUMNS].copy()
    behind = [of_row(row) for row in figures.itertuples(index=False)]
    is_hidden = pd.Series(
        [
            row.status == "ok" and _touches(row, cells, hidden)
            for row, cells in zip(figures.itertuples(index=False), behind, strict=True)
        ],
        index=figures.index,
    )
    shown.loc[is_hidden, FIGURE_NUMBERS] = float("nan")
    shown.loc[is_hidden, "status"] = "suppressed"
    bare = is_hidden | pd.Series(
        [any(cell in hidden for cell in cells.note) for cells in behind], index=figures.index
    )
    shown.loc[bare & figures["status"].eq("ok"), "note"] = ""
    # A note says of how many the answer is not known; few of them are a small number too.
    shown["note"] = shown["note"].str.replace(_SO_MANY_OF, few, regex=True)
    # A percentage that is not given for too few pupils must not give their number away.
    unsaid = figures["status"].eq("not_available")
    shown.loc[unsaid, FIGURE_NUMBERS] = float("nan")
    return shown


WITHHELD = "it is withheld under the disclosure policy"


def _withheld(shown: pd.DataFrame, figures: pd.DataFrame, lost: set[str]) -> pd.DataFrame:
    """Return the figures with those that nothing can hide any more as not given, not as hidden."""
    if not lost:
        return shown
    rows = shown.copy()
    mine = rows["status"].eq("suppressed") & pd.Series(
        [not lost.isdisjoint(_behind(of_row(row))) for row in figures.itertuples(index=False)],
        index=rows.index,
    )
    rows.loc[mine, "status"] = "not_available"
    rows.loc[mine, "note"] = WITHHELD
    return rows


def _behind(cells: Cells) -> list[str]:
    return [*cells.shown, *cells.behind]


def _from_outside(
    shown: pd.DataFrame, names: dict[str, str], meant: View, background: Background
) -> View:
    """Return what is known once the figures are out: as they are printed, not as was meant."""
    known = dict(background.known)
    for row in shown[shown["status"].eq("ok")].itertuples(index=False):
        cells = of_row(row)
        for cell, count in [(cells.numerator, row.numerator), (cells.denominator, row.denominator)]:
            if cell in names:
                known[names[cell]] = int(count)
    if told := sorted(cell for cell in meant.guarded if cell in known):
        raise DisclosureError(
            *(f"{in_words(cell)}: hidden, and shown by a figure" for cell in told)
        )
    return View(meant.rows, known, meant.guarded)


def _touches(row: Any, cells: Cells, hidden: set[str]) -> bool:
    if row.measure == "gcse_trend":
        return any(cell.startswith((f"{row.group}|", "gcse_cohort|")) for cell in hidden)
    return any(cell in hidden for cell in _behind(cells))


def seal(published: Published, key: bytes) -> bytes:
    """Return released figures as bytes that only the holder of a run's key can have made.

    Parameters
    ----------
    published : Published
    key : bytes
        Secret of one run; without it a seal can neither be made nor opened.
    """
    content = packed(
        {
            "figures": published.figures,
            "audience": published.audience,
            "policy": repr(published.policy),
            "agreed": {name: getattr(published.policy, name) for name in _AGREED},
            "certificate": asdict(published.certificate) if published.certificate else None,
        }
    )
    return hmac.digest(key, content, "sha256") + content


def unseal(sealed: bytes, key: bytes) -> Published:
    """Return the figures that ``publish`` released in this run, and nothing else.

    Raises
    ------
    DisclosureError
        If they were changed since, were sealed by another run, or under another policy.
    """
    mark, content = sealed[:_SEAL], sealed[_SEAL:]
    if not hmac.compare_digest(mark, hmac.digest(key, content, "sha256")):
        raise DisclosureError(
            "the published figures of this run were changed after they were released; expected "
            "those that the gate let through, so nothing is shown"
        )
    held = unpacked(content)
    rules = replace(policy(), **held["agreed"])
    if held["policy"] != repr(rules):
        raise DisclosureError(
            "the published figures were released under another disclosure policy; make them again"
        )
    certificate = Certificate(**held["certificate"]) if held["certificate"] else None
    return Published(held["figures"], held["audience"], rules, certificate, key=_KEY)


def across(several: list[Published]) -> Published:
    """Return one measure's whole, published for several periods, as its breakdown by period.

    Parameters
    ----------
    several : list of Published
        Of the same measure, breakdown ``all``, each of another period, for the same audience.

    Raises
    ------
    DisclosureError
        If they are not for the same audience: what one may see would be mixed with what it may not.
    """
    first = several[0]
    if any(each.audience != first.audience for each in several):
        raise DisclosureError("figures for the committee and for internal use were put together")
    rows = pd.concat([each.figures for each in several], ignore_index=True)
    rows = rows.assign(breakdown=catalogue.PERIOD, group=rows["period"])
    return Published(rows, first.audience, first.policy, key=_KEY)
