"""Convert an executed notebook to one HTML file that opens offline."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from iro_analysis.wording import INTERNAL_MARK, section_anchor

HIDDEN_TAGS = frozenset(["working", "parameters", "injected-parameters"])
TEMPLATE = "committee"
MARK = INTERNAL_MARK
_HEADING = re.compile(r"<h2([^>]*)>(.*?)</h2>", re.DOTALL)
_GIVEN = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """What a page says around the notebook.

    Attributes
    ----------
    title, authority, period, provenance : str
    mark : str
        Printed above everything; empty for the committee.
    synthetic : bool
    style : str
    """

    title: str
    authority: str
    period: str
    provenance: str
    mark: str
    synthetic: bool
    style: str


def style() -> str:
    """Return the style sheet of the committee's page."""
    folder = resources.files("iro_analysis").joinpath("templates", TEMPLATE)
    sheets = ("exhibits.css", "style.css")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in sheets)


def title_of(notebook: Any) -> str:
    """Return the first heading of a notebook; it becomes the page's title and ``h1``."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.splitlines()[0].removeprefix("# ").strip()
    return "Report"


def _without_title(notebook: Any) -> Any:
    import copy

    shown = copy.deepcopy(notebook)
    for cell in shown.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            cell.source = "\n".join(cell.source.splitlines()[1:]).strip()
            break
    shown.cells = [
        cell for cell in shown.cells if not HIDDEN_TAGS & set(cell.metadata.get("tags", []))
    ]
    return shown


def render(notebook: Any, page: Page) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.
    page : Page

    Returns
    -------
    str
        HTML: no code, no script, one ``h1``, a section for each ``h2``, a table of contents.
    """
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.TemplateExporter.exclude_input = True
    config.TemplateExporter.exclude_input_prompt = True
    config.TemplateExporter.exclude_output_prompt = True
    config.HTMLExporter.exclude_anchor_links = True
    templates = resources.files("iro_analysis").joinpath("templates")
    exporter = HTMLExporter(
        config=config, template_name=TEMPLATE, extra_template_basedirs=[str(templates)]
    )
    body, _ = exporter.from_notebook_node(
        _without_title(notebook), resources={"page": asdict(page)}
    )
    return _in_sections(body)


def _in_sections(body: str) -> str:
    """Wrap what follows each ``h2`` of the report in a section, and list them as contents."""
    start, end = body.index("<main"), body.index("</main>")
    opening = body.index(">", start) + 1
    content = body[opening:end]
    pieces = re.split(r"(?=<h2[ >])", content)
    sections, contents = [pieces[0]], []
    for piece in pieces[1:]:
        if (head := _HEADING.match(piece)) is None:
            raise ValueError(f"a heading of the page that is not closed: {piece[:60]}")
        given, heading = head.groups()
        heading, known = heading.strip(), dict(_GIVEN.findall(given))
        anchor = known.get("id") or section_anchor(html.unescape(re.sub(r"<[^>]+>", "", heading)))
        kind = f"part {known.get('data-kind', '')}".strip()
        contents.append(f'<li><a href="#{anchor}">{known.get("data-contents", heading)}</a></li>')
        rest = piece[head.end() :]
        sections.append(
            f'<section class="{kind}" aria-labelledby="{anchor}"><h2 id="{anchor}">{heading}</h2>'
            f"{rest}</section>"
        )
    listed = f"<ol>{''.join(contents)}</ol>"
    return body[:opening].replace("<!--contents-->", listed) + "".join(sections) + body[end:]


def alone(page: str, kind: str, title: str) -> str:
    """Return one kind of section of a page as a page of its own, to print; empty without one.

    Parameters
    ----------
    page : str
        As ``render`` returns it.
    kind : str
        The section's class: ``young-people`` or ``annex``.
    title : str
        The new page's heading.
    """
    found = re.search(rf'<section class="part {kind}".*?</section>', page, re.DOTALL)
    if found is None:
        return ""
    opening, end = page[: page.index("<main")], page[page.index("</main>") :]
    opening = re.sub(r"<nav .*?</nav>", "", opening, flags=re.DOTALL)
    opening = re.sub(r"<h1>.*?</h1>", f"<h1>{html.escape(title)}</h1>", opening, flags=re.DOTALL)
    opening = opening.replace("<body>", f'<body class="alone {kind}-alone">')
    folded = found[0].replace("<details", "<details open")
    return f'{opening}<main id="content" tabindex="-1">{folded}{end}'
