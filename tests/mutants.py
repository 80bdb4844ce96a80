"""Run a room's tests against one-line changes to its code (`make mutants`).

pytest collects once. Every change then gets a forked process in which the changed function takes
the place of the original, and the tests that call this function run, the fastest first. A library
that starts pytest for each change needs days for the same. Times are processor time, so that a busy
machine changes no verdict.
"""

from __future__ import annotations

import os

if __name__ == "__main__":
    # hypothesis draws the same examples each time and keeps none where CI is set.
    os.environ.update(OPENBLAS_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1", CI="true")

import argparse
import ast
import functools
import gc
import pickle
import random
import re
import signal
import sys
import tempfile
import time
import tomllib
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import builders
import code_changes
import conftest
import pytest
from _pytest.runner import runtestprotocol
from code_changes import Change

from iro_analysis.cohorts.record import CareRecord

SURVIVORS = Path(__file__).with_name("survivors.toml")
TOGETHER = ("cohorts", "indicators")  # the tests of each are tests of the other
SECONDS = 8.0  # of tests for one change
LONGEST_TEST = 0.4  # of these seconds; a longer one is not run
# What indicators ask of a record and cannot change.
OF_COHORTS = frozenset({"on", "started", "ceased", "during", "continuously", "families"})
OF_REVIEWS = ("_known", "reviews_held", "reviews_required", "reviews_of_short_breaks")
# What these modules keep in a cache cannot depend on the rooms, unless it is changed itself.
BELOW = (
    "codes", "contracts", "catalogue", "comparators", "periods", "working_days", "estimates",
    "reading", "rounding", "packing",
)  # fmt: skip
FOLDERS = {
    "demo": conftest.PROJECT / "data" / "demo",
    "sample": conftest.SHARED / "data" / "ssda903_sample",
}
KILLED, SURVIVED, NO_TEST, NOT_RUN = "killed", "survived", "no test", "not run"
NO_RESULT = "no end or no result"


@dataclass(frozen=True)
class Seen:
    """What one run of a test showed: which code it calls and how long it takes."""

    item: pytest.Item
    calls: frozenset[tuple[str, str]]  # module and function
    seconds: float


def reviewed() -> list[dict[str, str]]:
    """Return the reviewed survivors: the change, its verdict, and why it survives."""
    return tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))["survivor"]


def _in_a_fork(work: Callable[[], object], seconds: float) -> object:
    """Return what `work` returns in a forked process, or None where it takes too long.

    A process that sleeps uses no processor time: it has ten times as long by the clock.
    """
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 20 * seconds)
        try:
            with os.fdopen(writes, "wb") as stream:
                stream.write(pickle.dumps(work()))
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said else None


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=following)
    return all(not report.failed for report in reports)


def _forget(changed: frozenset[str] = frozenset()) -> None:
    """Empty every cache that can depend on the rooms that are changed."""
    kept = tuple(f"iro_analysis.{name}" for name in BELOW if name not in changed)
    for found in gc.get_objects():
        cached = isinstance(found, functools._lru_cache_wrapper)
        if cached and not str(found.__module__).startswith(kept):
            found.cache_clear()


def _remember_readings() -> None:
    """Read each small return once: how it is read cannot depend on the rooms."""
    read, known = builders.read_authority, {}

    def read_once(folder: Path, *given: object) -> list:
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        key = (given, *((path.relative_to(folder), path.read_bytes()) for path in files))
        if key not in known:
            known[key] = read(folder, *given)
        return known[key]

    builders.read_authority = read_once


class _Shared(dict):
    """What a record worked out; what is of cohorts is kept for the next record of the authority."""

    def __init__(self, kept: dict) -> None:
        super().__init__(kept)
        self.kept = kept

    def __setitem__(self, key: tuple, value: object) -> None:
        super().__setitem__(key, value)
        if key[0] in OF_COHORTS:
            self.kept[key] = value


def _remember_records() -> None:
    """Chain each return once: what cohorts make of it cannot depend on indicators."""
    build, known = CareRecord.of.__func__, {}

    def build_once(cls: type[CareRecord], authority: object) -> CareRecord:
        if id(authority) not in known:
            known[id(authority)] = (authority, build(cls, authority), {})
        _, made, kept = known[id(authority)]
        found = CareRecord(made.authority, made.episodes, made.periods_of_care, made.placements)
        for name in OF_REVIEWS if "reviews" in authority.tables else ():
            vars(found)[name] = getattr(made, name)
        vars(found)["_worked_out"] = _Shared(kept)
        return found

    CareRecord.of = classmethod(build_once)


def _too_long(*_: object) -> None:
    raise TimeoutError


