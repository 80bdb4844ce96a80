"""Make pages on a dask.distributed cluster, whose machines may share no folder with this one."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis import __version__
from iro_analysis.errors import InputError, ParameterError
from iro_analysis.prepared import Store
from iro_analysis.runner import private, sheets
from iro_analysis.runner.workers import processes_for

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
RETRIES = 3  # of a task whose worker is lost; after that many, the task itself is at fault
_PATIENCE = 30.0  # seconds
_GRACE = 3.0  # seconds


@dataclass(frozen=True)
class Parcel:
    """A page to make on a machine that has neither the data nor the notebook.

    Attributes
    ----------
    order : Order
    notebook : bytes
        The notebook's file.
    kept : dict of bytes
        The run's files of the authority and period: name -> content, compressed.
    version : str
        Of the suite that made the parcel.
    """

    order: sheets.Order
    notebook: bytes
    kept: dict[str, bytes]
    version: str


def parcel(order: sheets.Order) -> Parcel:
    """Pack a page with all that is needed to make it elsewhere."""
    kept = {name: zlib.compress((order.store.folder / name).read_bytes(), 1) for name in order.kept}
    return Parcel(order, Path(order.notebook).read_bytes(), kept, __version__)


def make(packed: Parcel) -> sheets.Sheet:
    """Unpack a page and make it, in a folder of its own."""
    order = packed.order
    if packed.version != __version__:
        message = (
            f"a worker of the cluster has iro_analysis {__version__} and this run "
            f"{packed.version}; expected the same on every machine"
        )
        return sheets.Sheet(order.name, problems=(message,), exit_code=1)
    if order.published and not Path(order.published).is_dir():
        message = (
            f"a worker of the cluster cannot see {order.published}, from which comparators come; "
            "expected the same path on every machine"
        )
        return sheets.Sheet(order.name, problems=(message,), exit_code=1)
    with private.folder("parcel") as folder:
        for name, content in packed.kept.items():
            (folder / name).write_bytes(zlib.decompress(content))
        notebook = folder / Path(order.notebook).name
        notebook.write_bytes(packed.notebook)
        store = Store(folder, order.store.key)
        return sheets.make(replace(order, notebook=str(notebook), store=store))


class Cluster:
    """The workers of a dask cluster.

    Parameters
    ----------
    address : str
        Of its scheduler (``tcp://host:8786``, ``tls://...``), or ``local``: a cluster that is
        begun on this machine and goes with the run.
    jobs : int
        Workers of the local cluster.

    Raises
    ------
    ParameterError
        If distributed is not installed.
    InputError
        If no scheduler answers.
    """

    def __init__(self, address: str, jobs: int = 1) -> None:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise ParameterError(
                "--cluster: dask's distributed is not installed; pip install iro-analysis[cluster]"
            ) from None
        self.own: LocalCluster | None = None
        if address == LOCAL:
            self.own = LocalCluster(
                n_workers=processes_for(jobs),
                threads_per_worker=1,
                dashboard_address=None,
                host="127.0.0.1",
            )
        try:
            self.client: Client = Client(self.own or address, timeout=_PATIENCE)
        except (OSError, ValueError) as problem:
            raise InputError(
                f"--cluster {address}: no scheduler answers there ({problem})"
            ) from None

    def submit(self, order: sheets.Order) -> Task:
        """Have a page made by whichever worker is free; one that is lost is made again."""
        future = self.client.submit(make, parcel(order), pure=False, retries=RETRIES)
        return Task(order, future)

    def stop(self) -> None:
        """Give up what is under way, and leave."""
        self.close(timeout=_GRACE)
        private.clear()

    def close(self, timeout: float = _PATIENCE) -> None:
        """Leave the cluster, and end it where it is the run's own."""
        self.client.close(timeout)
        if self.own is not None:
            self.own.close(timeout)


@dataclass
class Task:
    """A page being made by the cluster."""

    order: sheets.Order
    future: Future

    def done(self) -> bool:
        """Whether it is made, or given up."""
        return self.future.done()

    def result(self) -> sheets.Sheet:
        """Wait for the page."""
        try:
            return self.future.result()
        except Exception as problem:  # whatever was raised on the way there and back
            message = (
                f"{self.order.name}: the cluster gave it up ({type(problem).__name__}); no page "
                "is written, the last one stands"
            )
            return sheets.Sheet(self.order.name, problems=(message,), exit_code=1)
