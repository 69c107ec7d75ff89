"""The description of the API, made from its code: docs/openapi.yaml, and /api/v1/openapi.json for everybody."""

from __future__ import annotations

import functools
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.plumbing import normalize_result_object

from hotline.api.problems import PROBLEM_JSON, VERSION_HEADER, WORDS
from hotline.api.throttle import RATES, READING, WRITING

ABOUT = gettext_noop(
    "Connects first-line legal workers with the social lawyer on duty. Ask, follow, and see who is on duty. "
    "Everything a person may see and do on the pages, and nothing else: a token belongs to one person. "
    "Moments are in UTC. Errors are application/problem+json and tell all faults at once. "
    "At most {reading} for reading and {writing} for writing, per token and per server process."
)
ALWAYS = (401, 405, 406, 429, 500)
WITH_PARAMETERS = (400,)
WITH_PATH = (403, 404)
WITH_BODY = (400, 403, 409, 413, 415, 422)
ENUM_MARK = "x-spec-enum-id"  # the generator's own, of no use to a reader


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "hotline.api.tokens.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": _("A token of one person, made by the administrator."),
        }


def complete(result: dict[str, Any], generator: SchemaGenerator, request: Any, public: bool) -> dict[str, Any]:
    """What holds for every endpoint and is therefore written once: errors, the version header, what we are."""
    components = result["components"]
    components["schemas"]["Probleem"] = _problem()
    components["headers"] = {"ApiVersion": {"description": _("Version of the API."), "schema": {"type": "string"}}}
    components["responses"] = {f"Fout{status}": _error(status) for status in WORDS}
    for path, methods in result["paths"].items():
        for operation in methods.values():
            for answer in operation["responses"].values():
                answer["description"] = answer["description"] or operation["summary"]
                answer["headers"] = answer.get("headers", {}) | _version()
            for status in _errors_of(path, operation):
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/Fout{status}"}
            operation["responses"] = dict(sorted(operation["responses"].items()))
    for schema in components["schemas"].values():
        for field in schema["properties"].values():
            field.pop(ENUM_MARK, None)
    result["info"]["description"] = _(ABOUT).format(reading=RATES[READING], writing=RATES[WRITING])
    return result


def _errors_of(path: str, operation: dict[str, Any]) -> tuple[int, ...]:
    """The errors that this operation can answer."""
    has_body = "requestBody" in operation
    return (
        *ALWAYS,
        *(WITH_PARAMETERS if operation.get("parameters") else ()),
        *(WITH_PATH if "{" in path else ()),
        *(WITH_BODY if has_body else ()),
    )


def _error(status: int) -> dict[str, Any]:
    title, _advice = WORDS[status]
    headers = _version()
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}}
    if status == 405:
        headers["Allow"] = {"schema": {"type": "string"}}
    if status == 429:
        headers["Retry-After"] = {"description": _("Seconds."), "schema": {"type": "integer"}}
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Probleem"}}}
    return {"description": _(title), "headers": headers, "content": content}


def _problem() -> dict[str, Any]:
    """What `problems.problem` makes."""
    about = {
        "type": _("Stable name of what is wrong; about:blank when the status says it."),
        "title": _("What is wrong."),
        "status": _("The status of the answer."),
        "detail": _("What to do."),
    }
    own = {name: {"type": "string", "description": text} for name, text in about.items()}
    own["type"]["format"] = "uri"
    own["status"]["type"] = "integer"
    parts = {
        "veld": {"type": "string", "description": _("Name of the field, parameter or header; empty for the whole.")},
        "tekst": {"type": "string", "description": _("What is wrong with it.")},
    }
    fault = {"type": "object", "properties": parts, "required": [*parts]}
    faults = {"type": "array", "items": fault, "description": _("All faults at once.")}
    return {"type": "object", "properties": {**own, "fouten": faults}, "required": [*own, "fouten"]}


def _version() -> dict[str, Any]:
    return {VERSION_HEADER: {"$ref": "#/components/headers/ApiVersion"}}


@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """For everybody, from every site."""
    answer = HttpResponse(_document(), content_type="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@functools.cache
def _document() -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        described = normalize_result_object(SchemaGenerator().get_schema(public=True))
        return json.dumps(described, ensure_ascii=False).encode()
