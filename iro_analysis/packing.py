"""Serialise tables and plain records to bytes, and read them back.

A pickle can hold code; these bytes cannot. Only the classes that the reader names come back, and a
table of any other kind than the suite's own (text, dates, numbers, yes or no) is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

_KIND = "$"  # the one key that marks what JSON has no word for
_HEAD = 8  # bytes that say how long the JSON before the columns is
_COLUMNS = "iufbM"  # numpy's kinds: whole numbers, numbers, yes or no, dates
_DAYS: dict[str, Any] = {"date": date, "datetime": datetime, "time": time}
_TEXT = pd.StringDtype(na_value=np.nan)


def packed(value: Any) -> bytes:
    """Return a value as bytes.

    Parameters
    ----------
    value : object
        Plain values, dates, paths, lists, tuples, dicts, dataclasses and tables of them.

    Raises
    ------
    TypeError
        If something in it is of another kind.
    """
    writer = _Writer()
    tree = json.dumps(writer.encode(value)).encode("ascii")
    return b"".join([len(tree).to_bytes(_HEAD, "big"), tree, *writer.blocks])


def unpacked(content: bytes, classes: Iterable[type] = ()) -> Any:
    """Return what was packed.

    Parameters
    ----------
    content : bytes
    classes : iterable of type
        The dataclasses that may be in it.

    Raises
    ------
    ValueError
        If it was not made by ``packed``, or holds a class that is not named.
    """
    try:
        length = int.from_bytes(content[:_HEAD], "big")
        tree = json.loads(bytes(content[_HEAD : _HEAD + length]))
        body = memoryview(content)[_HEAD + length :]
        return _Reader(body, {each.__name__: each for each in classes}).decode(tree)
    except (KeyError, TypeError, IndexError, ValueError) as problem:
        raise ValueError(f"these bytes hold no record of the suite: {problem}") from None


class _Writer:
    """Turns values into what JSON can hold; the columns of tables become blocks behind it."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.length = 0

    def encode(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, list):
            return [self.encode(each) for each in value]
        return {_KIND: self.kind_of(value), **self.parts_of(value)}

    def kind_of(self, value: Any) -> str:
        if isinstance(value, Path):
            return "path"
        if is_dataclass(value):
            return "record"
        known = {pd.DataFrame: "table", tuple: "tuple", dict: "dict"}
        known |= {each: name for name, each in _DAYS.items()}
        if type(value) not in known:
            raise TypeError(f"{type(value).__name__} is no kind of value that can be packed")
        return known[type(value)]

    def parts_of(self, value: Any) -> dict[str, Any]:
        if isinstance(value, pd.DataFrame):
            return self.table(value)
        if is_dataclass(value):
            own = {each.name: self.encode(getattr(value, each.name)) for each in fields(value)}
            return {"of": type(value).__name__, "is": own}
        if isinstance(value, dict):
            return {"is": [[self.encode(key), self.encode(each)] for key, each in value.items()]}
        if isinstance(value, tuple):
            return {"is": [self.encode(each) for each in value]}
        return {"is": str(value) if isinstance(value, Path) else value.isoformat()}

    def table(self, table: pd.DataFrame) -> dict[str, Any]:
        counted = isinstance(table.index, pd.RangeIndex) and table.index.equals(
            pd.RangeIndex(len(table))
        )
        return {
            "rows": len(table),
            "index": None if counted else self.column(table.index.to_series()),
            "columns": [[str(name), self.column(table[name])] for name in table.columns],
        }

    def column(self, values: pd.Series) -> dict[str, Any]:
        if isinstance(values.dtype, pd.StringDtype):
            codes, known = pd.factorize(values)
            texts = [str(each).encode("utf-8", "surrogatepass") for each in known]
            return {
                "text": self.block(b"".join(texts)),
                "lengths": self.array(np.array([len(each) for each in texts], dtype=np.int64)),
                "codes": self.array(codes.astype(np.int64)),
            }
        if getattr(values.dtype, "kind", "") not in _COLUMNS:
            raise TypeError(f"a column of {values.dtype} is no kind of column that can be packed")
        return {"array": self.array(values.to_numpy())}

    def array(self, values: np.ndarray) -> dict[str, Any]:
        return {"dtype": values.dtype.str, "at": self.block(values.tobytes())}

    def block(self, content: bytes) -> list[int]:
        start, self.length = self.length, self.length + len(content)
        self.blocks.append(content)
        return [start, self.length]


class _Reader:
    """Makes the values again from what the writer encoded."""

    def __init__(self, body: memoryview, classes: dict[str, type]) -> None:
        self.body = body
        self.classes = classes

    def decode(self, encoded: Any) -> Any:
        if isinstance(encoded, list):
            return [self.decode(each) for each in encoded]
        if not isinstance(encoded, dict):
            return encoded
        kind = encoded[_KIND]
        if kind == "table":
            return self.table(encoded)
        if kind == "record":
            own = {name: self.decode(each) for name, each in encoded["is"].items()}
            return self.classes[encoded["of"]](**own)
        if kind == "dict":
            return {self.decode(key): self.decode(each) for key, each in encoded["is"]}
        if kind == "tuple":
            return tuple(self.decode(each) for each in encoded["is"])
        if kind == "path":
            return Path(encoded["is"])
        return _DAYS[kind].fromisoformat(encoded["is"])

    def table(self, encoded: dict[str, Any]) -> pd.DataFrame:
        index = pd.RangeIndex(encoded["rows"])
        if encoded["index"] is not None:
            index = pd.Index(self.column(encoded["index"]))
        columns = {name: self.column(each) for name, each in encoded["columns"]}
        names = [name for name, _ in encoded["columns"]]
        if len(columns) != len(names):
            raise ValueError("a column stands in it twice")
        return pd.DataFrame(columns, index=index, copy=False)

    def column(self, encoded: dict[str, Any]) -> Any:
        if "array" in encoded:
            return self.array(encoded["array"])
        start, end = encoded["text"]
        whole = bytes(self.body[start:end])
        ends = self.array(encoded["lengths"]).cumsum()
        texts = [
            whole[begin:stop].decode("utf-8", "surrogatepass")
            for begin, stop in zip([0, *ends[:-1]], ends, strict=False)
        ]
        known = pd.array(texts, dtype=_TEXT)
        return known.take(self.array(encoded["codes"]), allow_fill=True)

    def array(self, encoded: dict[str, Any]) -> np.ndarray:
        start, end = encoded["at"]
        dtype = np.dtype(encoded["dtype"])
        if dtype.kind not in _COLUMNS:
            raise ValueError(f"{dtype} is no kind of column")
        return np.frombuffer(self.body[start:end], dtype=dtype).copy()
