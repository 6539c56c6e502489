"""Calls to the services of a running system, with the operator's token and a deadline."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

import grpc

from kiezctl.endpoints import Endpoints, named_endpoints
from kiezctl.home import Home, find_home
from kiezctl.issuer import Grant, LocalIssuer, open_issuer
from kiezctl.run_file import find_run
from kiezctl.wire import open_channel

SECONDS = 10.0
VARIABLE = "KIEZ_OPERATOR_TOKEN_FILE"
Metadata = tuple[tuple[str, str], ...]


def running() -> Endpoints:
    """The system that KIEZ_ENDPOINTS names, else that of this copy; raises NotRunning."""
    return named_endpoints() or find_run(find_home()).endpoints


def as_operator() -> Metadata:
    """The call's metadata of an operator of the whole city: by the token in the file that KIEZ_OPERATOR_TOKEN_FILE names.

    Where there is no such file, by one of this copy's own, good for ten minutes.
    """
    named = os.environ.get(VARIABLE)
    if named and Path(named).is_file():
        token = Path(named).read_text(encoding="utf-8").strip()
    else:
        token = _issuer(find_home()).token("kiezctl", Grant("operator"), Grant("auditor"), ttl=timedelta(minutes=10))
    return (("authorization", f"Bearer {token}"),)


@cache
def _issuer(home: Home) -> LocalIssuer:
    # Reading the key checks it, which takes a tenth of a second.
    return open_issuer(home)


@asynccontextmanager
async def channel(run: Endpoints, service: str) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to one service, closed at the end of the block."""
    async with open_channel(run.grpc(service)) as opened:
        yield opened
