"""The floor under a cold report: the same functions and page in one bare process, by stage.

``python benchmarks/floor.py`` makes the committee's 2019-20 of the demonstration without papermill,
kernels or a second process, and prints the processor seconds and the clock of each stage.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks" / "committee_report.ipynb"


class Stages:
    """What each stage took, from the end of the one before."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float]] = []
        self.last = 0.0, time.perf_counter()  # the start of Python counts as processor time too

    def ended(self, name: str) -> None:
        """Note that a stage is over."""
        now = time.process_time(), time.perf_counter()
        self.rows.append((name, now[0] - self.last[0], now[1] - self.last[1]))
        self.last = now

    def table(self) -> str:
        """Return the stages as a table, with their sum."""
        used, clock = (sum(row[place] for row in self.rows) for place in (1, 2))
        lines = [f"| {name} | {own:.2f} | {own / used:.0%} | {passed:.2f} |"
                 for name, own, passed in [*self.rows, ("all of it", used, clock)]]  # fmt: skip
        head = "| stage | processor seconds | of all | seconds |\n|---|--:|--:|--:|"
        return "\n".join([head, *lines])


def cells() -> list[str]:
    """Return what the notebook shows, an expression a cell."""
    held = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in held if cell["cell_type"] == "code" for line in cell["source"]]
    return [line.strip() for line in lines if line.startswith("report.")]


def main() -> None:
    """Make the report, and print the table."""
    stages = Stages()
    from iro_analysis import periods
    from iro_analysis.cohorts.record import CareRecord
    from iro_analysis.disclosure.contributors import children_behind
    from iro_analysis.disclosure.policy import policy_for
    from iro_analysis.disclosure.publish import publish
    from iro_analysis.exports.figures_workbook import write_figures_workbook
    from iro_analysis.indicators import evaluate
    from iro_analysis.reading.commentary import read_commentary
    from iro_analysis.runner import outputs, start
    from iro_analysis.study import Study, open_authority

    start.load()
    stages.ended("imports")
    authority, year = open_authority(str(ROOT / "data" / "demo")), periods.single("2019-20")
    stages.ended("read, check, join")
    record = CareRecord.of(authority)
    stages.ended("chain episodes")
    words = read_commentary(authority.home, authority.settings, year)
    figures = evaluate.FiguresWhenAsked(record, year)
    whole = figures.whole
    stages.ended("all measures")
    behind = children_behind(record, year, whole)
    stages.ended("who stands behind counts")
    shown = publish(figures, "committee", (), behind, policy_for(authority.settings), {})
    stages.ended("what to hide, and its audit")
    study = Study(record, year, shown, words)
    study.comparisons()
    stages.ended("comparisons")
    report = study.report()
    page = "".join(eval(cell, {"report": report})._repr_html_() for cell in cells())
    stages.ended("the page's cells and charts")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "page.html").write_text(page, encoding="utf-8")
        outputs.write_figures(shown.figures, folder / "figures.csv")
        outputs.write_comparisons(study.comparisons(), folder / "comparisons.csv")
        stages.ended("page, figures and comparisons written")
        write_figures_workbook(study, folder / "figures.xlsx")
        stages.ended("the workbook")
    print(stages.table())


if __name__ == "__main__":
    main()
