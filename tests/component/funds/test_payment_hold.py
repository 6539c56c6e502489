"""Money waits while the record of its recipient is lapsed or archived."""

from chassis.ports import new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds import a_pot
from tests.support.funds_grant import agreed, get_budget, get_grant, order
from tests.support.funds_payment import a_released, export, on_day, read


async def test_money_waits_for_a_recipient_whose_record_has_lapsed_until_it_is_confirmed(
    city: City, funds: Started
) -> None:
    pot = await a_pot(funds)
    actor = {"id": new_id(), "region": "114009", "name": "Kiezgarten", "kind": "association", "status": "active"}
    grant = await agreed(funds, pot, payout=Payout.ADVANCE, recipient_actor_id=actor["id"])
    ordered, released = await order(funds, grant, 100), await order(funds, grant, 200)
    await on_day(funds, "ReleasePayment", released)
    await funds.knows(*await city.say("actors", "actor_registered", actor))
    await funds.knows(*await city.say("actors", "verification_lapsed", actor))
    await funds.knows(*await city.say("actors", "actor_updated", actor | {"name": "Kiezgarten e. V."}))
    with refused("PAYMENT_HELD", "FAILED_PRECONDITION"):
        await order(funds, grant, 300)
    with refused("PAYMENT_HELD", "FAILED_PRECONDITION"):
        await on_day(funds, "ReleasePayment", ordered)
    with refused("NOTHING_TO_EXPORT", "FAILED_PRECONDITION"):
        await export(funds, pot)
    other = await a_released(funds, pot, recipient_actor_id="")
    left = (await export(funds, pot)).left_out
    assert [(one.payment_id, one.reason) for one in left] == [(released.id, "PAYMENT_HELD")]
    assert (await read(funds, other)).status == 5
    seen = await funds.call("GrantService/GetGrant", {"grant_id": grant.id}, sub=grant.applicant_sub)
    assert (seen.payment_hold, (await get_grant(funds, grant)).id) == (2, grant.id)
    await funds.knows(*await city.say("actors", "actor_verified", actor))
    await on_day(funds, "ReleasePayment", ordered)
    assert (await export(funds, pot)).payment_file.payments == 2


async def test_money_waits_while_the_record_is_archived_also_of_the_one_it_was_merged_into(
    city: City, funds: Started
) -> None:
    old = {"id": new_id(), "region": "114009", "name": "Alt", "kind": "association", "status": "active"}
    new = old | {"id": new_id(), "name": "Neu"}
    grant = await agreed(funds, payout=Payout.ADVANCE, recipient_actor_id=old["id"])
    await funds.knows(*await city.say("actors", "actor_archived", new | {"status": "archived"}))
    await funds.knows(*await city.say("actors", "actor_updated", old | {"status": "merged", "merged_into": new["id"]}))
    with refused("PAYMENT_HELD", "FAILED_PRECONDITION"):
        await order(funds, grant, 100)
    await funds.knows(*await city.say("actors", "actor_restored", new))
    await order(funds, grant, 100)
    assert (await get_budget(funds, grant)).committed_cents == 50_000
