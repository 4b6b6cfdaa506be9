"""What programs can call, for people: a page made of the interface's own description."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rag.web.html.elements import printed


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: its method and path, what it does, what it takes, and an example."""

    method: str
    path: str
    about: str
    takes: tuple[tuple[str, str, str], ...]  # name, kind, what it is
    example: str
    answer: str


def page(description: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI description."""
    schemas = description.get("components", {}).get("schemas", {})
    calls = [
        _call(method.upper(), path, operation, schemas)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    info = description["info"]
    return printed("api", "page", info["description"], info["version"], calls)


def _call(
    method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]
) -> _Call:
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    kind, body = next(iter(content.items()), ("", dict[str, Any]()))
    fields = _fields(body.get("schema", {}), schemas)
    named = tuple(
        (item["name"], _kind(item["schema"]), item["schema"].get("description", ""))
        for item in operation.get("parameters", ())
    )
    examples = [item["value"] for item in body.get("examples", {}).values()]
    ok: dict[str, Any] = next(iter(operation["responses"].values()))
    shown = ok.get("content", {}).get("application/json", {}).get("example")
    return _Call(
        method,
        path,
        operation.get("description") or operation.get("summary", ""),
        (*named, *fields),
        _pretty(examples[0]) if examples and kind == "application/json" else "",
        _pretty(shown) if shown else "",
    )


def _fields(
    schema: Mapping[str, Any], schemas: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    named = schemas.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)
    return tuple(
        (name, _kind(item), item.get("description", ""))
        for name, item in named.get("properties", {}).items()
    )


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind(item) for item in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("type", "any"))


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
