"""What the tests of money that comes back need."""

from typing import Any

from chassis.ports import berlin_day
from tests.support.city import Started
from tests.support.funds_grant import TREASURER


async def refund(funds: Started, grant_id: str, cents: int) -> Any:
    day = berlin_day(await funds.now()).isoformat()
    request = {"grant_id": grant_id, "amount_cents": cents, "received_on": day}
    return (await funds.call("GrantService/ReceiveRefund", request, TREASURER)).grant
