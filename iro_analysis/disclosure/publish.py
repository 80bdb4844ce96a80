"""The gate: only ``publish`` makes a ``Published``, and presentation takes nothing else.

What it released once may be carried to the processes that lay it out: ``seal`` and ``unseal``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.contracts import FIGURE_COLUMNS, FIGURE_NUMBERS
from iro_analysis.disclosure.cells import Cells, of_row, system_of
from iro_analysis.disclosure.policy import AUDIENCES, Policy, policy
from iro_analysis.disclosure.suppression import cells_to_hide
from iro_analysis.errors import DisclosureError, ParameterError, near_name
from iro_analysis.packing import packed, unpacked

_KEY = object()
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
    """

    figures: pd.DataFrame
    audience: str
    policy: Policy
    key: object = None

    def __post_init__(self) -> None:
        if self.key is not _KEY:
            raise DisclosureError("only disclosure.publish.publish makes published figures")

    def __repr__(self) -> str:
        shown = ", ".join(dict.fromkeys(self.figures["measure"]))
        return f"<{len(self.figures)} published figures for {self.audience}: {shown}>"

    def __iter__(self) -> Iterator:
        return self.figures.itertuples(index=False)

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
        entry = catalogue.measure(measure)
        rows = self.figures[self.figures["measure"] == measure]
        if breakdown is not None:
            if breakdown not in entry.breakdowns:
                raise ParameterError(
                    f"{measure} has no breakdown {breakdown!r}"
                    f"{near_name(breakdown, entry.breakdowns)}; "
                    f"it has {', '.join(entry.breakdowns)}"
                )
            rows = rows[rows["breakdown"] == breakdown]
        return Published(rows.reset_index(drop=True), self.audience, self.policy, _KEY)


def publish(figures: pd.DataFrame, audience: str) -> Published:
    """Return what of a report's figures an audience may see.

    For the committee, small counts are hidden with every figure made from them, and as many others
    as keep them from being worked out from the rest of the report. For internal use, nothing is.

    Parameters
    ----------
    figures : DataFrame
        All figures of the report at once: what is safe alone may not be safe beside another.
    audience : str
        ``committee`` or ``internal``.

    Raises
    ------
    DisclosureError
        If the audience is unknown, or a small number cannot be protected.
    """
    if audience not in AUDIENCES:
        raise DisclosureError(
            f"audience {audience!r} is not known{near_name(audience, AUDIENCES)}; "
            f"expected {' or '.join(AUDIENCES)}"
        )
    rules = policy()
    shown = figures[FIGURE_COLUMNS].copy()
    if audience == "internal":
        return Published(shown, audience, rules, _KEY)
    hidden = cells_to_hide(system_of(figures, rules), rules)
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
    # A percentage that is not given for too few pupils must not give their number away.
    unsaid = figures["status"].eq("not_available")
    shown.loc[unsaid, FIGURE_NUMBERS] = float("nan")
    return Published(shown, audience, rules, _KEY)


def _touches(row, cells: Cells, hidden: set[str]) -> bool:
    if row.measure == "gcse_trend":
        return any(cell.startswith((f"{row.group}|", "gcse_cohort|")) for cell in hidden)
    return any(cell in hidden for cell in [*cells.shown, *cells.behind])


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
    if held["policy"] != repr(policy()):
        raise DisclosureError(
            "the published figures were released under another disclosure policy; make them anew"
        )
    return Published(held["figures"], held["audience"], policy(), _KEY)
