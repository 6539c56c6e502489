"""What the office and the treasurer do about a proof in a running service: accept it, take that back, book the refund, settle."""

from typing import Any

from chassis.ports import Role, berlin_day
from services.funds.domain.grant import Grant
from tests.support.city import Started
from tests.support.funds import OFFICE
from tests.support.funds_grant import TREASURER

SLIP = "eine Null zu wenig"


async def reopen(funds: Started, grant: Grant, *roles: Role, **fields: Any) -> Any:
    request = {"grant_id": grant.id, "reason": SLIP} | fields
    return (await funds.call("ProofService/ReopenProof", request, *(roles or (OFFICE,)), sub="head")).grant


async def accept(funds: Started, grant: Grant, cents: int) -> Any:
    request = {"grant_id": grant.id, "accepted_cents": cents, "reason": "nicht alles zählt"}
    return (await funds.call("ProofService/AcceptProof", request, OFFICE, sub="office")).grant


async def refund(funds: Started, grant: Grant, cents: int) -> Any:
    day = berlin_day(await funds.now()).isoformat()
    request = {"grant_id": grant.id, "amount_cents": cents, "received_on": day}
    return (await funds.call("GrantService/ReceiveRefund", request, TREASURER)).grant


async def settle(funds: Started, grant: Grant) -> Any:
    return (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE, sub="office")).grant
