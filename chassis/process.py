"""A service as a process: its settings, its signals, its exit codes."""

import asyncio
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import structlog
import uvloop

from chassis import logs, tracing
from chassis.loading import load
from chassis.refusals import Unavailable
from chassis.runtime import Running, Service
from chassis.settings import ServiceSettings

log = structlog.get_logger()

S = TypeVar("S", bound=ServiceSettings)
# Connections that say nothing are files too; many systems give a process 1,024 unless it asks for more.
OPEN_FILES = 8_192


def main(kind: type[S], build: Callable[[S], Service]) -> None:
    """The process of a service: ends on SIGTERM or SIGINT, drained; 78 for wrong settings, 1 when it cannot start.

    With the argument `provide` it makes what the service stands on, and ends.
    """
    settings = load(kind)
    allow_open_files()
    logs.set_up(
        str(kind.model_config.get("env_prefix", "")).strip("_").lower(),
        format=settings.log_format,
        level=settings.log_level,
    )
    sys.exit(uvloop.run(_provide(settings, build) if sys.argv[1:] == ["provide"] else _run(settings, build)))


def allow_open_files() -> None:
    """As many as `OPEN_FILES`, or as many as the system lets a process have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        # macOS says infinity and means less.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


async def _provide(settings: S, build: Callable[[S], Service]) -> int:
    service = build(settings)
    try:
        await Running(service).provide()
    except (Unavailable, TimeoutError) as error:
        log.critical("cannot provide", error=str(error) or "NATS, or a stream that is heard, is not there")
        return 1
    log.info("provided", service=service.name)
    return 0


async def _run(settings: S, build: Callable[[S], Service]) -> int:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    service = build(settings)
    if settings.otlp_endpoint:
        tracing.set_up(service.name, settings.installation)
    running = Running(service)
    starting = asyncio.create_task(running.start())
    waiting: asyncio.Task[Any] = asyncio.create_task(ended.wait())
    await asyncio.wait((starting, waiting), return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and starting.exception() is not None:
        error = starting.exception()
        log.critical("cannot start", error=str(error) or type(error).__name__)
        return 1
    await ended.wait()
    starting.cancel()
    await running.stop()
    await tracing.shut_down()
    return 0
