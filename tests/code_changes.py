"""Generate one-line changes to the modules that count, for mutation testing.

Each is one comparison, sign, number or choice of a pandas method replaced by its neighbour. Words
and messages are left as they are: no figure depends on them.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import iro_analysis

PACKAGE = Path(iro_analysis.__file__).parent
ROOMS = ("cohorts", "indicators", "estimates", "disclosure")

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
PAIRS = [
    ("ge", "gt"), ("le", "lt"), ("eq", "ne"), ("isna", "notna"), ("first", "last"),
    ("min", "max"), ("any", "all"), ("where", "mask"), ("ffill", "bfill"),
]  # fmt: skip
METHODS = dict(PAIRS) | {other: one for one, other in PAIRS}
# Calls whose result could be passed over: `rows.dropna(...)` becomes `rows`.
PASSED_OVER = {
    "abs", "between", "clip", "cumsum", "drop_duplicates", "dropna", "fillna", "mask", "shift",
    "sort_values", "sort_index", "unique", "where",
}  # fmt: skip
CHOICES = {"first": "last", "last": "first", "left": "inner", "min": "max", "max": "min"}
NOTE = "_note_call"  # the name by which an observed function says that it is called
WITHOUT_EFFECT = {"strict", "frozen", "validate", "observed", "dtype"}


@dataclass(frozen=True)
class Change:
    """One change: where it is, what stands there, what takes its place."""

    module: str
    function: str
    line: int
    before: str
    after: str
    nth: int  # among the same change in the same function
    path: tuple[tuple[str, int | None], ...]
    variant: int

    @property
    def name(self) -> str:
        again = f" #{self.nth}" if self.nth > 1 else ""
        return f"{self.module}:{self.function}: {self.before} -> {self.after}{again}"


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what could stand in a node's place."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if type(operator) in COMPARISONS:
                other = copy.deepcopy(node)
                other.ops[place] = COMPARISONS[type(operator)]()
                yield other
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        other = copy.deepcopy(node)
        other.op = OPERATORS[type(node.op)]()
        yield other
    elif isinstance(node, ast.UnaryOp):
        yield copy.deepcopy(node.operand)
    elif isinstance(node, ast.BoolOp):
        other = copy.deepcopy(node)
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield other
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield ast.Constant(node.value + 1)
            yield ast.Constant(node.value - 1)
        elif isinstance(node.value, str) and node.value in CHOICES:
            yield ast.Constant(CHOICES[node.value])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in METHODS:
            other = copy.deepcopy(node)
            other.func.attr = METHODS[node.func.attr]
            yield other
        if node.func.attr in PASSED_OVER:
            yield copy.deepcopy(node.func.value)
    elif isinstance(node, ast.If | ast.IfExp) and isinstance(
        node.test, ast.Name | ast.Attribute | ast.Call
    ):
        other = copy.deepcopy(node)
        other.test = ast.UnaryOp(ast.Not(), copy.deepcopy(node.test))
        yield other


def _is_left_alone(parent: ast.AST, field: str, child: ast.AST) -> bool:
    if field in ("decorator_list", "annotation", "returns", "format_spec"):
        return True
    if isinstance(child, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom | ast.Assert):
        return True
    return isinstance(child, ast.keyword) and child.arg in WITHOUT_EFFECT


def _walk(node: ast.AST, path: tuple, function: str) -> Iterator[tuple[tuple, str, ast.AST]]:
    for field, value in ast.iter_fields(node):
        several = isinstance(value, list)
        for place, child in enumerate(value if several else [value]):
            if not isinstance(child, ast.AST) or _is_left_alone(node, field, child):
                continue
            inside = function
            if isinstance(child, ast.FunctionDef | ast.ClassDef) and len(path) <= 2:
                inside = f"{function}.{child.name}" if function else child.name
            here = (*path, (field, place if several else None))
            yield here, inside, child
            yield from _walk(child, here, inside)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


def modules() -> list[str]:
    """Return the modules that count, as ``cohorts/record``."""
    found = (path for room in ROOMS for path in sorted((PACKAGE / room).glob("*.py")))
    return [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in found]


def observed(module: str) -> ast.Module:
    """Return a module's tree in which each function first notes that it is called."""
    tree = copy.deepcopy(_tree(module))
    for _path, function, node in list(_walk(tree, (), "")):
        if isinstance(node, ast.FunctionDef):
            note = f"{NOTE}(({module!r}, {function!r}))"
            node.body[0:0] = ast.parse(note).body
    return ast.fix_missing_locations(tree)


def changes(module: str) -> list[Change]:
    """Return every change to a module, in the order of its lines."""
    found, seen = [], Counter()
    for path, function, node in _walk(_tree(module), (), ""):
        for variant, other in enumerate(_variants(node)):
            head = isinstance(node, ast.If)
            before, after = (ast.unparse(n.test if head else n) for n in (node, other))
            key = (function, before, after)
            seen[key] += 1
            found.append(
                Change(module, function or "module", node.lineno, before, after, seen[key], path,
                       variant)
            )  # fmt: skip
    return found


def every_change() -> list[Change]:
    """Return every change to every module that counts."""
    return [change for module in modules() for change in changes(module)]


def changed(change: Change) -> ast.Module:
    """Return the module's tree with one change made."""
    tree = copy.deepcopy(_tree(change.module))
    at: ast.AST = tree
    for field, place in change.path[:-1]:
        at = getattr(at, field)
        at = at if place is None else at[place]
    field, place = change.path[-1]
    node = getattr(at, field) if place is None else getattr(at, field)[place]
    other = list(_variants(node))[change.variant]
    ast.copy_location(other, node)
    if place is None:
        setattr(at, field, other)
    else:
        getattr(at, field)[place] = other
    return ast.fix_missing_locations(tree)
