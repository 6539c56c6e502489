"""Commands to funds that tests interleave."""

from typing import Any

import pytest

from chassis.ports import Role
from tests.support.city import Started
from tests.support.funds import OFFICE
from tests.support.funds_round import Round
from tests.support.interleaving import Command

pytestmark = pytest.mark.timeout(300)


async def admitted(call: Round, cents: int) -> Any:
    application = await call.apply(cents)
    await call.check("AdmitApplication", application)
    return application


def calling(funds: Started, rpc: str, *roles: Role, sub: str = "office", **fields: Any) -> Command:
    return lambda: funds.call(rpc, fields, *(roles or (OFFICE,)), sub=sub)
