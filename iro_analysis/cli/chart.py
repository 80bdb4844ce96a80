"""``iro chart``: save one measure's chart as PNG or SVG."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from iro_analysis.errors import ParameterError

TYPE_CHECKING = False  # without typing, which `iro --help` would wait for
if TYPE_CHECKING:
    from iro_analysis.cli.command import Commands
    from iro_analysis.study import Study


def add_arguments(commands: Commands) -> None:
    """Add the command and its arguments to the parser."""
    one = commands.add_parser(
        "chart",
        help="write one measure's chart as PNG or SVG",
        description="Write one measure's chart as PNG or SVG. For the committee it shows what the "
        "report of the period in --out shows: it is refused where the data give other figures "
        "now, and a line says so where there is no report yet.",
    )
    one.add_argument("measure", metavar="MEASURE", help="its name; see iro measures")
    one.add_argument("--period", required=True, metavar="PERIOD", help="2019-20, for example")
    one.add_argument(
        "--by", default="all", metavar="BREAKDOWN", help="default: all, over the periods held"
    )
    one.add_argument("--data", default="data/demo", metavar="DIR", help="default: data/demo")
    one.add_argument(
        "--audience",
        default="committee",
        choices=["committee", "internal"],
        help="internal: nothing hidden, not for publication",
    )
    one.add_argument(
        "--out",
        default="outputs",
        metavar="DIR",
        help="the folder of all outputs, whose ledger says what was published before",
    )
    one.add_argument(
        "--file",
        metavar="FILE",
        help="the picture, ending in .png or .svg (default: MEASURE.png here)",
    )


def chart(given: Namespace) -> int:
    """Write the picture, from the figures that the audience may see."""
    from iro_analysis.charts import Chart
    from iro_analysis.disclosure.policy import INTERNAL
    from iro_analysis.exports.pictures import source_of, write_chart
    from iro_analysis.periods import single
    from iro_analysis.runner.pages import MARK
    from iro_analysis.runner.prepare import study_of

    study = study_of(given.data, single(given.period), given.audience, Path(given.out))
    if given.audience != INTERNAL:
        _hold_to_report(study, given)
    shown = study.show(given.measure, given.by)
    pieces = [piece for piece in _pieces(shown) if isinstance(piece, Chart)]
    if not pieces or pieces[0].drawing is None:
        raise ParameterError(
            f"{given.measure} by {given.by} has no chart for {given.period}: it is not available, "
            f"hidden, or shown as a table; expected another breakdown (iro measures "
            f"{given.measure})"
        )
    by = "" if given.by == "all" else f"-{given.by}"
    path = Path(given.file or f"{given.measure}{by}.png")
    mark = MARK if given.audience == INTERNAL else ""
    write_chart(pieces[0], path, source_of(study, given.measure, given.by, pieces[0]), mark)
    print(path)
    if given.audience != INTERNAL and study.period.name not in {e.period for e in study.earlier}:
        print(
            f"iro: no committee report of {study.period.name} is in {given.out}, so no later "
            "report knows what this picture shows; make the report before it is published",
            file=sys.stderr,
        )
    return 0


def _hold_to_report(study: Study, given: Namespace) -> None:
    """Refuse a picture for publication that says something else than the report of its period."""
    from iro_analysis.runner import earlier, outputs
    from iro_analysis.runner.places import Places

    report = Places(Path(given.out), study.authority.folder).published(study.period)
    figures = outputs.figures_text(study.everything.figures)
    if earlier.contradicts(report, figures, given.measure):
        raise ParameterError(
            f"{given.measure}: {report / earlier.FIGURES} shows other figures than the data give "
            f"now, so this picture would show what no report released; make the report of "
            f"{study.period.name} again first (iro report); nothing was written"
        )


def _pieces(shown: object) -> list:
    return [*getattr(shown, "pieces", ()), *filter(None, [getattr(shown, "trend", None)])]
