"""What an operator looks at: every figure of every dashboard has data once the story was played, every alert is tested."""

import asyncio
import json
import math
import re
import time
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import pytest_asyncio

from kiezctl.home import ROOT
from kiezctl.ports import HOST, SERVICES
from tests.compose.stack import Stack
from tests.support.city import eventually

pytestmark = pytest.mark.timeout(300)
BOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
# Counted from outside of our own metrics.
PROMETHEUS_OWN = {"ALERTS", "up"}
LOOKED_BACK_SECONDS = 1_800
JOBS = {"actors", "funds", "events", "notify", "operator"}


def _queries(board: Path) -> list[tuple[str, str]]:
    panels: list[dict[str, Any]] = json.loads(board.read_text(encoding="utf-8"))["panels"]
    return [(panel["title"], target["expr"]) for panel in panels for target in panel.get("targets", ())]


@pytest_asyncio.fixture(scope="module", autouse=True)
async def somebody_is_refused(stack: Stack) -> None:
    """What nobody did yet has no figures."""
    await stack.ready()
    for service in SERVICES:
        async with grpc.aio.secure_channel(stack.grpc(service)[0], stack.channel_credentials) as channel:
            invoke: Any = channel.unary_unary("/kiezwerk.operator.v1.OperatorService/GetOutboxStatus")
            with pytest.raises(grpc.aio.AioRpcError):
                await invoke(b"", timeout=10)


async def _ask(stack: Stack, path: str, **query: Any) -> Any:
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{stack.port('PROMETHEUS_PORT')}", timeout=30) as web:
        answer = await web.get(f"/api/v1/{path}", params=query)
        assert answer.is_success, f"{query}: {answer.text}"
        return answer.json()["data"]


async def _found(stack: Stack, query: str) -> bool:
    """Whether there was any figure since the stack came up."""
    now = time.time()
    data = await _ask(
        stack,
        "query_range",
        query=query.replace("$__rate_interval", "1m"),
        start=now - LOOKED_BACK_SECONDS,
        end=now,
        step=15,
    )
    values = [float(value) for curve in data["result"] for _, value in curve["values"]]
    return any(math.isfinite(value) for value in values)


async def test_every_part_is_scraped(stack: Stack) -> None:
    async def all_up() -> bool:
        targets = (await _ask(stack, "targets", state="active"))["activeTargets"]
        return {target["labels"]["job"] for target in targets if target["health"] == "up"} == JOBS

    await stack.ready()
    await eventually(all_up, 60)


@pytest.mark.parametrize("board", BOARDS, ids=lambda path: path.stem)
async def test_every_panel_of_a_dashboard_finds_data(stack: Stack, board: Path) -> None:
    queries = _queries(board)
    assert len(queries) >= 10

    async def all_found() -> bool:
        return all([await _found(stack, query) for _, query in queries])

    try:
        await eventually(all_found, 45)
    except AssertionError:
        empty = [title for title, query in queries if not await _found(stack, query)]
        assert not empty, f"no data for {empty}"


def test_every_panel_asks_for_metrics_that_there_are() -> None:
    there = set(
        re.findall(r"^\| `(kiez_\w+)`", (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    asked = {
        name.removesuffix("_bucket")
        for board in BOARDS
        for _, query in _queries(board)
        for name in re.findall(r"\b(kiez_\w+|ALERTS|up)\b(?=[{\[)\s]|$)", query)
    }
    assert asked <= there | PROMETHEUS_OWN


async def test_rules_and_alerts_are_as_promtool_wants_them(stack: Stack) -> None:
    def promtool(*words: str) -> str:
        return stack.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "promtool", "prometheus", *words)

    said = await asyncio.to_thread(promtool, "check", "config", "/etc/prometheus/prometheus.yml")
    assert "SUCCESS" in said
    said = await asyncio.to_thread(promtool, "test", "rules", "/etc/prometheus/alerts.test.yml")
    assert "SUCCESS" in said


async def test_nothing_is_to_be_woken_for(stack: Stack) -> None:
    alerts = (await _ask(stack, "alerts"))["alerts"]
    assert [one["labels"]["alertname"] for one in alerts if one["state"] == "firing"] == []
