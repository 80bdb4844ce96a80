"""What the command loads: for its help little, for its first message nothing of the analysis."""

from __future__ import annotations

import os
import subprocess
import sys

from builders import write_return
from conftest import PROJECT

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


def test_the_help_loads_little_beyond_what_reads_the_arguments():
    code = (
        "import sys\nfrom iro_analysis.cli import command\n"
        "try: command.main(['--help'])\n"
        "except SystemExit: print('loaded:', *sorted(sys.modules))"
    )
    # Isolated, without the site's packages: what these load at the start is not the command's.
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    loaded = set(done.stdout.rpartition("loaded:")[2].split())
    assert "argparse" in loaded
    assert not loaded & {"typing", "traceback", "signal", "inspect", "logging", "json", "pandas"}
