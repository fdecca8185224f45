"""From what pydantic found to problems with a line, a field and a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from outreach.documents.document import Document, FieldPath
from outreach.documents.problem import Problem, suggestion

M = TypeVar("M", bound=BaseModel)

#: The key whose word tells which of several models a mapping is.
TAG = "kind"
#: By which pydantic says that it is the key of a mapping that is wrong, not the value.
_OF_KEY = "[key]"


class _Spot(NamedTuple):
    """Where a mistake is: its path in the file, the model of the mapping that holds it, and the field it is about."""

    path: FieldPath
    parent: type[BaseModel] | None
    name: str = ""
    info: FieldInfo | None = None


def validate(model: type[M], document: Document) -> tuple[M | None, list[Problem]]:
    """The document as `model`, or None and every mistake in its values."""
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        found = ((_spot(model, detail["loc"]), detail) for detail in error.errors(include_url=False))
        return None, [
            _problem(document, spot, detail) for spot, detail in found if not _is_blank(document, spot, detail)
        ]


def _is_blank(document: Document, spot: _Spot, detail: ErrorDetails) -> bool:
    """Whether the value is left blank, which the document reports by itself."""
    return detail["input"] is None and spot.path in document.places


def _problem(document: Document, spot: _Spot, detail: ErrorDetails) -> Problem:
    message, remedy = _words(spot, detail)
    context: dict[str, Any] = detail.get("ctx", {})
    return document.problem((*spot.path, *context.get("at", ())), message, remedy)


def _words(spot: _Spot, detail: ErrorDetails) -> tuple[str, str]:
    name, example = str(spot.path[-1]) if spot.path else "", _example(spot)
    context: dict[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "mistake":
            words = context["message"], context["remedy"]
        case "missing":
            words = f"`{name}` is missing", f"Add it, such as {example}"
        case "extra_forbidden":
            words = f"unknown key `{name}`", suggestion(name, _fields(spot.parent) if spot.parent else ())
        case "model_type" | "model_attributes_type" | "dict_type":
            words = f"{_shown(detail['input'])} stands where keys are expected", f"Write keys, such as {example}"
        case "too_short":
            words = f"`{name}` is empty", "List at least one"
        case "union_tag_not_found":
            words = f"`{TAG}` is missing", f"Add it, such as {example}"
        case "union_tag_invalid":
            known = [word.strip(" '") for word in context["expected_tags"].split(",")]
            words = f"the {TAG} `{context['tag']}` is not known", suggestion(str(context["tag"]), known)
        case _:
            said = detail["msg"].lower().removeprefix("input ")
            words = f"{_shown(detail['input'])} {said}", f"Write it such as {example}"
    return words


def _shown(value: object) -> str:
    text = _yaml(value)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:37]}...`"


def _example(spot: _Spot) -> str:
    """How the key is written, from the model's own examples; for a whole file, by its first key."""
    name, info = spot.name, spot.info
    if info is None and spot.parent is not None:
        name, info = next(iter(_fields(spot.parent).items()))
    if info is None or not info.examples:
        return "one of the samples"
    return f"`{name}: {_yaml(info.examples[0])}`"


def _yaml(value: object) -> str:
    """A value in the flow style of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f'"{text}"' if isinstance(value, str) and text.startswith(("*", "0", "+")) else text


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _spot(model: type[BaseModel], location: tuple[str | int, ...]) -> _Spot:
    """Where pydantic's location is in the file: it names the member of a union too, which no file does."""
    path: list[str | int] = []
    models, spot = [model], _Spot((), model)
    for part in location:
        if part == _OF_KEY:
            continue
        if len(models) > 1 and isinstance(part, str):
            models = [one for one in models if _tag(one) == part]
            spot = _Spot(tuple(path), next(iter(models), None))
            continue
        path.append(part)
        if isinstance(part, int):
            spot = spot._replace(path=tuple(path))
            continue
        parent = next(iter(models), None)
        info = _fields(parent).get(part) if parent else None
        spot = _Spot(tuple(path), parent, part, info) if parent else spot._replace(path=tuple(path))
        models = list(_models(info.annotation)) if info else []
    return spot


def _tag(model: type[BaseModel]) -> str:
    """The word by which a union tells the model from its others."""
    info = model.model_fields.get(TAG)
    return str(next(iter(get_args(info.annotation)), "")) if info else ""


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
