"""The command `iro`, run in this process: a process of its own takes seconds to load libraries."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
from pathlib import Path

from iro_analysis.cli import main


def iro(*words: object, cwd: Path | str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command from a folder and return its status and what it said, as a process would.

    That the command runs as a process, too, is tested where the whole of a run is:
    ``cli/test_command.py``, ``runner/test_report.py``, ``project/test_wheel.py``.
    """
    typed = [os.fspath(word) if isinstance(word, Path) else str(word) for word in words]
    said, complained = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
    ):
        try:
            status = main(typed)
        except SystemExit as ended:  # argparse: --help, or words that it refuses
            status = ended.code
    return subprocess.CompletedProcess(typed, status, said.getvalue(), complained.getvalue())
