"""Parse the arguments of ``iro``, and turn what came of a command into its exit code.

Exit status: 0 done; 1 done, but something given could not be used or a notebook failed; 2 refused;
3 a fault in the program itself.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path

from iro_analysis import __version__
from iro_analysis.cli import chart, compare
from iro_analysis.errors import AnalysisError

FAULT = 3
# What is loaded here makes every `iro --help` wait. Type checkers know this name without typing.
TYPE_CHECKING = False

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="iro", description="Reports on children looked after, from the SSDA903 return."
    )
    top.add_argument("--version", action="version", version=f"iro_analysis {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _report(commands)
    _check(commands)
    _demo(commands)
    _init(commands)
    _audit(commands)
    _measures(commands)
    _new(commands)
    _reference(commands)
    chart.add_arguments(commands)
    compare.add_arguments(commands)
    return top


def _report(commands: Commands) -> None:
    one = commands.add_parser("report", help="make the report of one or more periods")
    one.add_argument(
        "periods",
        nargs="+",
        metavar="PERIOD",
        help="2019-20, 2019-20-H1, 2019-20-Q3, 2022-08-01:2023-01-31 or 2016-17..2019-20",
    )
    one.add_argument(
        "--data",
        action="append",
        metavar="DIR",
        help="an authority's folder, or a folder of them; may be repeated (default: data/demo)",
    )
    one.add_argument("--out", default="outputs", metavar="DIR", help="default: outputs")
    one.add_argument(
        "--ledger",
        metavar="DIR",
        help="the folder of the ledgers, which know what was released (default: .iro/ledger beside "
        "the folder of outputs); two folders of outputs of the same data need the same",
    )
    one.add_argument(
        "--audience",
        default="committee",
        choices=["committee", "internal"],
        help="internal: nothing is hidden, not for publication",
    )
    one.add_argument(
        "--notebook",
        action="append",
        default=[],
        metavar="NAME",
        help="an analysis notebook to run as well; may be repeated",
    )
    one.add_argument("--jobs", type=int, default=1, metavar="N", help="pages made at a time (1)")
    one.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="have the pages made by dask workers: a scheduler's address, or local for a cluster "
        "of --jobs workers on this machine",
    )
    one.add_argument(
        "--log",
        metavar="FILE",
        help="add what was done to a file: times, reports, exit status; no child's data",
    )
    one.add_argument(
        "--pdf",
        action="store_true",
        help="print the report to report.pdf as well, by Chromium, Chrome or Edge",
    )
    one.add_argument(
        "--docx", action="store_true", help="write the report as a Word document as well"
    )
    one.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a notebook's own parameter",
    )


def _check(commands: Commands) -> None:
    one = commands.add_parser("check", help="say what is wrong with the inputs, row by row")
    one.add_argument("folder", nargs="?", default="data/demo", metavar="DIR")
    one.add_argument(
        "--out", default="outputs", metavar="DIR", help="where the full list goes (outputs)"
    )
    one.add_argument(
        "--rules",
        action="store_true",
        help="print what is refused, what is repaired and what is reported, and read nothing",
    )
    one.add_argument(
        "--lists",
        action="store_true",
        help="print the columns and allowed words of every local list, and read nothing",
    )
    one.add_argument(
        "--contract",
        action="store_true",
        help="print what each module must hold, with its codes, and read nothing",
    )


def _demo(commands: Commands) -> None:
    one = commands.add_parser("demo", help="write a synthetic return: no real child")
    one.add_argument("folder", metavar="DIR")
    one.add_argument("--seed", type=int, default=903, metavar="N")
    one.add_argument(
        "--children",
        type=int,
        default=None,
        metavar="N",
        help="looked after on 31 March 2020, or the last 31 March asked for (default: 328)",
    )
    one.add_argument(
        "--authorities", type=int, default=1, metavar="N", help="made-up authorities (1)"
    )
    one.add_argument(
        "--authority",
        action="append",
        default=[],
        metavar="NAME",
        help="a real authority, by name or ONS code, whose populations and comparators are used; "
        "may be repeated",
    )
    one.add_argument(
        "--from", dest="begins", metavar="PERIOD", help="first return (default: 2016-17)"
    )
    one.add_argument(
        "--to",
        dest="ends",
        metavar="PERIOD",
        help="last return, or its part so far, as 2026-27-Q2 (default: to January 2023)",
    )


def _init(commands: Commands) -> None:
    one = commands.add_parser("init", help="write an authority's folder, ready for its data")
    one.add_argument("folder", metavar="FOLDER")
    one.add_argument(
        "--authority", metavar="NAME", help="its name or ONS code; asked for where not given"
    )
    one.add_argument(
        "--period",
        metavar="PERIOD",
        help="of the commentary whose headings are written (default: the last whole year)",
    )


def _audit(commands: Commands) -> None:
    one = commands.add_parser("audit", help="proof-read the figures of a printed report")
    one.add_argument(
        "file", metavar="FILE", help="a report (.md, .txt, .html) or a list of figures (.csv)"
    )
    one.add_argument(
        "--data", metavar="DIR", help="the authority's folder: its figures are recalculated"
    )
    one.add_argument(
        "--dfe", metavar="DIR", help="a folder of DfE's own files: comparators are looked up"
    )
    one.add_argument(
        "--period", metavar="PERIOD", help="the report's period (default: read from the report)"
    )
    one.add_argument("--out", default="outputs", metavar="DIR", help="default: outputs")


def _measures(commands: Commands) -> None:
    one = commands.add_parser("measures", help="list every measure with its definition")
    one.add_argument("name", nargs="?", metavar="NAME")
    one.add_argument(
        "--definitions",
        action="store_true",
        help="print the definitions of all measures as a document: docs/measures.md",
    )


def _new(commands: Commands) -> None:
    one = commands.add_parser(
        "new", help="write a new analysis notebook with the standard sections"
    )
    one.add_argument(
        "notebook",
        metavar="NOTEBOOK",
        help="its name; it goes into my_notebooks, which git ignores, unless a folder is given",
    )
    one.add_argument(
        "--from",
        dest="shipped",
        default="",
        metavar="NAME",
        help="a notebook to copy, as it is: explore, age_profile",
    )
    one.add_argument("--question", default="", metavar="TEXT", help="its title")
    one.add_argument(
        "--measure",
        default="looked_after",
        metavar="NAME",
        help="the measure it begins with (default: looked_after; see iro measures)",
    )
    one.add_argument("--data", default="data/demo", metavar="DIR", help="default: data/demo")


def _reference(commands: Commands) -> None:
    one = commands.add_parser(
        "reference", help="build the package's published figures from the files as downloaded"
    )
    actions = one.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="write the tables and say what changed in them")
    build.add_argument(
        "folder",
        metavar="FOLDER",
        help="DfE's tables, LAIT extract and neighbour workbooks, ONS's estimates and censuses",
    )
    build.add_argument(
        "--out",
        metavar="DIR",
        help="default: the package's own tables (iro_analysis/reference/comparators)",
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    gc.set_threshold(20_000)  # what a run drops is freed without; looking more often takes longer
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = parser().parse_args(arguments)
    given.messages = []
    status = _run(given)
    if getattr(given, "log", None):
        from iro_analysis.runner import log

        try:
            log.append(
                Path(given.log),
                status,
                sys.argv[1:] if arguments is None else arguments,
                given.messages,
            )
        except OSError as problem:
            print(f"iro: {given.log}: cannot be written ({problem.strerror})", file=sys.stderr)
            return max(status, 1)
    return status


def _run(given: argparse.Namespace) -> int:
    from iro_analysis.cli import check, commands, folders, stopping

    homes = (folders, compare, check, commands)
    home = next(home for home in homes if hasattr(home, given.command))
    try:
        with stopping.stoppable():
            return getattr(home, given.command)(given)
    except AnalysisError as problem:
        given.messages.extend(problem.lines)
        for line in problem.lines:
            print(f"iro: {line}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt as stopped:
        import signal

        message = "stopped; what was not finished is as it was before"
        given.messages.append(message)
        print(f"iro: {message}", file=sys.stderr)
        return 128 + getattr(stopped, "number", signal.SIGINT)
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as fault:
        from iro_analysis.cli import fault as faults

        if os.environ.get("IRO_TRACEBACK"):
            import traceback

            traceback.print_exc()
        given.messages.append(f"a fault in the program itself ({type(fault).__name__})")
        for line in faults.report(fault, given.command):
            print(f"iro: {line}", file=sys.stderr)
        return FAULT
