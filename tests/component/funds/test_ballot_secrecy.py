"""A vote leaves nothing behind: no log entry, no trace, no count of its caller; and codes cannot be guessed."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from chassis import tracing
from services.funds.domain.voting_code import printed
from tests.support.city import City, Started, a_quiet_city
from tests.support.client import Refused, refused
from tests.support.funds_ballot import Voting, a_voting


@pytest_asyncio.fixture
async def spans() -> AsyncIterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    tracing.set_up("funds", "test", processor=SimpleSpanProcessor(kept))
    yield kept
    await tracing.shut_down()


@pytest_asyncio.fixture
async def alone(city: City) -> AsyncIterator[Started]:
    """Nobody says anything that it hears: what it does is what is asked of it here."""
    async with a_quiet_city(city) as quiet, quiet.service("funds") as funds:
        yield funds


async def test_a_vote_is_in_no_log_and_no_trace_also_where_all_is_logged(
    alone: Started, spans: InMemorySpanExporter
) -> None:
    voting = await a_voting(alone, 100, 200)
    await voting.begin()
    spans.clear()
    with capture_logs() as entries:
        await voting.cast(voting.codes[0], 0)
        with refused("CODE_UNKNOWN"):
            await voting.cast(printed(b"0123456789"), 0)
        await voting.get()
    assert "CastBallot" not in str(entries)
    assert [entry["rpc"] for entry in entries if entry["event"] == "call"] == ["GetBallot"]
    assert {
        span.name for span in spans.get_finished_spans() if "transaction" in span.name or "Cast" in span.name
    } == set()
    assert any("GetBallot" in span.name for span in spans.get_finished_spans())
    assert voting.codes[0] not in str(entries)


async def test_ten_wrong_codes_a_minute_and_then_not_even_right_ones(city: City) -> None:
    # Where also this machine's calls are counted.
    async with city.service("funds", KIEZ_UNCOUNTED_NETWORKS="", KIEZ_OPEN_CALLS_PER_SECOND=0) as strict:
        voting = await a_voting(strict, 100, 200)
        await voting.begin()
        await _guess(voting)


async def _guess(voting: Voting) -> None:
    for number in range(12):
        await voting.cast(voting.codes[number], 0)
    reasons = []
    for number in range(14):
        with pytest.raises(Refused) as told:
            await voting.cast(printed(bytes([number] * 10)) if number % 2 else "x", 1)
        reasons.append(told.value.reason)
    assert set(reasons[:10]) == {"CODE_MISTYPED", "CODE_UNKNOWN"}
    assert reasons[-1] == "RATE_LIMITED"
    with refused("RATE_LIMITED", "RESOURCE_EXHAUSTED"):
        await voting.cast(voting.codes[0], 0)
