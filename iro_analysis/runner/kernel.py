"""Run as a kernel process whose libraries are loaded before a notebook asks for one.

Run as a program. It loads the libraries and then waits on its standard input. Where the system
forks it is a server: every order makes a child, which holds the libraries from its first moment and
becomes the kernel; the server itself runs no notebook, so no state can pass from one to the next.
Elsewhere (Windows) it is a spare: the first order makes the process itself the kernel, for one
notebook, and the next spare is begun meanwhile.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
from typing import Any, BinaryIO

from iro_analysis.runner import start

# What the suite's notebooks use, by themselves or through it. A notebook may import anything else.
LIBRARIES = (
    "numpy",
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "nbconvert.filters",  # sets the service's words in the report
    "iro_analysis.study",
    "iro_analysis.charts",
    "iro_analysis.indicators.disproportionality",
)
SERVER, SPARE = "server", "spare"
INLINE = "module://matplotlib_inline.backend_inline"  # as ipykernel sets it


def load() -> None:
    """Load the libraries; one that is not installed is the notebook's own affair."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            start.load(name)


def serve(orders: BinaryIO, answers: BinaryIO) -> dict[str, Any] | None:
    """Answer orders until there are no more.

    Parameters
    ----------
    orders, answers : binary streams
        One JSON object a line. ``start`` is answered with the child's ``pid``, ``poll`` with its
        exit ``code`` (none while it runs), ``signal`` is passed on to all of the child's group.

    Returns
    -------
    dict or None
        In a child: the order that it was made for. In the server: None, when the orders end.
    """
    running: set[int] = set()
    _answer(answers, {"ready": os.getpid()})
    for line in orders:
        order = json.loads(line)
        if order["do"] == "start":
            pid = os.fork()
            if pid == 0:
                return order
            running.add(pid)
            _answer(answers, {"pid": pid})
        elif order["do"] == "poll":
            _answer(answers, {"code": _code(order["pid"], running)})
        else:
            _signal(order["pid"], order["number"], running)
            _answer(answers, {})
    for pid in running:
        _signal(pid, signal.SIGKILL, running)
        os.waitpid(pid, 0)
    return None


def _answer(answers: BinaryIO, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what).encode() + b"\n")
    answers.flush()


def _code(pid: int, running: set[int]) -> int | None:
    if pid not in running:
        return 0
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        return None
    running.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _signal(pid: int, number: int, running: set[int]) -> None:
    if pid not in running:  # it is over, and its number may be another's by now
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
        return
    with contextlib.suppress(ProcessLookupError):  # its group is not made yet
        os.kill(pid, number)


def become(order: dict[str, Any]) -> None:
    """Be the kernel that an order describes, until it is told to stop.

    Parameters
    ----------
    order : dict
        ``arguments`` of ipykernel, ``environment`` and ``folder``, as a fresh process has them.
    """
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    _fresh_seeds()
    sys.argv = ["ipykernel_launcher", *order["arguments"]]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(order["arguments"])


def _fresh_seeds() -> None:
    """Draw new random seeds: children of one process would all draw the same numbers."""
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def main() -> None:
    """Load, wait for orders, and be the kernel they ask for."""
    # Nothing that a library or a notebook prints may be taken for an answer.
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    sys.path[:] = sys.path[1:]  # the folder of ``-m``, as ipykernel's own launcher does
    load()
    if sys.argv[1] == SPARE:
        line = orders.readline()
        order = json.loads(line) if line else None
        if order:  # what the system hands to a process when it is made stays
            kept = {k: v for k, v in os.environ.items() if k.startswith("JPY_")}
            order["environment"] = {**order["environment"], **kept}
    else:
        gc.collect()
        gc.freeze()  # a child that clears up neither looks through nor copies what it shares
        try:
            order = serve(orders, answers)
        except BrokenPipeError:  # the run ended while this process was loading
            os._exit(0)
    orders.close()
    answers.close()
    if order is None:
        return
    if sys.argv[1] == SERVER:
        os.setsid()
    become(order)


if __name__ == "__main__":
    main()
