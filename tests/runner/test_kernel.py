"""What a warm kernel has loaded before a notebook asks for it."""

from __future__ import annotations

import json
import subprocess
import sys

ASK = """
import json, sys
from iro_analysis.runner import kernel
kernel.load()
print(json.dumps([name for name in ("nbconvert.filters", "rfc3987_syntax") if name in sys.modules]))
"""


def test_words_are_set_without_the_grammars_of_addresses(project):
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=project, check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout) == ["nbconvert.filters"]
