"""What a recipient sees of the own grant, and what the clock says of proofs and refunds."""

from datetime import date, timedelta

from chassis.ports import Role, berlin_day, end_of_day, new_id
from services.funds.domain.fund_rules import Payout
from tests.support.city import City, Started
from tests.support.client import refused
from tests.support.funds import OFFICE
from tests.support.funds_grant import (
    APPLICANT,
    IBAN,
    TREASURER,
    a_receipt_line,
    agreed,
    order,
    pay,
    prove,
    submit_claim,
)


async def test_a_recipient_sees_the_own_payments_and_what_is_due_when(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE, proof_reminder_days=(14, -3))
    payment = await order(funds, grant, 10_000)
    request, due = {"grant_id": grant.id}, grant.ends_on + timedelta(days=28)
    mine = await funds.call("GrantService/GetGrant", request, sub=grant.applicant_sub)
    assert [(p.id, p.payee.iban) for p in mine.payments] == [(payment.id, IBAN)]
    assert [(duty.kind, duty.due_on, duty.is_overdue) for duty in mine.duties] == [(1, due.isoformat(), False)]
    reminders = [(due - timedelta(days=3)).isoformat(), (due + timedelta(days=14)).isoformat()]
    assert list(mine.grant.proof_reminders_on) == reminders
    assert (await funds.said(grant.id))[-1].body["state"]["proof_reminders_on"] == reminders
    office = await funds.call("GrantService/GetGrant", request, OFFICE)
    assert [p.payee.iban for p in office.payments] == ["DE…3000"]
    for stranger in ((), (Role("applicant"),), (Role("treasurer", regions=("12",)),)):
        seen = await funds.call("GrantService/GetGrant", request, *stranger)
        assert (len(seen.payments), len(seen.duties), seen.payment_hold) == (0, 0, 0)


