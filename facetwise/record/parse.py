"""Records out of JSON: refused whole with the path and the fault, and the nearest known name where one was mistyped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from facetwise.errors import InputError, nearest
from facetwise.record.record import Record

P = TypeVar("P", bound=BaseModel)
LARGEST = 64 << 20
_SHOWN = 5


def parsed(text: bytes, name: str) -> Any:
    """A JSON document with its numbers as they were written. Errors: InputError that names `name` and the fault."""
    if len(text) > LARGEST:
        raise InputError(f"{name} is over {LARGEST >> 20} MB, too large for one document. Give the records one a line.")
    try:
        return json.loads(
            text.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_twins,
        )
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text. Save it as JSON in UTF-8.") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be a record. Check how it was written.") from error
    except (json.JSONDecodeError, _RefusedError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise InputError(f"{name} is not JSON: {message}{where}. Check how it was written.") from error
    except ValueError as error:  # a number of more digits than Python will read
        raise InputError(f"{name} holds a number too long to read. Check how it was written.") from error


class _RefusedError(Exception):
    pass


def _refuse_constant(name: str) -> None:
    raise _RefusedError(f"{name} is no number in JSON")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"'{twin}' stands twice in one object")
    return fields


def record_of(document: object, name: str) -> Record:
    """The record in a JSON document. Errors: InputError that names every faulty path."""
    if not isinstance(document, Mapping | Record):
        raise InputError(f"{name} holds no record: a record is a JSON object, in braces.")
    return part_of(Record, document, name)


def part_of(model: type[P], document: object, name: str) -> P:
    """A record, or a part of one, in a JSON document. Errors: InputError that names every faulty path."""
    if isinstance(document, model):
        return document
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = [_message(dict(fault), model) for fault in error.errors(include_url=False)]
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        message = "; ".join(faults[:_SHOWN]) + more
        raise InputError(f"{name}: {message}{'' if message.endswith('?') else '.'}") from error


def _message(fault: Mapping[str, Any], root: type[BaseModel]) -> str:
    """A fault in words: its path, why it is refused, what to do; never the value."""
    path = _path(fault["loc"])
    context = fault.get("ctx", {})
    match fault["type"]:
        case "extra_forbidden":
            known = _names_at(fault["loc"][:-1], root)
            return f"{path} is not a field of a record." + nearest(str(fault["loc"][-1]), known).rstrip(".")
        case "literal_error":
            value = fault["input"]
            known = _choices_at(fault["loc"], root)
            hint = nearest(value, known) if isinstance(value, str) and known else f" Known: {', '.join(known)}."
            return f"{path} is none of the known values." + hint.rstrip(".")
        case "greater_than_equal":
            return f"{path} is under {context.get('ge')}, the lowest it can be"
        case "less_than_equal":
            return f"{path} is over {context.get('le')}, the highest it can be"
        case "missing":
            return f"{path} is missing"
        case "model_type" | "model_attributes_type" | "dict_type":
            return f"{path} is no object. Write it in braces"
        case _:
            return f"{path} {fault['msg']}"


def _path(loc: Iterable[str | int]) -> str:
    path = ""
    for step in loc:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path or "the record"


def _models_at(loc: Iterable[str | int], root: type[BaseModel]) -> type[BaseModel] | None:
    model: type[BaseModel] | None = root
    for step in loc:
        if isinstance(step, int) or model is None:
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        model = _model_in(fields[step].annotation) if step in fields else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


def _names_at(loc: Iterable[str | int], root: type[BaseModel]) -> list[str]:
    model = _models_at(loc, root)
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _choices_at(loc: tuple[str | int, ...], root: type[BaseModel]) -> list[str]:
    steps = [step for step in loc if isinstance(step, str)]
    model = _models_at(steps[:-1], root)
    if model is None:
        return []
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    return _literals(fields[steps[-1]].annotation) if steps[-1] in fields else []


def _literals(annotation: Any) -> list[str]:
    if annotation is None or isinstance(annotation, str):
        return [annotation] if annotation else []
    return [choice for inner in get_args(annotation) for choice in _literals(inner)]
