"""An acceptance that is taken back, interleaved with the money that moves on it: each pair of commands in both directions."""

from typing import Any

import pytest

from chassis.ports import berlin_day
from services.funds.domain.fund_rules import Payout
from services.funds.domain.grant import Grant
from tests.support.funds import OFFICE, a_pot
from tests.support.funds_grant import TREASURER, agreed, get_grant, pay, prove
from tests.support.interleaving import BOTH_WAYS, Asked, Command, Replicas, asking, at_every_step, in_turn

pytestmark = pytest.mark.timeout(300)
PROOF_SUBMITTED, PROOF_ACCEPTED = 5, 7


def _against(both: Replicas, grant: Grant, other: Asked, turned: bool) -> tuple[Command, Command]:
    """The acceptance is taken back, and `other` let in there, or turned round."""
    reopen = asking("ProofService/ReopenProof", OFFICE, "office", grant_id=grant.id, reason="vertippt")
    return in_turn(both, reopen, other, turned)


@BOTH_WAYS
async def test_a_refund_comes_in_or_its_claim_is_withdrawn_and_never_both(both: Replicas, turned: bool) -> None:
    pot = await a_pot(both.one)
    grants: list[Grant] = []

    async def prepare() -> tuple[Command, Command]:
        today = berlin_day(await both.one.now()).isoformat()
        grants.append(await agreed(both.one, pot, payout=Payout.ADVANCE))
        await pay(both.one, grants[-1], 50_000)
        await prove(both.one, grants[-1], 40_000, 30_000)
        came: dict[str, Any] = {"grant_id": grants[-1].id, "amount_cents": 5_000, "received_on": today}
        return _against(both, grants[-1], asking("GrantService/ReceiveRefund", TREASURER, "treasurer", **came), turned)

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.reasons in (["GRANT_NOT_READY"], ["REFUND_ALREADY_RECEIVED"]), outcome
        stands = (seen.status, seen.refund_claimed_cents, seen.refunded_cents)
        is_reopened = outcome.reasons == ["GRANT_NOT_READY"]
        assert stands == ((PROOF_SUBMITTED, 0, 0) if is_reopened else (PROOF_ACCEPTED, 20_000, 5_000))


@BOTH_WAYS
async def test_nothing_is_ordered_on_an_acceptance_that_is_taken_back_at_that_moment(
    both: Replicas, turned: bool
) -> None:
    pot = await a_pot(both.one)
    grants: list[Grant] = []

    async def prepare() -> tuple[Command, Command]:
        grants.append(await agreed(both.one, pot))
        await prove(both.one, grants[-1], 40_000, 30_000)
        more: dict[str, Any] = {"grant_id": grants[-1].id, "amount_cents": 20_000}
        return _against(both, grants[-1], asking("PaymentService/OrderPayment", TREASURER, "clerk", **more), turned)

    async for outcome in at_every_step(prepare):
        seen = await get_grant(both.one, grants[-1], TREASURER)
        assert outcome.reasons in (["PAYMENT_EXCEEDED"], ["PAYMENT_IN_FLIGHT"]), outcome
        stands = (seen.status, seen.accepted_cents, seen.in_flight_cents)
        is_reopened = outcome.reasons == ["PAYMENT_EXCEEDED"]
        assert stands == ((PROOF_SUBMITTED, 0, 0) if is_reopened else (PROOF_ACCEPTED, 30_000, 20_000))
