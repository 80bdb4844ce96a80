"""Where the tests find what lies beside the project."""

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from iro_analysis.reading.authority import MARK
from iro_analysis.runner import printing, workers
from iro_analysis.runner import run as runs
from iro_analysis.runner.places import Places
from iro_analysis.study import Study

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"

# The first call of an estimate imports what it needs, which no deadline should count.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# The files that take longest, the longest first. With several processes (`make test`) one that
# began last would be waited for by all the others.
LONGEST_FIRST = [
    "project/test_docs_reports.py", "explore/test_jupyterlab.py", "runner/test_report.py",
    "project/test_project.py", "whole/test_awkward.py", "whole/test_small_and_odd.py",
    "disclosure/test_disclosure_orders.py", "report/test_report_measure.py",
    "project/test_wheel.py", "runner/test_stopped.py", "page/test_region_page.py",
    "exports/test_exports.py", "runner/test_cluster.py", "project/test_code_changes.py",
    "project/test_docs.py", "project/test_site.py", "explore/test_explore.py",
    "explore/test_panel.py", "page/test_page.py",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    rank = {PROJECT / "tests" / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts beside the project; a test that needs it skips where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with sample returns and test vectors is not there")
    return SHARED


@pytest.fixture(scope="session")
def sample(shared) -> Path:
    """A five-year return that was made elsewhere."""
    return shared / "data" / "ssda903_sample"


@pytest.fixture(scope="session")
def demo() -> Path:
    """The demonstration authority's folder."""
    return PROJECT / "data" / "demo"


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's root."""
    return PROJECT


@pytest.fixture(scope="session", autouse=True)
def _no_ledger_of_a_test_is_left(tmp_path_factory):
    """Forget the ledgers that tests began of the demonstration: each report would speak of them."""
    yield
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    for mark in (PROJECT / "data" / MARK / "data" / "demo").glob("ledger-*.json"):
        with contextlib.suppress(OSError):  # another process forgets them too
            if Path(json.loads(mark.read_text(encoding="utf-8"))["place"]).is_relative_to(place):
                mark.unlink()


ANALYSES = ["disproportionality", "age_profile", "placement_stability", "gcse_trends", "reviews"]


@pytest.fixture(scope="session")
def year_report(tmp_path_factory) -> Path:
    """The demonstration's year 2019-20 for the committee, every notebook; no test changes it.

    Made once by the command, for all tests of all processes.
    """
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    out, begun = place / "year_report", place / "year_report_begun"
    try:
        begun.mkdir()
    except FileExistsError:  # another process makes it
        until = time.monotonic() + 1800
        while not out.exists() and time.monotonic() < until:
            time.sleep(0.1)
        return out / "demo" / "2019-20"
    extra = [part for name in ANALYSES for part in ("--notebook", name)]
    draft = place / "year_report_draft"
    done = subprocess.run(
        [sys.executable, "-m", "iro_analysis", "report", "2019-20", "--out", draft, *extra,
         *(["--pdf"] if printing.browser() else [])],
        capture_output=True, text=True, encoding="utf-8", cwd=PROJECT, timeout=1800, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (draft / "said.txt").write_text(done.stdout, encoding="utf-8")
    ledger = Places(out, "demo").make_ledger()
    ledger.rmdir()
    Places(draft, "demo").ledger.rename(ledger)
    draft.rename(out)
    return out / "demo" / "2019-20"


_STUDIES: dict[tuple, Study] = {}
_WORKBOOKS: dict[int, bytes] = {}


@pytest.fixture
def figures_once():
    """Work out the same report of the same return once, for the tests of what is done with it.

    The same is the same bytes of the return, period, audience and earlier releases.
    """
    of_record, write = Study.of_record, runs.write_figures_workbook

    def study_of(record, period, audience, earlier=()):
        home = record.authority.home
        files = sorted(path for path in home.rglob("*") if path.is_file())
        given = [(str(path.relative_to(home)), path.read_bytes()) for path in files
                 if ".iro" not in path.relative_to(home).parts]  # fmt: skip
        known = json.dumps([release.plain() for release in earlier])
        key = (*given, period, audience, known)
        if key not in _STUDIES:
            _STUDIES[key] = of_record(record, period, audience, earlier)
        again = replace(_STUDIES[key], record=record, earlier=tuple(earlier))
        vars(again)["_compared"] = _STUDIES[key].comparisons()
        return again

    def write_again(study, path):
        name = id(study.everything)  # which _STUDIES keeps
        if name not in _WORKBOOKS:
            write(study, path)
            _WORKBOOKS[name] = path.read_bytes()
        path.write_bytes(_WORKBOOKS[name])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Study, "of_record", study_of)
        patch.setattr(runs, "write_figures_workbook", write_again)
        yield


@pytest.fixture(scope="module")
def one_maker():
    """Let one process make the pages of every command of a file that asks for no more than one.

    For commands that are run here (``typed.iro``) from one folder: each would begin a process of
    its own, and that one a server of kernels, which load what the ones before have loaded.
    """
    local, kept = workers.Local, []

    class Kept(workers.Local):
        def close(self):
            """Stay for the next command."""

        def stop(self):
            kept.clear()
            super().stop()

    def maker(jobs, pages=1):
        if jobs > 1:
            return local(jobs, pages)
        if not kept:
            kept.append(Kept(1))
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "Local", maker)
        yield
    for each in kept:
        local.close(each)
