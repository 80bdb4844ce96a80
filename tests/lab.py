"""A JupyterLab of its own: its server started, notebooks opened, run and saved through it."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

SECONDS = 120  # a shared machine may be slow for minutes
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update"]  # fmt: skip


@dataclass(frozen=True)
class Lab:
    """A running server."""

    address: str
    token: str
    root: Path

    def ask(self, method: str, path: str, body: dict | None = None) -> dict:
        """Ask the server's own interface."""
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def set_theme(self, name: str) -> None:
        """Set the theme that pages opened from now on have: ``JupyterLab Dark``."""
        themes = f"{self.address}/lab/api/settings/@jupyterlab/apputils-extension:themes"
        body = json.dumps({"raw": json.dumps({"theme": name})}).encode()
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(themes, data=body, headers=headers, method="PUT")
        with urllib.request.urlopen(request, timeout=SECONDS):
            pass

    def run(self, path: str, replace: dict[str, str] | None = None) -> dict:
        """Open a notebook, run it from the top in a kernel of its own, save it; return it.

        What `replace` holds is changed in the cell of parameters first, as an analyst would.
        """
        opened = self.ask("GET", f"contents/{path}")
        session = self.ask(
            "POST",
            "sessions",
            {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}},
        )
        for old, new in (replace or {}).items():
            cell = next(c for c in opened["content"]["cells"] if c["cell_type"] == "code")
            assert old in cell["source"], (path, old)
            cell["source"] = cell["source"].replace(old, new)
        try:
            asyncio.run(self._cells(session["kernel"]["id"], opened["content"]))
        finally:
            self.ask("DELETE", f"sessions/{session['id']}")
        kept = {name: opened[name] for name in ("type", "format", "content")}
        self.ask("PUT", f"contents/{path}", kept)
        return self.ask("GET", f"contents/{path}")["content"]

    async def _cells(self, kernel: str, notebook: dict) -> None:
        address = self.address.replace("http", "ws", 1)
        request = HTTPRequest(
            f"{address}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}",
            headers={"Authorization": f"token {self.token}"},
        )
        channel = await websocket_connect(request)
        number = 0
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                number += 1
                cell["execution_count"] = number
                cell["outputs"] = await asyncio.wait_for(_run(channel, cell["source"]), SECONDS)
        channel.close()
        while await asyncio.wait_for(channel.read_message(), SECONDS) is not None:
            continue  # the server's own word that it is closed, and the socket with it


async def _run(channel, source: str) -> list[dict]:
    asked = uuid.uuid4().hex
    header = {"msg_id": asked, "username": "", "session": asked, "msg_type": "execute_request",
              "version": "5.3"}  # fmt: skip
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {},
               "allow_stdin": False, "stop_on_error": True}  # fmt: skip
    await channel.write_message(
        json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content,
                    "channel": "shell", "buffers": []})
    )  # fmt: skip
    outputs, idle, replied = [], False, False
    while not (idle and replied):
        text = await channel.read_message()
        assert text is not None, "the server closed the channel"
        message = json.loads(text)
        if message["parent_header"].get("msg_id") != asked:
            continue
        kind, said = message["msg_type"], message["content"]
        replied = replied or kind == "execute_reply"
        idle = idle or (kind == "status" and said["execution_state"] == "idle")
        if kind in ("stream", "error", "display_data", "execute_result"):
            said.pop("transient", None)
            outputs.append({"output_type": kind, **said})
    return outputs


def copy_of_project(project: Path, place: Path) -> Path:
    """Lay out notebooks and demonstration data as a project has them, so that ours stay clean."""
    shutil.copytree(project / "notebooks", place / "notebooks")
    shutil.copytree(project / "data" / "demo", place / "data" / "demo")
    return place


@contextmanager
def server(root: Path, own: Path, environment: dict[str, str] | None = None) -> Iterator[Lab]:
    """Start a JupyterLab server on a folder; all that it writes of itself goes into `own`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    names = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
             "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]  # fmt: skip
    folders = {name: str(own / name.lower()) for name in names}
    quiet = own / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(
        '{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8"
    )
    saving = own / "jupyterlab_settings_dir" / "@jupyterlab" / "docmanager-extension"
    saving.mkdir(parents=True)
    (saving / "plugin.jupyterlab-settings").write_text('{"autosaveInterval": 3}', encoding="utf-8")
    log = (own / "server.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
         f"--ServerApp.root_dir={root}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
         "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"],
        cwd=root, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        env={**os.environ, **folders, **(environment or {})},
    )  # fmt: skip
    lab = Lab(f"http://127.0.0.1:{port}", token, root)
    try:
        for _ in range(SECONDS * 5):
            assert process.poll() is None, (own / "server.log").read_text(encoding="utf-8")
            try:
                lab.ask("GET", "status")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield lab
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@contextmanager
def page_of(lab: Lab, path: str, width: int = 1280, height: int = 1500) -> Iterator:
    """Open a notebook in the interface itself, in a browser; None where there is no browser."""
    found = next((place for name in BROWSERS if (place := shutil.which(name))), None)
    if found is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(SECONDS * 1000)
        page.goto(f"{lab.address}/doc/tree/{path}?token={lab.token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        yield page
        browser.close()


def run_all(page) -> None:
    """Run every cell by the menu, and wait until the panel's widgets are there."""
    page.get_by_text("| Idle", exact=False).first.wait_for(state="attached")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_selector(".iro-panel .iro-view svg")
    # In a narrow window the indicator is out of sight.
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached")


def find(page, words: str) -> None:
    """Type into the panel's search, and wait until the list of measures is the shorter one.

    A browser tells the kernel the place of a choice in the list, so a choice made while the list
    is being replaced would be another measure.
    """
    measures = page.get_by_label("Measure", exact=True)
    before = measures.locator("option").count()
    page.get_by_label("Find a measure", exact=True).fill(words)
    for _ in range(SECONDS * 10):
        if measures.locator("option").count() < before:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the list of measures is not narrowed by {words!r}")


def complete(page) -> None:
    """Press Tab until JupyterLab lists completions: it gives a busy kernel one second to answer."""
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", state="attached")
    for _ in range(SECONDS // 5):
        page.keyboard.press("Tab")
        for _ in range(50):
            if page.locator(".jp-Completer:not(.lm-mod-hidden)").count():
                return
            page.wait_for_timeout(100)
    raise AssertionError("JupyterLab lists no completions")


def pick(page, label: str, choice: str) -> None:
    """Pick from one of the panel's lists, and wait until the view is that of the choice."""
    page.get_by_label(label, exact=True).select_option(label=choice)
    page.wait_for_function(
        "!document.querySelector('.jp-OutputArea').closest('body').innerText"
        ".includes('Working it out')"
    )
