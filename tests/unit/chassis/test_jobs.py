"""The endless jobs of a service go on, whatever ends them, and only a bug is told as one."""

import asyncio

import pytest
from structlog.testing import capture_logs

from chassis import runtime
from chassis.refusals import Unavailable


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Unavailable("STORE_AWAY", "The store does not answer."), ("warning", "a job waits for what is away")),
        (ValueError("a bug"), ("error", "a job ended by a bug; it begins anew")),
    ],
)
async def test_a_job_that_fails_begins_anew(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: tuple[str, str]
) -> None:
    monkeypatch.setattr(runtime, "JOB_PAUSE_SECONDS", 0)
    again = asyncio.Event()
    fails = iter((error,))

    async def job() -> None:
        for one in fails:
            raise one
        again.set()
        await asyncio.Event().wait()

    with capture_logs() as lines:
        running = asyncio.create_task(runtime._forever(job))
        await again.wait()
        running.cancel()
    assert [(line["log_level"], line["event"]) for line in lines] == [told]
