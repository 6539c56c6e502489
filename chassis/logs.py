"""Structured logs: JSON in containers, readable on a terminal, with the correlation id of what is being done."""

import logging
import sys
import traceback
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


def trace(error: BaseException) -> str:
    """Where an error came from and of which type it is, the first cause first.

    Not what it says, and no variables: both may quote what somebody sent, or a setting.
    """
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    # An error may be its own cause's cause.
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        told.append(f"{frames}{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nand then\n".join(reversed(told))


def _with_trace(logger: Any, name: str, entry: Any) -> Any:
    given = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    return {**entry, "exception": trace(error)} if isinstance(error, BaseException) else entry


class _Lines(logging.Formatter):
    """What libraries log, with the same traces."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name == "asyncio":
            # Its further lines show a task with its arguments and what its error said.
            record.msg, record.args = record.getMessage().partition("\n")[0], None
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return trace(ei[1])


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
            _with_trace,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(_Lines("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)
