"""A finding: one heading that states it, and the sentences that support it."""

from __future__ import annotations

from dataclasses import dataclass

from iro_analysis.disclosure.publish import Published
from iro_analysis.tables import named
from iro_analysis.wording import in_html, in_markdown


@dataclass(frozen=True)
class Finding:
    """What published figures say.

    Attributes
    ----------
    heading : str
        The finding in one short sentence, without a full stop; also the title of its chart.
    sentences : tuple of str
        Complete sentences.
    brief : tuple of str
        Those that stand in a summary; the first three where none are given.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """Heading and paragraph of a page."""
        words = f"<p>{in_html(' '.join(self.sentences))}</p>" if self.sentences else ""
        return f"<h3>{in_html(self.heading)}</h3>{words}"

    def _repr_markdown_(self) -> str:
        lines = [f"### {in_markdown(self.heading)}", ""]
        if self.sentences:
            lines.append(in_markdown(" ".join(self.sentences)))
        return "\n".join(lines)

    @property
    def short(self) -> str:
        """The sentences for a summary."""
        return " ".join(self.brief or self.sentences[:3])

    @property
    def text(self) -> str:
        """Heading and sentences as running text."""
        return " ".join([f"{self.heading}.", *self.sentences])


def unavailable(published: Published) -> Finding:
    """Return the finding of a measure that has no figure: its title and the reason."""
    return Finding(f"{named(published)}: not available", (f"The reason: {published.reason}.",))


def hidden_whole(published: Published) -> Finding:
    """Return the finding of a figure that may not be published."""
    reason = "it is small, or would give a small number away"
    if len(published.figures) > 1:
        reason = "they are small, or would give small numbers away"
    return Finding(f"{named(published)}: not shown", (f"Not published: {reason}.",))
