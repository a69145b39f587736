"""Mutants of a Python file: each is the file with one small change of meaning."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "+",
}


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: the text from `start` to `end` (byte offsets) of a file becomes `after`."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str

    @property
    def id(self) -> str:
        return f"{self.path}:{self.line}: {self.before} -> {self.after}"

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a file that still parses, in the order of its text."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    annotations = {id(inside) for node in ast.walk(tree) for part in _annotations(node) for inside in ast.walk(part)}
    found = []
    for node in ast.walk(tree):
        if id(node) in annotations or not isinstance(node, ast.expr | ast.stmt):
            continue
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        before = source[start:end].decode()
        for after in _changed(node, before):
            mutant = Mutant(str(path), node.lineno, start, end, before, after)
            if after != before and _parses(mutant.apply(source)):
                found.append(mutant)
    return sorted(set(found))


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        part = getattr(node, name, None)
        if isinstance(part, ast.AST):
            yield part


def _parses(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _changed(node: ast.AST, before: str) -> Iterator[str]:
    """The texts that may stand in the place of a node."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield f"({ast.unparse(left)} {_COMPARISONS[type(operator)]} {ast.unparse(right)})"
        case ast.BoolOp(op=ast.And(), values=values):
            yield "(" + " or ".join(f"({ast.unparse(value)})" for value in values) + ")"
        case ast.BoolOp(op=ast.Or(), values=values):
            yield "(" + " and ".join(f"({ast.unparse(value)})" for value in values) + ")"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"({ast.unparse(operand)})"
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
            yield f"({ast.unparse(left)} {_ARITHMETIC[type(operator)]} {ast.unparse(right)})"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield f"({ast.unparse(orelse)} if {ast.unparse(test)} else {ast.unparse(body)})"
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1)
        case ast.Attribute(value=ast.Name(id="Truth"), attr="MET"):
            yield "Truth.UNKNOWN"
        case ast.Attribute(value=ast.Name(id="Truth"), attr="NOT_MET"):
            yield "Truth.UNKNOWN"
        case ast.Attribute(value=ast.Name(id="Truth"), attr="UNKNOWN"):
            yield "Truth.NOT_MET"
        case ast.Continue() | ast.Break():
            yield "pass"
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield "pass"
        case _:
            return
