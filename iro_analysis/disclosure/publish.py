"""Suppress and audit a report's figures; return a ``Published``, the only thing readers see.

What it released once may be carried to the processes that lay it out: ``seal`` and ``unseal``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.contracts import FIGURE_COLUMNS
from iro_analysis.disclosure.audit import Auditor, digest
from iro_analysis.disclosure.certificate import Certificate
from iro_analysis.disclosure.combining import TOGETHER
from iro_analysis.disclosure.deciding import Drafts, Outside, decided
from iro_analysis.disclosure.elsewhere import NO_TABLES, Tables
from iro_analysis.disclosure.policy import AUDIENCES, INTERNAL, Policy, policy
from iro_analysis.disclosure.printing import seen_from_outside, with_withheld, without_hidden
from iro_analysis.disclosure.releases import (
    Release,
    release_of,
)
from iro_analysis.disclosure.rounded import rounded
from iro_analysis.disclosure.scope import check_searched, figures_for_committee
from iro_analysis.disclosure.suppression import (
    Background,
    refusal,
    view_of,
)
from iro_analysis.errors import DisclosureError, ParameterError, near_name
from iro_analysis.packing import packed, unpacked
from iro_analysis.periods import single

_KEY = object()
_AGREED = ("hide_to", "round_to", "agreed_by", "agreed_on")  # what an authority settles for itself
_SEAL = hashlib.sha256().digest_size  # bytes that stand before what is sealed


class Source(Protocol):
    """Where figures come from: a table of them, or what works them out when they are asked for."""

    @property
    def whole(self) -> pd.DataFrame:
        """All figures."""

    def of(self, measure: str, breakdown: str | None) -> pd.DataFrame:
        """Return the figures of a measure, of one breakdown or of all."""


@dataclass(frozen=True)
class Held:
    """Figures of which all are known: a table, looked up by measure."""

    whole: pd.DataFrame

    @cached_property
    def _by_measure(self) -> dict[Any, pd.DataFrame]:
        return dict(iter(self.whole.groupby("measure", sort=False)))

    def of(self, measure: str, breakdown: str | None) -> pd.DataFrame:
        """Return the figures of a measure, of one breakdown or of all; none where it has none."""
        rows = self._by_measure.get(measure, self.whole.iloc[:0])
        return rows if breakdown is None else rows[rows["breakdown"] == breakdown]


@dataclass(frozen=True, repr=False)
class Published:
    """Figures that may be shown to their audience. Made by ``publish`` only.

    Attributes
    ----------
    source : Source
        Where the figures come from: for the committee always a table, decided as one.
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
    exact : Published, optional
        Where the figures are rounded: the same ones as they were audited, before that. Only tests
        may use them, and no page: they are not sealed.
    """

    source: Source
    audience: str
    policy: Policy
    certificate: Certificate | None = None
    release: Release | None = None
    given_together: tuple[str, ...] = ()
    exact: Published | None = None
    key: object = None

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise DisclosureError("only disclosure.publish.publish makes published figures")

    def __repr__(self) -> str:
        shown = ", ".join(dict.fromkeys(self.figures["measure"]))
        return f"<{len(self.figures)} published figures for {self.audience}: {shown}>"

    def __iter__(self) -> Iterator:
        return iter(self._rows)

    @property
    def figures(self) -> pd.DataFrame:
        """All of them: columns of ``contracts.FIGURE_COLUMNS``.

        What is hidden is empty, status ``suppressed``.
        """
        return self.source.whole

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
    def is_rounded(self) -> bool:
        """Whether counts are rounded, and what follows from them made of the rounded ones."""
        return bool(self.policy.round_to) and self.audience != INTERNAL

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

    def _select(self, measure: str, breakdown: str | None) -> Published:
        entry = catalogue.measure(measure)
        if breakdown is not None and breakdown not in entry.breakdowns:
            raise ParameterError(
                f"{measure} has no breakdown {breakdown!r}"
                f"{near_name(breakdown, entry.breakdowns)}; "
                f"it has {', '.join(entry.breakdowns)}"
            )
        rows = self.source.of(measure, breakdown)
        single = rows["note"].eq(TOGETHER) & rows["status"].eq("not_available")
        return Published(
            Held(rows[~single].reset_index(drop=True)),
            self.audience,
            self.policy,
            self.certificate,
            given_together=tuple(rows.loc[single, "group"]) if breakdown is not None else (),
            key=_KEY,
        )


def publish(
    figures: pd.DataFrame | Source,
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
    figures : DataFrame or Source
        All figures of the report at once: what is safe alone may not be safe beside another. For
        internal use nothing is decided, so figures that are worked out when they are asked for
        are still to be worked out.
    audience : str
        ``committee`` or ``internal``.
    earlier : sequence of Release
        What was released of the authority before, the latest last.
    behind : mapping of str to int, optional
        Count of events -> the number of children behind it (``contributors.children_behind``).
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
    source = Held(figures[FIGURE_COLUMNS].copy()) if isinstance(figures, pd.DataFrame) else figures
    if audience == INTERNAL:
        return Published(source, audience, rules, key=_KEY)
    figures = source.whole
    if figures.empty:
        return Published(source, audience, rules, key=_KEY)
    figures = figures_for_committee(figures, rules)
    period = single(figures["period"].iloc[0])
    auditor = Auditor(rules)
    drafts = Drafts(figures, period, rules, behind)
    chosen, hidden, background = decided(drafts, rules, Outside(earlier, tables), auditor)
    check_searched(figures)  # a record without its counts has been refused by now, by name
    names, system = chosen.names, chosen.system
    figures, together = chosen.together.figures, chosen.together
    gone = {cell for cell, name in names.items() if name in hidden}
    shown = without_hidden(figures, gone | together.single, rules)
    withheld = background.lost | background.unsaid
    lost = {cell for cell, name in names.items() if name in withheld}
    shown = with_withheld(shown, figures, lost | together.single)
    view = seen_from_outside(shown, names, view_of(system, hidden, rules, background), background)
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
    found = Published(Held(shown), audience, rules, certificate, released, key=_KEY)
    if not rules.round_to:
        return found
    return replace(found, source=Held(rounded(shown, rules)), exact=found)


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
    return Published(Held(held["figures"]), held["audience"], rules, certificate, key=_KEY)


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
    return Published(Held(rows), first.audience, first.policy, key=_KEY)