def _observe(items: list[pytest.Item], changed: frozenset[str], longest: float) -> list[Seen]:
    """Run every test once and note which functions it calls and how long it takes.

    What the first test of a file makes for the others too counts for all tests of the file.
    """
    calls: set[tuple[str, str]] = set()
    restored = []
    for module in code_changes.modules():
        for function, new in _replacements(module, code_changes.observed(module)):
            restored.append((function, function.__code__))
            function.__code__ = new.__code__
            function.__globals__[code_changes.NOTE] = calls.add
    shown, made = [], {}
    signal.signal(signal.SIGPROF, _too_long)
    for item, following in zip(items, [*items[1:], None], strict=True):
        _forget(changed)
        calls.clear()
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, longest)
        passes = _passes(item, following)
        signal.setitimer(signal.ITIMER_PROF, 0)
        made.setdefault(item.path, frozenset(calls))
        if passes:
            shown.append((item, frozenset(calls), time.process_time() - begun))
    for function, code in restored:
        function.__code__ = code
    _forget(changed)
    gc.collect()
    gc.freeze()
    return [
        Seen(item, called | made[item.path], seconds)
        for item, called, seconds in shown
        if seconds < longest
    ]


def _functions(holder: object, module: str) -> dict[str, types.FunctionType]:
    """Return the functions and methods that a module or class defines, by qualified name."""
    found: dict[str, types.FunctionType] = {}
    for value in list(vars(holder).values()):
        for part in (value, *(getattr(value, n, None) for n in ("__wrapped__", "func", "fget"))):
            if isinstance(part, types.FunctionType) and part.__module__ == module:
                found[part.__qualname__] = part
        if isinstance(value, type) and value.__module__ == module and value is not holder:
            found |= _functions(value, module)
    return found


def _name(module: str) -> str:
    return "iro_analysis." + module.replace("/", ".")


def _executed(module: str, tree: ast.Module) -> types.ModuleType:
    """Execute another version of a module, which nothing imports."""
    original = import_module(_name(module))
    other = types.ModuleType(original.__name__)
    other.__file__ = original.__file__
    other.__dict__[code_changes.NOTE] = lambda _: None
    exec(compile(tree, str(original.__file__), "exec", dont_inherit=True), other.__dict__)
    return other


def _replacements(
    module: str, tree: ast.Module
) -> Iterator[tuple[types.FunctionType, types.FunctionType]]:
    """Yield each function of a module with its counterpart in another version of the module."""
    new = _functions(_executed(module, tree), _name(module))
    for qualified, function in _functions(import_module(_name(module)), _name(module)).items():
        if qualified in new and not function.__closure__:
            yield function, new[qualified]


def apply(change: Change) -> bool:
    """Put a change in place of the code that is running; return whether that was possible."""
    tree = code_changes.changed(change)
    replaced = False
    for function, new in _replacements(change.module, tree):
        if f"{change.function}.".startswith(f"{function.__qualname__}."):  # or a function within
            function.__code__ = new.__code__
            function.__defaults__ = new.__defaults__
            function.__kwdefaults__ = new.__kwdefaults__
            replaced = True
    if change.function == "module":
        original = import_module(_name(change.module))
        for constant, value in vars(_executed(change.module, tree)).items():
            before = getattr(original, constant, None)
            if constant.startswith("__") or callable(value) or before is None:
                continue
            if isinstance(value, types.ModuleType) or before is value:
                continue
            for module in [m for n, m in sys.modules.items() if n.startswith("iro_analysis")]:
                if getattr(module, constant, None) is before:
                    setattr(module, constant, value)
                    replaced = True
    return replaced


def _judge(change: Change, tests: list[Seen], seconds: float) -> tuple[str, str]:
    """Run the tests of one change until one fails: what came of it, and by which test."""
    if not apply(change):
        return NOT_RUN, ""
    items = [test.item for test in tests]
    until = time.process_time() + seconds
    for item, following in zip(items, [*items[1:], None], strict=True):
        if not _passes(item, following):
            return KILLED, item.nodeid
        if time.process_time() > until:
            return SURVIVED, "in the time given: more tests call it"
    return SURVIVED, ""


def _related(change: Change, seen: list[Seen], kills: Counter) -> list[Seen]:
    """Return the tests that call the changed function: those that killed most, then the fastest."""
    found = [
        test
        for test in seen
        if (change.module, change.function) in test.calls
        or (change.function == "module" and change.module in {module for module, _ in test.calls})
    ]
    return sorted(found, key=lambda test: (-kills[test.item.nodeid], test.seconds))


def _room(change: Change) -> str:
    return change.module.partition("/")[0]


def _tests_of(rooms: set[str]) -> list[str]:
    """Return the folders of the tests of some rooms."""
    wanted = rooms | {*TOGETHER} if rooms & {*TOGETHER} else rooms
    found = [room for room in code_changes.ROOMS if room in wanted]
    return [str(Path(__file__).with_name(room)) for room in found]


