"""Where the tests find what lies beside the project."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings

from iro_analysis.runner import printing
from iro_analysis.runner.places import Places

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"

# The first call of an estimate imports what it needs, which no deadline should count.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


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
        until = time.monotonic() + 600
        while not out.exists() and time.monotonic() < until:
            time.sleep(0.1)
        return out / "demo" / "2019-20"
    extra = [part for name in ANALYSES for part in ("--notebook", name)]
    draft = place / "year_report_draft"
    done = subprocess.run(
        [sys.executable, "-m", "iro_analysis", "report", "2019-20", "--out", draft, *extra,
         *(["--pdf"] if printing.browser() else [])],
        capture_output=True, text=True, encoding="utf-8", cwd=PROJECT, timeout=600, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (draft / "said.txt").write_text(done.stdout, encoding="utf-8")
    ledger = Places(out, "demo").make_ledger()
    ledger.rmdir()
    Places(draft, "demo").ledger.rename(ledger)
    draft.rename(out)
    return out / "demo" / "2019-20"
