"""Start kernels ahead of the notebooks that will use them; each is used once, never shared."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from jupyter_client.launcher import launch_kernel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from iro_analysis.runner.kernel import SERVER, SPARE

FORKS = hasattr(os, "fork") and sys.platform != "darwin"  # Apple's libraries break in a fork
_PROGRAM = [sys.executable, "-m", "iro_analysis.runner.kernel"]
# What a process reads once, when it starts: another value needs another process.
_READ_AT_START = ("PYTHON", "MPL", "LD_", "DYLD_", "OMP_", "OPENBLAS_", "MKL_", "LC_", "LANG", "TZ")
_GRACE = 5.0  # seconds for a process to end by itself


def _pipe(stream: IO[Any] | None) -> IO[Any]:
    """Return one end of a pipe to a process that was started with it."""
    if stream is None:
        raise ValueError("the process was started without a pipe")
    return stream


class Server:
    """A process that forks a kernel for every order."""

    def __init__(self, environment: dict[str, str]) -> None:
        # One thread of its own: a process of several cannot be forked safely.
        alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [*_PROGRAM, SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**alone, **environment},
            start_new_session=True,
        )
        self.lock = threading.Lock()
        self.ready = False

    def ask(self, **order: Any) -> dict[str, Any]:
        """Give an order and return the answer.

        Raises
        ------
        RuntimeError
            If the server is gone.
        """
        with self.lock:
            try:
                if not self.ready:
                    self._answer()
                    self.ready = True
                _pipe(self.process.stdin).write(json.dumps(order).encode() + b"\n")
                _pipe(self.process.stdin).flush()
                return self._answer()
            except (OSError, ValueError) as problem:
                raise RuntimeError(f"the server of kernels is gone: {problem}") from None

    def _answer(self) -> dict[str, Any]:
        return json.loads(_pipe(self.process.stdout).readline())

    def start(self, **order: Any) -> Forked:
        """Fork a kernel."""
        return Forked(self, self.ask(do="start", **order)["pid"])

    @property
    def is_gone(self) -> bool:
        """Whether it was killed."""
        return self.process.poll() is not None

    def close(self) -> None:
        """End the server, and with it whatever it has forked."""
        with contextlib.suppress(OSError):
            _pipe(self.process.stdin).close()
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _pipe(self.process.stdout).close()


class Forked:
    """A forked kernel, as jupyter_client knows a process (``subprocess.Popen``)."""

    stdin = stdout = stderr = None

    def __init__(self, server: Server, pid: int) -> None:
        self.server = server
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if self.returncode is None:
            try:
                self.returncode = self.server.ask(do="poll", pid=self.pid)["code"]
            except RuntimeError:
                self.returncode = -9  # it goes with the server
        return self.returncode

    def wait(self) -> int:
        """Wait for its end."""
        while (code := self.poll()) is None:
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        """Pass a signal on to it and its children."""
        with contextlib.suppress(RuntimeError):
            self.server.ask(do="signal", pid=self.pid, number=int(number))

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(9)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(15)


class Spares:
    """Kernels begun ahead where the system does not fork: one is always loading or waiting."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.lock = threading.Lock()
        self.next = self._begun()

    def _begun(self) -> subprocess.Popen:
        return launch_kernel(
            [*_PROGRAM, SPARE], stdin=subprocess.PIPE, env=dict(self.environment), cwd=None
        )

    def start(self, **order: Any) -> subprocess.Popen:
        """Hand the waiting kernel its order, and begin another."""
        with self.lock:
            kernel, self.next = self.next, self._begun()
        _pipe(kernel.stdin).write(json.dumps(order).encode() + b"\n")
        _pipe(kernel.stdin).close()
        return kernel

    @property
    def is_gone(self) -> bool:
        """Whether the one that waits was killed."""
        return self.next.poll() is not None

    def close(self) -> None:
        """End the one that waits; it ends by itself when its input does."""
        with contextlib.suppress(OSError):
            _pipe(self.next.stdin).close()
        try:
            self.next.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.next.kill()
            self.next.wait()


_SOURCES: dict[tuple, Server | Spares] = {}
_LOCK = threading.Lock()


def source(environment: dict[str, str] | None = None, forks: bool = FORKS) -> Server | Spares:
    """Return this process's source of warm kernels, begun where it is not there yet.

    Parameters
    ----------
    environment : dict, optional
        Of the kernels to come. What a process reads only when it starts must agree.
    forks : bool
        Whether kernels are forked.
    """
    environment = dict(os.environ) if environment is None else environment
    read = {k: v for k, v in environment.items() if k.startswith(_READ_AT_START)}
    key = (forks, os.getpid(), *sorted(read.items()))
    with _LOCK:
        if key in _SOURCES and _SOURCES[key].is_gone:
            _SOURCES.pop(key).close()
        if key not in _SOURCES:
            _SOURCES[key] = (Server if forks else Spares)(environment)
        return _SOURCES[key]


@atexit.register
def close() -> None:
    """End every source of this process."""
    with _LOCK:
        for key in [key for key in _SOURCES if key[1] == os.getpid()]:
            _SOURCES.pop(key).close()


class WarmProvisioner(LocalProvisioner):
    """Gives a kernel manager a warm kernel where a cold one would be launched."""

    forks = FORKS
    process: Any  # of subprocess, or one that a warm kernel forked

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel of this Python warm; launch any other as it says."""
        if cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
            return await super().launch_kernel(cmd, **kwargs)
        environment = dict(kwargs.get("env") or os.environ)
        folder = kwargs.get("cwd") or Path.cwd()
        self.process = source(environment, self.forks).start(
            arguments=cmd[3:], environment=environment, folder=str(folder)
        )
        self.pid, self.pgid, self.cwd = self.process.pid, None, folder
        return self.connection_info


class WarmKernelManager(AsyncKernelManager):
    """A kernel manager whose kernels are warm."""

    provisioner_class = WarmProvisioner

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        own = self.kernel_spec and self.kernel_spec.metadata.get("kernel_provisioner")
        if self.provisioner is None and not own:
            self.provisioner = self.provisioner_class(
                kernel_id=self.kernel_id or "", kernel_spec=self.kernel_spec, parent=self
            )
        return await super()._async_pre_start_kernel(**kw)
