"""The OpenAPI 3.1 document, and the same as a page to read: no script, nothing from elsewhere."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from belvedere.faces.rest.api import api
from belvedere.faces.rest.problems import MEDIA_TYPE
from belvedere.faces.rest.resources.measures import GEOJSON
from belvedere.faces.rest.schemas.measures import FeatureCollection
from belvedere.faces.rest.schemas.shared import Problem

PREFIX = "api/v1"
_REF = "#/components/schemas/{model}"


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    made: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=PREFIX)))
    schemas = made["components"]["schemas"]
    for model in (Problem, FeatureCollection):
        schema = model.model_json_schema(ref_template=_REF, mode="serialization")
        schemas.update(schema.pop("$defs", {}))
        schemas[model.__name__] = schema
    failure = {
        "description": "A problem (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
    for operations in made["paths"].values():
        for operation in operations.values():
            answers = {str(status): answer for status, answer in operation["responses"].items()}
            if operation["operationId"] == "map_measures":
                answers["200"]["content"] = {GEOJSON: answers["200"]["content"]["application/json"]}
            if "200" in answers:
                answers["304"] = {"description": "Not modified since the ETag you sent"}
            operation["responses"] = {**answers, "4XX": failure}
    made["components"]["securitySchemes"] = {
        name: {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token of your account, bv_…",
        }
        for name in ("Token", "TokenRequired")
    }
    return made


def document() -> dict[str, Any]:
    """The document, with the address of this platform."""
    return {**_document(), "servers": [{"url": settings.PUBLIC_URL}]}


def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(document())


def operations(request: HttpRequest) -> HttpResponse:
    """The operations one can read in a browser."""
    made = document()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("description", ""),
                    "id": operation["operationId"],
                    "parameters": [_parameter(one) for one in operation.get("parameters", [])],
                    "body": _body(made, operation),
                    "token": {} not in operation.get("security", []),
                }
            )
    context = {"groups": groups, "document": made, "public_url": settings.PUBLIC_URL}
    return render(request, "rest/operations.html", context)


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    inner = schema.get("items", schema)
    values = inner.get("enum", [])
    return {
        "name": one["name"],
        "where": one["in"],
        "required": one["required"],
        "text": one.get("description", ""),
        "values": ", ".join(str(value) or "“”" for value in values),
        "many": schema.get("type") == "array",
    }


def _body(made: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of what is sent."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return []
    name = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
    schema = made["components"]["schemas"].get(name, content["schema"])
    required = set(schema.get("required", []))
    return [
        {"name": key, "required": key in required, "text": one.get("description", "")}
        for key, one in schema.get("properties", {}).items()
    ]
