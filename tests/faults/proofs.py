"""A piece of work: a grant until it is settled, with claims or an advance, its proof, sometimes accepted wrongly first, and a refund."""

import random
import uuid
from datetime import date, timedelta

from tests.faults.grants import agree, awarded, pay
from tests.faults.ground import Ground
from tests.faults.people import ANNA, OFFICE, TREASURER

# A project begins two days from now; until this many are over its proof is not late.
BEGINS_IN, OPEN_DAYS = 2, 22


async def proof(ground: Ground, chance: random.Random) -> None:
    """What was spent is proven and accepted; what is left goes back to the pot."""
    kind = chance.choice(("advance", "costs"))
    async with ground.calendar.within(OPEN_DAYS) as last:
        starts_on = last - timedelta(days=OPEN_DAYS - BEGINS_IN)
        grant, cents = await awarded(ground, ground.pot(kind, chance), chance, starts_on)
        await agree(ground, grant)
        spent = chance.choice((cents, cents * 3 // 4, cents // 3))
        paid = spent
        if kind == "advance":
            paid = chance.choice((cents, cents // 2))
            await pay(ground, grant, paid)
            await ground.calendar.reach(starts_on)
        else:
            await ground.calendar.reach(starts_on)
            await _claim(ground, grant, spent, starts_on)
            await pay(ground, grant, spent)
        await _prove(ground, grant, spent, is_mistaken=chance.random() < 0.4)
    if paid > spent:
        await _pay_back(ground, grant, paid - spent)
    settled = ("funds", "grants", {"_id": grant, "status": "settled", "approved_cents": cents, "paid_cents": paid})
    await ground.caller.ask(OFFICE, "funds.GrantService/SettleGrant", settled, grant_id=grant)


async def _claim(ground: Ground, grant: str, cents: int, day: date) -> None:
    """The only claim of this grant: two receipts, which the office accepts in full."""
    receipts = [
        {
            "number": uuid.uuid4().hex, "issued_on": day.isoformat(), "amount_cents": amount,
            "supplier": "Baumarkt am Tierpark", "file_sha256": f"{uuid.uuid4().hex}{uuid.uuid4().hex}",
        }
        for amount in (cents // 2, cents - cents // 2)
    ]  # fmt: skip
    submitted = await ground.caller.ask(
        ANNA,
        "funds.ClaimService/SubmitClaim",
        ("funds", "claims", {"grant_id": grant}),
        grant_id=grant,
        receipts=receipts,
    )
    await ground.caller.ask(OFFICE, "funds.ClaimService/AcceptClaim", claim_id=submitted.claim.id)


async def _prove(ground: Ground, grant: str, spent: int, *, is_mistaken: bool) -> None:
    """Sometimes a tenth of it is accepted by mistake, which claims most of the money back until it is mended."""
    await ground.caller.ask(
        ANNA, "funds.ProofService/SubmitProof", grant_id=grant, report="Es war schön.", total_costs_cents=spent,
        results=[{"outcome": "OUTCOME_REACHED", "result": "Es ist geschehen."}],
    )  # fmt: skip
    if is_mistaken:
        await ground.caller.ask(
            OFFICE, "funds.ProofService/AcceptProof", grant_id=grant, accepted_cents=spent // 10, reason="zu viel"
        )
        await ground.caller.ask(OFFICE, "funds.ProofService/ReopenProof", grant_id=grant, reason="eine Null zu wenig")
    await ground.caller.ask(
        OFFICE, "funds.ProofService/AcceptProof", ("funds", "grants", {"_id": grant, "accepted_cents": spent}),
        grant_id=grant, accepted_cents=spent,
    )  # fmt: skip


async def _pay_back(ground: Ground, grant: str, cents: int) -> None:
    """The only refund of this grant."""
    async with ground.calendar.within(0) as today:
        await ground.caller.ask(
            TREASURER, "funds.GrantService/ReceiveRefund",
            ("funds", "postings", {"grant_id": grant, "kind": "refund_received"}),
            grant_id=grant, amount_cents=cents, received_on=today.isoformat(),
        )  # fmt: skip
