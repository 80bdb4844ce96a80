"""``iro demo`` and ``iro init``: write an authority's folder, synthetic or to be filled."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis import codes
from iro_analysis.errors import InputError, ParameterError
from iro_analysis.periods import Period, reporting_year, single

if TYPE_CHECKING:
    from iro_analysis.comparators.areas import Area
    from iro_analysis.demonstration.calendars import Span


def demo(given: Namespace) -> int:
    """Write a synthetic return, of a made-up authority or of one by name."""
    from iro_analysis.comparators import areas
    from iro_analysis.demonstration import new_folder, write_demonstration
    from iro_analysis.demonstration.writing import Named

    folder = Path(given.folder)
    _refuse_unless_empty(folder)
    if given.authorities < 1 or (given.children is not None and given.children < 1):
        raise ParameterError("--children and --authorities: expected 1 or more")
    if given.authority and given.authorities > 1:
        raise ParameterError(
            "--authorities makes up authorities and --authority names them: give one or the other"
        )
    time = _time(given.begins, given.ends)
    named = [areas.resolve(name) for name in given.authority]
    if len({area.code for area in named}) < len(named):
        raise ParameterError("--authority: the same authority is named twice")
    if not named:
        written = write_demonstration(
            folder, given.seed, given.children, given.authorities, time=time
        )
    written = written if not named else []
    for place, area in enumerate(named):
        own = folder if len(named) == 1 else folder / new_folder.folder_name(area)
        written += write_demonstration(
            own, given.seed + place, given.children, named=Named(area.name, area.code), time=time
        )
    for path in written:
        print(path)
    return 0


def _time(begins: str | None, ends: str | None) -> Span | None:
    """Return the time that two periods ask for; None where none is asked for."""
    from iro_analysis.demonstration.calendars import Span

    if begins is None and ends is None:
        return None
    usual = Span.of_demonstration()
    first = single(begins).start if begins else reporting_year(usual.first_return).start
    last = single(ends).end if ends else usual.last
    record = codes.record("return")
    opens, closes = reporting_year(record["first_year"]), reporting_year(record["last_year"])
    if first < opens.start or last > closes.end:
        raise ParameterError(
            f"--from and --to: returns from {opens.name} to {closes.name} are known; "
            f"asked for {first:%d/%m/%Y} to {last:%d/%m/%Y}"
        )
    if last < first:
        raise ParameterError(
            f"--from and --to: {first:%d/%m/%Y} to {last:%d/%m/%Y} ends before it begins; expected "
            "the first return and then the last"
        )
    return Span.between(first, last)


def init(given: Namespace) -> int:
    """Write the folder of an authority, ready to be filled."""
    from iro_analysis.comparators import lookup
    from iro_analysis.demonstration import new_folder

    area = _area(given.authority)
    period = _period(given.period)
    folder = Path(given.folder)
    _refuse_unless_empty(folder)
    similar = tuple(each.name for each in lookup.neighbours(area.code, period.end))
    new_folder.write_folder(folder, area, period.name, similar)
    print(folder)
    where = f"{area.name} ({area.code}), {area.part_of_region or area.region}"
    print(f"  {where}: see README.md in it for what to do next")
    return 0


def _period(text: str | None) -> Period:
    """Return the period of the commentary: as given, or the last whole year of returns known."""
    return single(text) if text else reporting_year(codes.record("return")["last_year"] - 1)


def _area(text: str | None) -> Area:
    """Return the authority that is meant; ask in the terminal where none is given."""
    from iro_analysis.comparators import areas

    if text:
        return areas.resolve(text)
    if not sys.stdin.isatty():
        raise ParameterError("--authority: expected a name or an ONS code, as in --authority Leeds")
    while True:
        answer = input("Which authority (name or ONS code)? ").strip()
        try:
            if answer:
                return areas.resolve(answer)
        except InputError as problem:
            print("\n".join(problem.lines))


def _refuse_unless_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: is not empty; give a new folder, so that nothing is lost")
