"""What a report loads before it says what it read: nothing that only the analysis needs."""

from __future__ import annotations

import subprocess
import sys

from builders import write_return

# In the command's own process: at the first line about the return, print what is loaded, and end.
PROBE = """
import sys
from iro_analysis.cli import command, commands

def told(name, account, with_values):
    print(*sorted(sys.modules))
    sys.exit(5)

commands._print_account = told
command.main(["report", "2019-20", "--data", sys.argv[1], "--out", sys.argv[2]])
"""
ANALYSIS = {"cohorts", "indicators", "estimates", "disclosure", "comparisons", "charts", "study"}
HEAVY = {"scipy", "matplotlib", "seaborn", "statsmodels", "papermill", "nbconvert", "nbformat",
         "openpyxl", "docx"}  # fmt: skip


def test_a_return_is_read_and_accounted_for_before_the_analysis_is_loaded(tmp_path):
    data = write_return(tmp_path / "data", [{"CHILD": "SYN1", "DECOM": "01/05/2019"}])
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(data), str(tmp_path / "out")],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert done.returncode == 5, done.stderr
    assert "iro_analysis.reading.authority" in loaded
    assert not loaded & (HEAVY | {f"iro_analysis.{part}" for part in ANALYSIS})
