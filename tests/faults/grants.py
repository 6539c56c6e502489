"""A piece of work: a grant, from the application to the money."""

import random
import uuid
from datetime import UTC, date, timedelta

from tests.faults.calendar_clock import BERLIN
from tests.faults.ground import Ground, Pot
from tests.faults.people import ANNA, CLERK, OFFICE, TREASURER

IBAN = "DE89370400440532013000"
DECLARED = dict.fromkeys(("not_started", "not_funded_twice", "subsidy_notice_read", "privacy_notice_read"), True)


async def grant(ground: Ground, chance: random.Random) -> None:
    """From an application to half of the money."""
    pot = ground.pot("advance", chance)
    id, cents = await awarded(ground, pot, chance, ground.calendar.today + timedelta(days=60))
    await agree(ground, id)
    await pay(ground, id, cents // 2)


async def awarded(ground: Ground, pot: Pot, chance: random.Random, starts_on: date) -> tuple[str, int]:
    """The office's own decision: the grant and its cents."""
    application, cents = await admitted(ground, pot, chance, starts_on)
    answer = await ground.caller.ask(
        OFFICE, "funds.ApplicationService/AwardApplication",
        ("funds", "grants", {"application_id": application, "approved_cents": cents}),
        application_id=application, budget_id=pot.id, amount_cents=cents,
    )  # fmt: skip
    return str(answer.application.grant_id), cents


async def admitted(ground: Ground, pot: Pot, chance: random.Random, starts_on: date) -> tuple[str, int]:
    """An application that may be decided on, and what it asks for."""
    application, cents = await draft(ground, pot, chance, starts_on)
    await submit(ground, application)
    await ground.caller.ask(OFFICE, "funds.ApplicationService/AdmitApplication", application_id=application)
    return application, cents


async def submit(ground: Ground, application: str) -> None:
    await ground.caller.ask(
        ANNA, "funds.ApplicationService/SubmitApplication",
        application_id=application, contact_name="Anna Beispiel", contact_email=f"{application}@example.org",
    )  # fmt: skip


async def draft(
    ground: Ground, pot: Pot, chance: random.Random, starts_on: date, round_id: str = ""
) -> tuple[str, int]:
    """An application with what it asks for, in a round where the fund has some; its project takes one day."""
    cents = chance.randrange(1_000, 90_000)
    title = f"Fest {uuid.uuid4().hex}"
    form = {
        "title": title, "description": "Ein Fest.", "goals": ["Nachbarn"], "place": "Hof",
        "starts_on": starts_on.isoformat(), "ends_on": starts_on.isoformat(), "requested_cents": cents,
        "costs": [{"description": "Zelt", "amount_cents": cents}], "declarations": DECLARED,
    }  # fmt: skip
    drafted = await ground.caller.ask(
        ANNA, "funds.ApplicationService/DraftApplication", ("funds", "applications", {"form.title": title}),
        fund_id=pot.fund, region=pot.region, round_id=round_id, form=form,
    )  # fmt: skip
    return str(drafted.application.id), cents


async def agree(ground: Ground, grant: str) -> None:
    await ground.caller.ask(
        OFFICE, "funds.GrantService/AgreeGrant",
        grant_id=grant, agreement_number="L-01", payee_name="Anna Beispiel", iban=IBAN,
    )  # fmt: skip


async def pay(ground: Ground, grant: str, cents: int) -> None:
    """The only payment of this grant."""
    # While the calendar moves, one replica is later than the other.
    async with ground.calendar.within(0):
        # The same amount may be ordered again: only the request_id tells a repeat from a second payment.
        ordered = await ground.caller.ask(
            CLERK, "funds.PaymentService/OrderPayment", ("funds", "payments", {"grant_id": grant}),
            grant_id=grant, amount_cents=cents,
        )  # fmt: skip
        payment = ordered.payment.id
        released = await ground.caller.ask(TREASURER, "funds.PaymentService/ReleasePayment", payment_id=payment)
        paid_on = released.payment.released_at.ToDatetime(UTC).astimezone(BERLIN).date().isoformat()
        await ground.caller.ask(
            TREASURER, "funds.PaymentService/MarkPaymentPaid", ("funds", "postings", {"grant_id": grant, "kind": "pay"}),
            payment_id=payment, paid_on=paid_on,
        )  # fmt: skip
