"""Logs say where an error came from, and nothing that somebody sent: neither its words nor the variables around it."""

import asyncio
import io
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from chassis import logs

SECRET = "Geheim4711"


@pytest.fixture(params=["json", "text"])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a service of this format has written to stderr."""
    stream, root = io.StringIO(), logging.getLogger()
    monkeypatch.setattr(sys, "stderr", stream)
    before, level = root.handlers[:], root.level
    logs.set_up("test", format=request.param, level="debug")
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def _fail(request: str) -> None:
    try:
        int(request)
    except ValueError as error:
        raise RuntimeError(f"cannot use {request}") from error


def _failed() -> RuntimeError:
    with pytest.raises(RuntimeError) as caught:
        _fail(SECRET)
    return caught.value


def test_a_bug_is_logged_with_its_place_and_its_cause_alone(written: io.StringIO) -> None:
    structlog.get_logger().error("a call met a bug", exc_info=_failed())
    said = written.getvalue()
    assert "builtins.ValueError" in said
    assert "builtins.RuntimeError" in said
    assert "test_logs.py" in said
    assert "in _fail" in said
    assert SECRET not in said


def test_what_libraries_log_of_an_error_is_no_more(written: io.StringIO) -> None:
    error = _failed()
    logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
    assert "builtins.RuntimeError" in written.getvalue()
    assert SECRET not in written.getvalue()


async def test_a_task_that_nobody_waited_for_does_not_show_its_error(written: io.StringIO) -> None:
    context = {"message": "Task exception was never retrieved", "exception": _failed(), "future": SECRET}
    asyncio.get_running_loop().default_exception_handler(context)
    assert "never retrieved" in written.getvalue()
    assert "builtins.RuntimeError" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_an_error_that_is_the_cause_of_its_own_cause_is_told_once(written: io.StringIO) -> None:
    first, second = ValueError("first"), RuntimeError("second")
    first.__cause__, second.__cause__ = second, first
    structlog.get_logger().error("a bug", exc_info=first)
    assert written.getvalue().count("RuntimeError") == 1
    assert written.getvalue().count("ValueError") == 1
