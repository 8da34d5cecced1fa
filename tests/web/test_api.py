"""The interface for the operations centre: its document describes every answer, and a token opens it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config import Secrets
from bot.storage import inbox, outbox
from bot.storage.inbox import Incoming
from bot.storage.outbox import Lane, Outgoing
from bot.web.api import DOCUMENT
from bot.web.front import Front
from tests.clock import VirtualClock
from tests.web.conftest import API, METRICS, WARD, Site, opened

PATH = "/api/v1/indicators"
TOKEN = {"Authorization": f"Bearer {API}"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}


def wrong(schema: dict[str, Any], value: Any, where: str = "") -> Iterator[str]:
    """Where ``value`` is not as the part of JSON Schema that our document uses says."""
    if reference := schema.get("$ref"):
        part: Any = json.loads(DOCUMENT.read_text(encoding="utf-8"))
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]
        yield from wrong(part, value, where)
        return
    if "anyOf" in schema:
        if all(list(wrong(each, value)) for each in schema["anyOf"]):
            yield f"{where}: fits none"
        return
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(kind, value) for kind in kinds):
        yield f"{where}: {value!r} is no {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not listed"
    if (
        value is not None
        and value != ""
        and schema.get("format") == "date"
        and not re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    ):
        yield f"{where}: {value!r} is no date"
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        yield f"{where}: {value} is too small"
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from wrong(schema["items"], each, f"{where}[{place}]")
    if isinstance(value, dict) and "properties" in schema:
        if missing := set(schema["required"]) - value.keys():
            yield f"{where}: without {missing}"
        for name, each in value.items():
            if name not in schema["properties"]:
                yield f"{where}.{name}: unknown"
            else:
                yield from wrong(schema["properties"][name], each, f"{where}.{name}")


def _is(kind: str, value: Any) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind]) and not (kind == "integer" and isinstance(value, bool))


async def described(site: Site, path: str, status: int, media: str) -> dict[str, Any]:
    """The schema of an answer by the document that the site itself hands out."""
    document = (await site.client.get("/api/v1/openapi.json", headers=TOKEN)).json()
    answer = document["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    found: dict[str, Any] = answer["content"][media]["schema"]
    return found


@pytest.mark.parametrize("query", ["", "?period=2026", "?period=2026-11&set=THU", f"?area={WARD}", "?area=25750"])
async def test_figures_are_as_the_document_describes_them(site: Site, query: str) -> None:
    for _ in range(3):
        await site.learns()
    answer = await site.client.get(PATH + query, headers=TOKEN)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    schema = await described(site, PATH, 200, "application/json")
    assert list(wrong(schema, answer.json())) == []


async def test_figures_are_those_of_the_period_and_the_ward(site: Site) -> None:
    await site.learns()
    await site.learns(ward=None)
    await site.learns(day="2026-07-01")

    async def workers(query: str) -> Any:
        found = (await site.client.get(PATH + query, headers=TOKEN)).json()
        return next(each for each in found["indicators"] if each["id"] == "cong_nhan")

    whole, ward = await workers("?period=2026-Q4"), await workers(f"?period=2026-Q4&area={WARD}")
    assert (whole["value"], whole["new"], whole["share"]) == (3, 2, 1.5)
    assert (ward["value"], ward["new"], ward["denominator"]["value"]) == (2, 1, 40)
    assert (await workers("?period=2026-Q2"))["value"] == 0


async def test_a_ward_without_a_denominator_has_neither_share_nor_distance_to_the_target(site: Site) -> None:
    await site.learns(ward="25750")
    found = (await site.client.get(f"{PATH}?area=25750", headers=TOKEN)).json()["indicators"][0]
    assert (found["value"], found["share"], found["reached"], found["missing"]) == (1, None, None, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [("?period=x", 400), ("?period=1999", 400), ("?area=99999", 404), ("?set=x", 400), ("?perod=2026", 400)],
)
async def test_what_cannot_be_answered_says_what_helps(site: Site, query: str, status: int) -> None:
    answer = await site.client.get(PATH + query, headers=TOKEN)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert list(wrong(await described(site, PATH, status, "application/problem+json"), answer.json())) == []
    assert answer.json()["remedy"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer sai", f"Basic {API}", f"Bearer {API}x", API, "Bearer đ"]
)
@pytest.mark.parametrize("path", [PATH, "/api/v1/openapi.json"])
async def test_without_the_token_nothing_is_said(site: Site, path: str, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = await site.client.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert list(wrong(await described(site, PATH, 401, "application/problem+json"), answer.json())) == []


async def test_a_cookie_of_the_pages_opens_no_interface(site: Site) -> None:
    await site.sign_in(role="admin")
    assert (await site.client.get(PATH)).status_code == 401
    assert (await site.client.get("/metrics")).status_code == 401


async def test_without_a_token_in_the_environment_the_interface_stays_closed(front: Front) -> None:
    async with opened(dataclasses.replace(front, secrets=Secrets())) as site:
        for header in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer None"}):
            answer = await site.client.get(PATH, headers=header)
            assert answer.status_code == 503
            assert "API_TOKEN" in answer.json()["remedy"]


async def numbers(site: Site, **headers: str) -> dict[str, float]:
    text = (await site.client.get("/metrics", headers=headers)).text
    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_figures_of_operation_say_what_waits_and_what_became_of_it(site: Site, clock: VirtualClock) -> None:
    await site.learns(day="2026-11-24")
    await site.learns(day="2026-11-24")
    async with site.front.database.write() as tx:
        await inbox.put(tx, [Incoming("telegram", 1, "5", {})], clock.now())
        await outbox.put(tx, [Outgoing("telegram", "5", Lane.BULK, {})], clock.now())
    clock.move(30)
    found = await numbers(site, Authorization=f"Bearer {METRICS}")
    assert found["assistant_inbox_waiting"] == 1
    assert found["assistant_inbox_oldest_seconds"] == 30
    assert (found["assistant_outbox_waiting/bulk"], found["assistant_outbox_waiting/interactive"]) == (1, 0)
    assert found["assistant_letters/sent"] == 0
    assert (found["assistant_completions_today/course"], found["assistant_completions_today/lesson"]) == (2, 2)
    assert found["assistant_database_bytes"] > 100_000
    assert found["process_start_time_seconds"] == (clock.now().timestamp() - 30)
    clock.move(24 * 3600)
    later = await numbers(site, Authorization=f"Bearer {METRICS}")
    assert later["assistant_completions_today/course"] == 0


async def test_with_a_token_even_this_machine_needs_it(site: Site) -> None:
    assert (await site.client.get("/metrics")).status_code == 401


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_without_a_token_only_this_machine_itself_reads_them(front: Front, header: str) -> None:
    async with opened(dataclasses.replace(front, secrets=Secrets())) as site:
        assert (await site.client.get("/metrics")).status_code == 200
        assert (await site.client.get("/metrics", headers={header: "127.0.0.1"})).status_code == 403