async def test_a_recipient_reads_of_who_did_what_in_the_file_nothing_but_the_own_name(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    me = {"sub": grant.applicant_sub}
    await pay(funds, grant, 10_000)
    claim = await submit_claim(funds, grant, a_receipt_line(grant.starts_on))
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
    asked = {"grant_id": grant.id}
    mine, theirs = [
        (
            await funds.call("GrantService/GetGrant", asked, *roles, **who),
            (await funds.call("ClaimService/ListClaims", asked, *roles, **who)).claims[0],
            (await funds.call("PaymentService/ListPayments", asked, *roles, **who)).payments[0],
        )
        for roles, who in (((APPLICANT,), me), ((OFFICE,), {"sub": "office"}))
    ]
    for (read, claimed, paid), named in ((mine, False), (theirs, True)):
        names = (*read.grant.decided_by, read.grant.agreed_by, read.grant.payee.entered_by, claimed.decided_by)
        names += (paid.ordered_by, paid.released_by, paid.closed_by, read.payments[0].ordered_by)
        assert (any(names), all(names)) == (named, named)
        assert claimed.submitted_by == grant.applicant_sub


async def test_a_refund_has_its_day_and_is_called_overdue_once_when_it_has_not_all_come(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE, refund_due_days=10)
    await pay(funds, grant, 50_000)
    proven = await prove(funds, grant, 30_000, 30_000)
    today = berlin_day(await funds.now())
    assert proven.refund_due_on == (today + timedelta(days=10)).isoformat()
    refund = {"grant_id": grant.id, "received_on": today.isoformat()}
    await funds.call("GrantService/ReceiveRefund", refund | {"amount_cents": 5_000}, TREASURER)
    await funds.move_clock(end_of_day(today + timedelta(days=10)))
    last = (await funds.said(grant.id))[-1]
    assert (last.fact, last.body["amount_cents"]) == ("refund_overdue", 15_000)
    mine = await funds.call("GrantService/GetGrant", {"grant_id": grant.id}, sub=grant.applicant_sub)
    assert [(duty.kind, duty.is_overdue, duty.amount_cents) for duty in mine.duties] == [(3, True, 15_000)]
    await funds.call("GrantService/ReceiveRefund", refund | {"amount_cents": 15_000}, TREASURER)
    settled = (await funds.call("GrantService/SettleGrant", {"grant_id": grant.id}, OFFICE)).grant
    assert (settled.refunded_cents, settled.refund_due_cents) == (20_000, 0)


async def test_a_refund_that_came_in_time_is_never_called_overdue(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE, refund_due_days=10)
    await pay(funds, grant, 50_000)
    await prove(funds, grant, 30_000, 30_000)
    today = berlin_day(await funds.now())
    refund = {"grant_id": grant.id, "received_on": today.isoformat(), "amount_cents": 20_000}
    await funds.call("GrantService/ReceiveRefund", refund, TREASURER)
    await funds.move_clock(end_of_day(today + timedelta(days=10)))
    assert (await funds.said(grant.id))[-1].fact == "refund_received"


async def test_a_grant_is_revoked_only_after_its_last_reminder(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE, proof_reminder_days=(-14, 1, 14))
    await pay(funds, grant, 20_000)
    revoke = {"grant_id": grant.id, "reason": "kein Nachweis"}
    due: date = grant.ends_on + timedelta(days=28)
    await funds.move_clock(end_of_day(due))
    with refused("REMINDERS_PENDING", "FAILED_PRECONDITION"):
        await funds.call("GrantService/RevokeGrant", revoke, OFFICE)
    await funds.move_clock(end_of_day(due + timedelta(days=14)))
    revoked = (await funds.call("GrantService/RevokeGrant", revoke, OFFICE)).grant
    assert (revoked.refund_due_cents, revoked.returned_cents) == (20_000, 30_000)
    assert revoked.refund_due_on == (due + timedelta(days=15 + 28)).isoformat()


async def test_the_payee_does_not_change_while_a_payment_is_under_way(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE)
    payment = await order(funds, grant, 10_000)
    change = {
        "grant_id": grant.id,
        "payee_name": "Kiezgarten e. V.",
        "iban": "GB82WEST12345698765432",
        "reason": "Bank",
    }
    with refused("PAYMENT_IN_FLIGHT", "FAILED_PRECONDITION"):
        await funds.call("GrantService/ChangePayee", change, OFFICE, sub="office")
    fail = {"payment_id": payment.id, "reason": "anderes Konto"}
    await funds.call("PaymentService/MarkPaymentFailed", fail, TREASURER, sub="treasurer")
    changed = (await funds.call("GrantService/ChangePayee", change, OFFICE, TREASURER, sub="treasurer")).grant
    assert (changed.payee.entered_by, changed.payee.reason) == ("treasurer", "Bank")
    again = {"payment_id": (await order(funds, grant, 10_000)).id}
    with refused("FOUR_EYES", "PERMISSION_DENIED"):
        await funds.call("PaymentService/ReleasePayment", again, TREASURER, sub="treasurer")
    await funds.call("PaymentService/ReleasePayment", again, TREASURER, sub="another")


async def test_a_lump_sum_of_the_rules_counts_on_top_of_proven_costs(funds: Started) -> None:
    grant = await agreed(funds, payout=Payout.ADVANCE, lump_sum_percent=10)
    await pay(funds, grant, 50_000)
    proven = await prove(funds, grant, 40_000, 44_000)
    assert (proven.accepted_cents, proven.refund_claimed_cents) == (44_000, 6_000)


async def test_after_a_merge_the_record_that_stands_for_a_recipient_has_its_rights_and_its_limits(
    city: City, funds: Started
) -> None:
    old = {"id": new_id(), "region": "114009", "name": "Alt", "kind": "association", "status": "active"}
    new = old | {"id": new_id(), "name": "Neu"}
    grant = await agreed(funds, payout=Payout.ADVANCE, recipient_actor_id=old["id"])
    theirs = Role("applicant", actors=(new["id"],))
    request = {"grant_id": grant.id, "receipts": [a_receipt_line(grant.decided_on)]}
    with refused("NOT_YOUR_GRANT", "PERMISSION_DENIED"):
        await funds.call("ClaimService/SubmitClaim", request, theirs)
    await funds.knows(*await city.say("actors", "actor_registered", new))
    await funds.knows(*await city.say("actors", "actor_updated", old | {"status": "merged", "merged_into": new["id"]}))
    claim = (await funds.call("ClaimService/SubmitClaim", request, theirs)).claim
    with refused("OWN_GRANT", "PERMISSION_DENIED"):
        await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, theirs)
    with refused("OWN_GRANT", "PERMISSION_DENIED"):
        order = {"grant_id": grant.id, "amount_cents": 100}
        await funds.call("PaymentService/OrderPayment", order, TREASURER, theirs)
    listed = await funds.call("GrantService/ListGrants", {"recipient_actor_id": new["id"]}, theirs)
    assert [(g.id, g.payee.iban) for g in listed.grants] == [(grant.id, IBAN)]