class Runner:
    """The pytest plugin that runs changes in place of tests."""

    def __init__(self, changes: list[Change], seconds: float) -> None:
        self.changes = changes
        self.seconds = seconds
        self.verdicts: dict[str, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if not _is_left_out(item)]
        _remember_readings()
        if all(change.module.startswith("indicators") for change in self.changes):
            _remember_records()
        asked = {name for item in items for name in getattr(item, "fixturenames", ())}
        for fixture, folder in FOLDERS.items():
            if fixture in asked and folder.is_dir():
                builders.shared_record(folder)
        rooms = frozenset(map(_room, self.changes))
        seen = _observe(items, rooms, LONGEST_TEST * self.seconds)
        _say(f"{len(seen)} of {len(session.items)} tests, {len(self.changes)} changes")
        kills: dict[str, Counter] = defaultdict(Counter)
        for change in self.changes:
            begun, before = _processor_seconds(), kills[change.function]
            tests = _related(change, seen, before)
            judge = functools.partial(_judge, change, tests, self.seconds)
            found = _in_a_fork(judge, 2 * self.seconds)
            verdict, by = (KILLED, NO_RESULT) if found is None else found
            before[by] += 1
            if not tests and verdict != NOT_RUN:
                verdict = NO_TEST
            self.verdicts[change.name] = verdict
            _say(f"{verdict} {_processor_seconds() - begun:.1f}s {change.name} [{by}]")
        return True


def _processor_seconds() -> float:
    """Return the processor time of this process and of those that it forked."""
    return sum(os.times()[:4])


def _is_left_out(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("slow")) or "year_report" in getattr(
        item, "fixturenames", ()
    )


def _say(line: str) -> None:
    print(line.replace("\n", " "), file=sys.__stdout__, flush=True)


def _killed(printed: list[Path]) -> set[str]:
    """Return the changes that earlier runs say they killed by a test."""
    lines = (line for path in printed for line in path.read_text(encoding="utf-8").splitlines())
    found = (re.fullmatch(rf"{KILLED} [\d.]+s (.+) \[(.+)\]", line) for line in lines)
    return {each[1] for each in found if each and each[2] != NO_RESULT}


def _summarise(changes: list[Change], verdicts: dict[str, str]) -> None:
    """Print the share killed in each module; reviewed survivors that change no figure aside."""
    harmless = {row["change"] for row in reviewed() if row["verdict"] != "to do"}
    _say(
        f"\n{'module':40} {'changes':>8} {'killed':>8} {'no figure':>10} {'alive':>8} {'killed':>7}"
    )
    totals: Counter = Counter()
    for module in [*sorted({change.module for change in changes}), "all"]:
        counts: Counter = Counter()
        for change in changes:
            if change.module == module and change.name in verdicts:
                verdict = verdicts[change.name]
                alive = "no figure" if change.name in harmless else "alive"
                counts[verdict if verdict in (KILLED, NOT_RUN) else alive] += 1
        totals += counts
        counts = totals if module == "all" else counts
        judged = counts[KILLED] + counts["alive"]
        share = f"{counts[KILLED] / judged:.0%}" if judged else "-"
        _say(
            f"{module:40} {counts.total():8} {counts[KILLED]:8} {counts['no figure']:10}"
            f" {counts['alive']:8} {share:>7}"
        )
    if totals[NOT_RUN]:
        _say(f"{totals[NOT_RUN]} changes to values that are made at import were not run.")


def main() -> int:
    """Run the changes of some modules, or a sample of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="cohorts/reviews; cohorts; by default all")
    parser.add_argument("--tests", nargs="*", help="files or folders; by default the room's own")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of tests for one change")
    parser.add_argument("--sample", type=int, help="only so many changes, drawn at random")
    parser.add_argument("--change", action="append", help="a change by its name")
    parser.add_argument(
        "--after",
        nargs="*",
        default=[],
        type=Path,
        help="what earlier runs printed: changes killed there are not run again",
    )
    given = parser.parse_args()
    if missing := [
        name for name in given.tests or () if not Path(name.partition("::")[0]).exists()
    ]:
        parser.error(f"no such file or folder of tests: {', '.join(missing)}")
    wanted = tuple(given.modules)
    if given.change:
        wanted = tuple(name.partition(":")[0] for name in given.change)
    modules = [name for name in code_changes.modules() if name.startswith(wanted or "")]
    changes = [c for name in modules for c in code_changes.changes(name)]
    if given.change:
        changes = [c for c in changes if c.name in given.change]
    if given.after:
        killed = _killed(given.after)
        _say(f"{len(killed)} changes were killed in earlier runs")
        changes = [c for c in changes if c.name not in killed]
    if given.sample and given.sample < len(changes):
        drawn = set(random.Random(1).sample(range(len(changes)), given.sample))
        changes = [c for place, c in enumerate(changes) if place in drawn]
    runner = Runner(changes, given.seconds)
    tests = given.tests or _tests_of(set(map(_room, changes)))
    with tempfile.TemporaryDirectory() as folder:
        options = [
            "-qq",
            "--no-header",
            "--tb=line",
            "--assert=plain",
            "--capture=sys",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        place = ["--basetemp", str(Path(folder) / "tests")]
        pytest.main([*options, *place, *tests], plugins=[runner])
    _summarise(changes, runner.verdicts)
    alive = [c.name for c in changes if runner.verdicts.get(c.name) not in (KILLED, NOT_RUN)]
    known = {row["change"] for row in reviewed()}
    for name in alive:
        if name not in known:
            _say(f"not reviewed: {name}")
    return int(not set(alive) <= known)


if __name__ == "__main__":
    sys.exit(main())
