"""Say what the page lacks, what data are behind it, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD
from iro_analysis.disclosure.combining import LARGER_ONLY, WHOLE_ONLY
from iro_analysis.disclosure.publish import Published
from iro_analysis.reading.account import Account
from iro_analysis.reading.authority import NOT_GIVEN
from iro_analysis.rounding import printed
from iro_analysis.tables import HtmlTable, framed, named
from iro_analysis.wording import in_html, in_markdown


def gaps(everything: Published, section: str) -> HtmlTable:
    """Return what of a section has no figure, and why: one line per reason, nothing left unsaid.

    Parameters
    ----------
    everything : Published
    section : str
        As the catalogue names it.
    """
    by_reason: dict[str, list[str]] = {}
    for measure in catalogue.sections()[section]:
        for breakdown in measure.breakdowns:
            published = everything.select(measure.id, breakdown)
            if _says_nothing(measure, breakdown, published.reason):
                continue
            if breakdown != PERIOD and published.reason:
                name = named(published)
                elsewhere = published.reason in (LARGER_ONLY, WHOLE_ONLY)
                if elsewhere and ", by " not in name:  # the whole is there
                    title = codes.record("breakdowns")[breakdown]["title"]
                    name = f"{name}, by {title[0].lower()}{title[1:]}"
                by_reason.setdefault(published.reason, []).append(name)
    lines = [
        f'<p class="note">Not available: {in_html("; ".join(dict.fromkeys(names)))}. '
        f"The reason: {in_html(reason)}.</p>"
        for reason, names in by_reason.items()
    ]
    return HtmlTable("".join(lines))


def _says_nothing(measure: catalogue.Measure, breakdown: str, reason: str) -> bool:
    """Whether a figure is absent only because an optional list, or a column of one, is."""
    only_if_given = measure.optional or any(
        need.startswith("list:") and "." in need for need in measure.needs.get(breakdown, ())
    )
    return only_if_given and reason.endswith(NOT_GIVEN)


def data_quality(account: Account, warning: str = "") -> HtmlTable:
    """Return the row account and the faults found, counts only.

    Parameters
    ----------
    account : Account
    warning : str, optional
        What the page must say first of the data.
    """
    totals = account.totals()
    aside = printed(totals["set_aside"]) if totals["set_aside"] else "none"
    verb = "was" if totals["set_aside"] == 1 else "were"
    twice = "stands twice" if totals["repeated"] <= 1 else "stand twice"
    lines = [
        f"{printed(totals['read'])} rows were read: {printed(totals['used'])} were used, and "
        f"{aside} {verb} set aside as unusable. Of those used, {printed(totals['replaced'])} "
        "stand again in a later year's return, and only the later row counts; "
        f"{printed(totals['repeated']) if totals['repeated'] else 'none'} {twice} in one return."
    ]
    if warning:
        lines.insert(0, f"{warning}.")
    lines += [f"{line}." for line in account.unusable]
    found = account.summary()
    found = found[found["severity"] != "note"]
    if found.empty:
        if not warning and not account.unusable:
            lines.append("No fault was found that could change a figure.")
        return HtmlTable("".join(f"<p>{in_html(line)}</p>" for line in lines))
    rows = [
        "<tr>"
        f'<th scope="row">{in_html(row.message)}</th><td>{in_html(row.severity)}</td>'
        f'<td class="number">{printed(row.count)}</td><td>{in_html(row.effect)}</td></tr>'
        for row in found.itertuples(index=False)
    ]
    table = framed(
        "Faults found in the inputs, by kind",
        ["Fault", "What was done", "Rows", "Effect"],
        rows,
        ["The full list, row by row, is with the authority's analyst."],
        numbers=frozenset([2]),
    )
    return HtmlTable("".join(f"<p>{in_html(line)}</p>" for line in lines) + table)


@dataclass(frozen=True)
class Provenance:
    """One line on where a page came from."""

    text: str

    def _repr_markdown_(self) -> str:
        return in_markdown(self.text)


def provenance(published: Published, version: str, returns: str) -> Provenance:
    """Return the line on policy, version and returns that stands at the end of a page."""
    audience = (
        "For the committee and the public: small numbers are hidden."
        if published.audience == "committee"
        else "For internal use: nothing is hidden."
    )
    checked = f" {published.certificate.line}" if published.certificate else ""
    return Provenance(
        f"Made by iro_analysis {version} from the SSDA903 returns {returns}. {audience}{checked}"
    )
