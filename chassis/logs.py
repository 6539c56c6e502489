"""Structured logs: JSON in containers, readable on a terminal, with the correlation id of what is being done."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from chassis.ports import new_id


def plain_id(given: str) -> str:
    """The correlation id that somebody sent when it is a plain one, else a new one."""
    return given if 0 < len(given) <= 64 and given.isascii() and given.isprintable() else new_id()


def correlation_id() -> str:
    """That of what is being done here; a new one where nothing set it."""
    return str(structlog.contextvars.get_contextvars().get("correlation_id", "")) or new_id()


@contextmanager
def correlated(id: str) -> Iterator[None]:
    """Every log entry of the block, and of the tasks that it starts, has this correlation id."""
    with structlog.contextvars.bound_contextvars(correlation_id=id):
        yield


def set_up(service: str, *, format: str, level: str) -> None:
    """One line an entry on stderr. Nothing that touches a person, and no secret, is ever given to a log call."""
    structlog.contextvars.clear_contextvars()
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    add_service = {"service": service}

    def with_service(logger: Any, name: str, entry: Any) -> Any:
        return {**add_service, **entry}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            with_service,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if format == "json" else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr, force=True)
