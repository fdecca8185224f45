"""From what pydantic found to problems with a line, a field and a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from outreach.schedules.document import Document, FieldPath
from outreach.schedules.problem import Problem, suggestion

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], document: Document) -> tuple[M | None, list[Problem]]:
    """The document as `model`, or None and every mistake in its values."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_problem(model, document, detail) for detail in details if not _is_blank(document, detail)]


def _is_blank(document: Document, detail: ErrorDetails) -> bool:
    """Whether the value is left blank, which the document reports by itself."""
    return detail["input"] is None and tuple(detail["loc"]) in document.places


def _problem(model: type[BaseModel], document: Document, detail: ErrorDetails) -> Problem:
    path: FieldPath = tuple(detail["loc"])
    message, remedy = _words(model, path, detail)
    return document.problem(path, message, remedy)


def _words(model: type[BaseModel], path: FieldPath, detail: ErrorDetails) -> tuple[str, str]:
    name = str(path[-1]) if path else ""
    example = _example(model, path)
    context: dict[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "mistake":
            return context["message"], context["remedy"]
        case "missing":
            return f"`{name}` is missing", f"Add it, such as {example}"
        case "extra_forbidden":
            return f"unknown key `{name}`", suggestion(name, _keys(model, path[:-1]))
        case "model_type" | "model_attributes_type":
            return f"{_shown(detail['input'])} stands where keys are expected", f"Write keys, such as {example}"
        case "too_short":
            return f"`{name}` is empty", "List at least one"
        case _:
            return (
                f"{_shown(detail['input'])} {detail['msg'].lower().removeprefix('input ')}",
                f"Write it such as {example}",
            )


def _shown(value: object) -> str:
    text = _yaml(value)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:37]}...`"


def _example(model: type[BaseModel], path: FieldPath) -> str:
    """How the key at `path` is written, from the model's own examples."""
    keys = [part for part in path if isinstance(part, str)]
    parent = _model_at(model, tuple(keys[:-1]))
    info = _fields(parent).get(keys[-1]) if parent and keys else None
    if info is None or not info.examples:
        return "`campaign: card-early`"
    return f"`{keys[-1]}: {_yaml(info.examples[0])}`"


def _yaml(value: object) -> str:
    """A value in the flow style of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'"{text}"' if text.startswith(("*", "0", "+")) else text


def _keys(model: type[BaseModel], path: FieldPath) -> set[str]:
    parent = _model_at(model, path)
    return set(_fields(parent)) if parent else set()


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _model_at(model: type[BaseModel], path: FieldPath) -> type[BaseModel] | None:
    """The model of the mapping at `path`; indexes of lists are skipped."""
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and current:
            info = _fields(current).get(part)
            current = next(_models(info.annotation), None) if info else None
    return current


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
