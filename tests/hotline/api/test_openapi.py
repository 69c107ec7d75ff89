"""The description is valid, keeps the API design rules of the Dutch government, and is the one that is committed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate

ROOT = Path(__file__).resolve().parents[3]
VERBS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def generated() -> str:
    out = StringIO()
    call_command("spectacular", fail_on_warn=True, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def document(generated: str) -> Any:
    return yaml.safe_load(generated)


def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [(path, verb, one) for path, verbs in document["paths"].items() for verb, one in verbs.items()]


def resolved(document: Any, node: Any) -> Any:
    """The node itself, or what its reference points to."""
    while "$ref" in node:
        found = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def fields(document: Any) -> Iterator[tuple[str, Any]]:
    """Every named property of every schema."""
    for schema in document["components"]["schemas"].values():
        yield from schema["properties"].items()


def test_the_committed_description_is_the_generated_one(generated: str) -> None:
    committed = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
    assert committed == generated, "Run .venv/bin/python -m deploy.openapi --write"


def test_the_description_is_valid_openapi(document: Any) -> None:
    validate(document)
    assert re.fullmatch(r"3\.[01]\.\d+", document["openapi"])


def test_everybody_may_read_the_description_from_every_site(document: Any) -> None:
    answer = Client().get("/api/v1/openapi.json", headers={"Origin": "https://elders.example.nl"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["API-Version"] == document["info"]["version"]
    assert json.loads(answer.content) == document


def test_the_description_says_who_to_ask_and_which_version_it_is(document: Any) -> None:
    assert all(document["info"]["contact"][part] for part in ("name", "email", "url"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert [server["url"] for server in document["servers"]] == ["/api/v1"]
    assert document["info"]["license"]["name"] == "EUPL-1.2"


def test_addresses_are_kebab_case_and_end_without_a_slash(document: Any) -> None:
    assert set(document["paths"]) == {
        "/rechtsgebieden",
        "/regios",
        "/van-dienst",
        "/vragen",
        "/vragen/{referentie}",
        "/vragen/{referentie}/berichten",
        "/vragen/{referentie}/uitkomst",
    }
    for path in document["paths"]:
        assert re.fullmatch(r"(/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z]+\}))+", path)


def test_every_operation_has_its_own_name_and_a_summary(document: Any) -> None:
    names = [operation["operationId"] for _path, _verb, operation in operations(document)]
    assert len(names) == len(set(names))
    assert all(operation["summary"] for _path, _verb, operation in operations(document))
    assert {verb for _path, verb, _operation in operations(document)} <= VERBS


def test_the_parameters_of_the_address_are_described_and_queries_are_camel_case(document: Any) -> None:
    for path, _verb, operation in operations(document):
        given = operation.get("parameters", [])
        in_path = {one["name"] for one in given if one["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path))
        assert all(one["description"] for one in given)
        for one in given:
            assert one["in"] != "query" or re.fullmatch(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", one["name"])


def test_every_answer_tells_the_version(document: Any) -> None:
    for path, verb, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert "API-Version" in resolved(document, answer)["headers"], (path, verb, status)


def test_every_error_is_a_problem(document: Any) -> None:
    for path, verb, operation in operations(document):
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"401", "406", "429", "500"} <= set(errors)
        assert "400" in errors or not (operation.get("parameters") or verb != "get")
        assert ("404" in errors) == ("{" in path)
        assert ({"409", "413", "415", "422"} <= set(errors)) == (verb == "post")
        for answer in errors.values():
            content = resolved(document, answer)["content"]
            assert list(content) == ["application/problem+json"]
            schema = resolved(document, content["application/problem+json"]["schema"])
            assert (
                {"type", "title", "status", "detail", "fouten"} == set(schema["properties"]) == set(schema["required"])
            )


def test_schemas_are_pascal_case_and_their_fields_camel_case(document: Any) -> None:
    for name in document["components"]["schemas"]:
        assert re.fullmatch(r"([A-Z][a-z0-9]*)+", name)
    for name, _schema in fields(document):
        assert re.fullmatch(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", name)


def test_days_are_dates_and_moments_are_date_times(document: Any) -> None:
    formats: dict[str, set[str]] = {"date": set(), "date-time": set(), "uri": set()}
    for name, schema in fields(document):
        if "format" in schema:
            formats[schema["format"]].add(name)
    assert formats["date"] == {"laatsteDag", "vervolgOp", "dag"}
    assert {"moment", "tot", "uiterlijk", "op", "ingediendOp", "antwoordVoor"} <= formats["date-time"]
    assert formats["date"].isdisjoint(formats["date-time"])


def test_the_description_is_dutch(generated: str) -> None:
    assert re.findall(r"\b(?:the|and|which|asked|with)\b", generated) == []
