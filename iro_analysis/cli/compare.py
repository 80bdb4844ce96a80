"""``iro compare``: print the figures that changed between two runs, and write a page of them."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from iro_analysis.errors import ParameterError

TYPE_CHECKING = False  # without typing, which `iro --help` would wait for
if TYPE_CHECKING:
    from iro_analysis.cli.command import Commands

SHOWN_AT_MOST = 20


def add_arguments(commands: Commands) -> None:
    """Add the command and its arguments to the parser."""
    one = commands.add_parser("compare", help="say which figures moved between two runs")
    one.add_argument("before", metavar="A", help="a period's folder of outputs, or a figures.csv")
    one.add_argument("after", nargs="?", metavar="B", help="another run of the same period")
    one.add_argument(
        "--since",
        choices=["last"],
        help="last: compare the report in A with the one that it replaced",
    )
    one.add_argument("--out", default="outputs", metavar="DIR", help="default: outputs")


def compare(given: Namespace) -> int:
    """Compare two runs; 1 where a figure moved."""
    from iro_analysis.reading.authority import slug
    from iro_analysis.runner import compare as comparing
    from iro_analysis.runner import compare_page, places

    if bool(given.after) == bool(given.since):
        raise ParameterError("compare: expected two runs, A and B, or one and --since last")
    after = comparing.read(Path(given.after or given.before))
    if given.since:
        before = comparing.replaced_by(Path(given.before))
        if before is None:
            print(f"{given.before}: it has replaced no report with other figures")
            return 0
    else:
        before = comparing.read(Path(given.before))
    found = comparing.moves(before, after)
    made = after.made.get("parameters", {})
    title = " ".join(filter(None, [made.get("authority"), made.get("period")])) or after.place.name
    out = Path(given.out)
    place = places.make_private(out / places.INTERNAL / places.COMPARED, out) / slug(title)
    compare_page.write(place, title, before, after, found)
    every = len({*before.rows, *after.rows})
    print(f"{title}: {len(found)} of {every} figures moved")
    for words in filter(None, comparing.reasons(before, after).values()):
        print(f"  {words}")
    for move in found[:SHOWN_AT_MOST]:
        name = " ".join(part for part in move.key[1:] if part != "all")
        print(f"  {name}: {move.before or 'none'} -> {move.after or 'none'} ({move.moved})")
    if len(found) > SHOWN_AT_MOST:
        print(f"  and {len(found) - SHOWN_AT_MOST} more")
    print(f"  {place / compare_page.PAGE}")
    return 1 if found else 0
