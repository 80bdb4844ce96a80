"""Make the panel's HTML: its style in both themes, the chart, download links."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis import charts, tables
from iro_analysis.charts import DARK, GREY, PLUM
from iro_analysis.explore import saving
from iro_analysis.wording import in_html

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

_ON_DARK = {DARK: "#7fb2e5", GREY: "#b5b5b5", PLUM: "#e08ab5"}  # contrast 3 to 1 or more on #111
_COPY = (
    "(async b=>{try{const r=await fetch(b.nextElementSibling.href);"
    "await navigator.clipboard.write([new ClipboardItem({'image/png':await r.blob()})]);"
    "b.textContent='Copied'}catch(e){b.textContent='Not copied: download it'}})(this)"
)


def style() -> str:
    """Return the panel's style; colours are the front end's, where it has a theme."""
    dark = "body[data-jp-theme-light='false'] .iro-view svg"
    paper = "var(--jp-layout-color0,#111)"
    rules = [
        ".iro-panel .widget-label,.iro-view{color:var(--jp-content-font-color1,#111)}",
        ".iro-panel .widget-html,.iro-panel .widget-html-content{min-width:0;max-width:100%}",
        ".iro-view{line-height:1.45}",
        ".iro-view h3{margin:.2em 0}.iro-view figure{margin:.5em 0}",
        ".iro-view svg{width:100%;max-width:32rem;height:auto}",
        ".iro-view .table-frame{overflow-x:auto}",
        ".iro-view table{border-collapse:collapse}",
        ".iro-view caption{text-align:left;font-weight:bold;padding:.3em 0}",
        ".iro-view tbody th{min-width:6rem}",
        ".iro-view thead th.number{white-space:normal}",
        ".iro-view td,.iro-view th{padding:.2em .6em;text-align:left;vertical-align:top;"
        "border-bottom:1px solid var(--jp-border-color2,#ddd)}",
        ".iro-view .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}",
        ".iro-view .note{font-size:.9em;margin:.3em 0}",
        ".iro-view a{color:var(--jp-content-link-color,#0b5394)}",
        ".iro-view .take>*{margin-right:1em}",
        ".iro-view .alert{border-left:4px solid #d4351c;padding-left:.6em}",
        f"{dark} text{{fill:var(--jp-content-font-color1,#fff)!important}}",
        f"{dark} [style*='fill: #ffffff']{{fill:{paper}!important}}",
        f"{dark} [style*='stroke: #ffffff']{{stroke:{paper}!important}}",
    ]
    for light, other in _ON_DARK.items():
        for what in ("fill", "stroke"):
            rules.append(f"{dark} [style*='{what}: {light.lower()}']{{{what}:{other}!important}}")
    return f"<style>{''.join(rules)}</style>"


def picture(chart: charts.Chart) -> str:
    """Return a chart with its caption; the table beside it is the panel's own."""
    said = f"{in_html(chart.caption)}. {in_html(chart.unit)}."
    return f'<figure class="chart"><figcaption>{said}</figcaption>{chart.with_tips}</figure>'


def inner(html: str) -> str:
    """Return HTML as part of the panel, in its style."""
    return f'<div class="iro-view">{html}</div>'


def alert(lines: Sequence[str]) -> str:
    """Return an error, which a screen reader says at once."""
    said = "".join(f"<p>{in_html(line)}</p>" for line in lines)
    return f'<div class="iro-view"><div class="alert" role="alert">{said}</div></div>'


def status(text: str) -> str:
    """Return what goes on, for screen readers too."""
    return f'<div class="iro-view"><p role="status">{in_html(text)}</p></div>'


def links(answer: Answer, chart: charts.Chart | tables.HtmlTable, name: str) -> str:
    """Return links that download picture and figures, and a button that copies the picture.

    They need no network and no file: the files are in the links. An internal session has none,
    because a browser's folder of downloads is no place for them.

    Parameters
    ----------
    answer : Answer
    chart : Chart or HtmlTable
        The answer's own, after it was shown: it is changed.
    name : str
        Of the files, without an ending.
    """
    with tempfile.TemporaryDirectory() as place:
        table = answer.save(Path(place, f"{name}.csv"))
        found = [_link(table, "text/csv", "Download table (CSV)")]
        if isinstance(chart, charts.Chart):
            drawn = Path(place, f"{name}.png")
            saving.draw(answer, chart, drawn)
            copied = f'<button type="button" onclick="{_COPY}">Copy picture</button>'
            found = [copied, _link(drawn, "image/png", "Download picture (PNG)"), *found]
    return inner(f'<p class="take">{"".join(found)}</p>')


def _link(file: Path, kind: str, words: str) -> str:
    data = base64.b64encode(file.read_bytes()).decode()
    return f'<a download="{in_html(file.name)}" href="data:{kind};base64,{data}">{words}</a>'
