"""What the models of all files share: how keys are described, and the JSON Schema that editors check files by."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def key(description: str, example: object, **more: Any) -> Any:
    """A key of a file with its help and an example; required unless `default` is given."""
    return Field(description=description, examples=[example], **more)


class FileModel(BaseModel):
    """A mapping in a file; keys that it does not know are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def schema_of(model: type[FileModel], title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file, by which editors complete and check it while it is written."""
    return {"$schema": _DIALECT, **model.model_json_schema(), "title": title}
