"""An analyst's day leaves the checkout clean: git sees nothing that was run, saved or written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import lab
import nbformat
import pytest

SHIPPED = ["explore", "age_profile"]


@pytest.fixture(scope="module")
def checkout(project, tmp_path_factory):
    """A checkout of notebooks and demonstration data, with the project's own rules for git."""
    if shutil.which("git") is None:
        pytest.skip("NO GIT: whether a day's work leaves the checkout clean was not looked at")
    root = lab.copy_of_project(project, tmp_path_factory.mktemp("checkout"))
    shutil.copy(project / ".gitignore", root)
    shutil.rmtree(root / "data" / ".iro", ignore_errors=True)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(
        root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "As shipped"
    )
    return root


def git(root, *words):
    done = subprocess.run(
        ["git", *words], cwd=root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return done.stdout


def run(root, *words):
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=root, capture_output=True, text=True,
        encoding="utf-8", check=False, stdin=subprocess.DEVNULL, timeout=900,
        env=os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.long
@pytest.mark.slow
def test_a_days_work_leaves_the_checkout_clean(checkout):
    """Issue a report, copy shipped notebooks, run them and save them with their outputs."""
    run(checkout, "iro_analysis", "report", "2018-19", "--audience", "internal")
    for name in SHIPPED:
        run(checkout, "iro_analysis", "new", f"my_{name}", "--from", name)
        mine = f"my_notebooks/my_{name}.ipynb"
        run(
            checkout,
            "papermill",
            mine,
            mine,
            "-p",
            "period",
            "2018-19",
            "-p",
            "audience",
            "internal",
        )
        saved = nbformat.read(checkout / mine, as_version=4)
        assert any(cell.get("outputs") for cell in saved.cells), "it was run and saved"
    assert (checkout / "outputs" / "internal" / "demo" / "2018-19" / "report.html").is_file()
    assert git(checkout, "status", "--porcelain") == ""


def test_git_would_see_a_shipped_notebook_that_was_changed(checkout):
    place = checkout / "notebooks" / "explore.ipynb"
    before = place.read_bytes()
    place.write_bytes(before + b"\n")
    try:
        assert git(checkout, "status", "--porcelain").split() == ["M", "notebooks/explore.ipynb"]
    finally:
        place.write_bytes(before)
