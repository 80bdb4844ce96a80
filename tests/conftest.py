"""Where the tests find what lies beside the project."""

from pathlib import Path

import pytest
from hypothesis import settings

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
