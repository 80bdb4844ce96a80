"""Print the page to a tagged PDF by the machine's own browser, where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from iro_analysis.runner import private

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
         "msedge", "microsoft-edge")  # fmt: skip
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe",
            "Chromium/Application/chrome.exe")  # fmt: skip
_MAC = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge")  # fmt: skip
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--no-first-run", "--no-default-browser-check")  # fmt: skip
_PATIENCE = 180  # seconds
NONE_HERE = (
    "no PDF was made: neither Chromium, Chrome nor Edge was found on this machine; open "
    "report.html in any browser and print it"
)
FAILED = "no PDF was made: the browser did not print ({why}); open report.html and print it"


def browser() -> str | None:
    """Return the path of a browser that prints without a window, or None where there is none.

    ``IRO_BROWSER`` names one that is elsewhere.
    """
    if named := os.environ.get("IRO_BROWSER"):
        return shutil.which(named)
    if on_path := next((path for name in NAMES if (path := shutil.which(name))), None):
        return on_path
    programs = [os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)",
                                                  "LocalAppData")]  # fmt: skip
    places = [Path(folder) / tail for folder in programs if folder for tail in _WINDOWS]
    return next((str(p) for p in [*places, *map(Path, _MAC)] if p.is_file()), None)


def to_pdf(page: Path, target: Path) -> str:
    """Print a page to a tagged PDF with an outline.

    Parameters
    ----------
    page : Path
        An HTML file.
    target : Path
        The PDF to write.

    Returns
    -------
    str
        Empty where it was written; else one line that says why not.
    """
    program = browser()
    if program is None:
        return NONE_HERE
    # A profile of its own: a browser that the user has open is left alone, and so are other runs.
    with private.folder("print") as profile:
        command = [
            program,
            *FLAGS,
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={target.resolve()}",
            page.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return FAILED.format(why=f"not done after {_PATIENCE} seconds")
        except OSError as problem:
            return FAILED.format(why=problem.strerror)
    if target.is_file() and target.read_bytes()[:4] == b"%PDF":
        return ""
    target.unlink(missing_ok=True)
    return FAILED.format(why=f"exit status {done.returncode}")
