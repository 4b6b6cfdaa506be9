"""What programs can call, for people: a page made of the interface's own description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rag.export.templating import as_it_is
from rag.web.html.elements import printed

Schema = Mapping[str, Any]
_UNSEEN = re.compile(r"Body_|HTTPValidationError$|ValidationError$")  # FastAPI's own
_HEADER = '-H "Authorization: Bearer $TOKEN"'


@dataclass(frozen=True, slots=True)
class _Field:
    """One thing that a call takes, or that an object holds. `note`: as "required", "10 if not"."""

    name: str
    kind: str
    note: str
    about: str


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: what it does, what it takes, and how it is made and answered."""

    anchor: str
    method: str
    path: str
    about: Sequence[str]  # paragraphs
    takes: Sequence[_Field]
    curl: str
    examples: Sequence[tuple[str, str]]  # what it is, and what is sent
    gives: str  # the kind of its answer
    answer: str


@dataclass(frozen=True, slots=True)
class _Type:
    name: str
    about: Sequence[str]
    fields: Sequence[_Field]


def page(description: Mapping[str, Any], at: str) -> str:
    """Return the page of an OpenAPI description whose paths begin with the address `at`."""
    schemas = description.get("components", {}).get("schemas", {})
    calls = [
        _call(method.upper(), path, operation, schemas, at)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    bodies = {_name_of(_body(operation)[1]) for operation in _operations(description)}
    types = [
        _Type(name, _paragraphs(schema), _fields(schema))
        for name, schema in sorted(schemas.items())
        if schema.get("properties") and name not in bodies and not _UNSEEN.match(name)
    ]
    names, origin = [item.name for item in types], urlsplit(at)
    about = [description["info"]["description"], description["info"]["version"]]
    base = f"{origin.scheme}://{origin.netloc}"
    script = as_it_is("rag.web", "static/copying.js")
    return printed("api", "page", *about, base, calls, types, names, script)


def _operations(description: Mapping[str, Any]) -> Iterator[Schema]:
    for operations in description["paths"].values():
        yield from operations.values()


def _call(method: str, path: str, operation: Schema, schemas: Schema, at: str) -> _Call:
    kind, schema, shown = _body(operation)
    named = [
        _field(item["name"], item["schema"], bool(item.get("required")))
        for item in operation.get("parameters", ())
    ]
    succeeds = next(iter(operation["responses"].values()))["content"]["application/json"]
    answer = succeeds.get("example")
    return _Call(
        f"{method.lower()}{re.sub(r'[^a-z]+', '-', path).rstrip('-')}",
        method,
        path,
        _paragraphs(operation),
        [*named, *_fields(schemas.get(_name_of(schema), schema))],
        _curl(at + path.replace("{id}", (answer or {}).get("id", "ID")), kind, shown, operation),
        [(words, _pretty(item["value"])) for words, item in shown.items()],
        _kind(succeeds.get("schema", {})),
        _pretty(answer) if answer else "",
    )


def _body(operation: Schema) -> tuple[str, Schema, Mapping[str, Any]]:
    """Return a body's media type, its schema and its examples."""
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    kind, body = next(iter(content.items()), ("", dict[str, Any]()))
    return kind, body.get("schema", {}), body.get("examples", {})


def _curl(address: str, kind: str, shown: Mapping[str, Any], operation: Schema) -> str:
    """Return a line for a shell that makes the call."""
    sent = ""
    if kind == "multipart/form-data":
        sent = " \\\n  -F files=@article.pdf"
    elif shown:
        value = json.dumps(next(iter(shown.values()))["value"], ensure_ascii=False)
        sent = " \\\n  --json '{}'".format(value.replace("'", r"'\''"))
    elif any(item["in"] == "query" for item in operation.get("parameters", ())):
        first = next(item for item in operation["parameters"][::-1] if item["in"] == "query")
        sent = f" \\\n  -G -d {first['name']}={first['schema'].get('maximum', 10)}"
    return f"curl {address} \\\n  {_HEADER}{sent}"


def _fields(schema: Schema) -> list[_Field]:
    """Return what an object holds; where nothing may be missing, that is not said of each."""
    held, needed = schema.get("properties", {}), schema.get("required", ())
    whole = len(needed) == len(held) > 1
    return [_field(name, item, name in needed and not whole) for name, item in held.items()]


def _field(name: str, schema: Schema, needed: bool) -> _Field:
    default = schema.get("default")
    limits = [
        f"{word} {schema[key]:,.0f}"
        for key, word in (("minimum", "at least"), ("maximum", "at most"))
        if key in schema
    ]
    if "maxLength" in schema:
        limits.append(f"at most {schema['maxLength']:,} characters")
    says = ["required"] if needed else [f"{json.dumps(default)} if not given"] if default else []
    return _Field(name, _kind(schema), ", ".join([*says, *limits]), schema.get("description", ""))


def _name_of(schema: Schema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        return _name_of(schema)
    if "anyOf" in schema:
        return " or ".join(_kind(item) for item in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(json.dumps(item) for item in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    return str(schema.get("type", "any"))


def _paragraphs(schema: Schema) -> list[str]:
    said = schema.get("description") or schema.get("summary", "")
    return [" ".join(item.split()) for item in said.split("\n\n") if item.strip()]


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
