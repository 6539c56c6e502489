"""The workload: a year's business in small, independent pieces, many at once, each command repeated until it is answered."""

import asyncio
import random
import re
import ssl
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from kiezctl.issuer import Grant
from tests.faults.caller import Caller, Person

OFFICE = Person("office", (Grant("fund_office"), Grant("coordinator")))
CLERK = Person("clerk", (Grant("fund_office"), Grant("treasurer")))
TREASURER = Person("treasurer", (Grant("treasurer"),))
ANNA = Person("anna", (Grant("applicant"),))
OPERATOR = Person("operator", (Grant("operator"), Grant("auditor")))
REGIONS = ("114009", "114010", "113008")
IBAN = "DE89370400440532013000"
BERLIN = ZoneInfo("Europe/Berlin")
DECLARED = dict.fromkeys(("not_started", "not_funded_twice", "subsidy_notice_read", "privacy_notice_read"), True)


@dataclass
class Workload:
    """Made by `begin`; `run` goes on until told to stop. `today` is the calendar's, `year` that of the budgets.

    `done` counts whole pieces.
    """

    caller: Caller
    seed: int
    today: date
    year: int
    budgets: list[str] = field(default_factory=list)
    fund: str = ""
    round_budget: str = ""
    jury: str = ""
    organiser: str = ""
    done: int = 0
    trusted: ssl.SSLContext | bool = True

    async def begin(self, notify_http: str, mail: Path) -> None:
        """What the pieces stand on, made while nothing is wrong yet."""
        profile = {
            "region": "11", "kind": "ACTOR_KIND_ASSOCIATION", "name": f"Verein {uuid.uuid4().hex[:8]}",
            "is_public": True,
        }  # fmt: skip
        registered = await self.caller.ask(
            OFFICE, "actors.ActorService/RegisterActor", profile=profile, activate=True, accept_duplicates=True
        )
        self.organiser = registered.actor.id
        self.fund = await self._fund(decision_body="DECISION_BODY_OFFICE", rolling=True, payout="PAYOUT_ADVANCE")
        of_rounds = await self._fund(decision_body="DECISION_BODY_JURY", jury_size=5, quorum_percent=50)
        title = await self._title()
        for region in REGIONS:
            self.budgets.append(await self._budget(self.fund, title, region))
        self.round_budget = await self._budget(of_rounds, title, REGIONS[0])
        made = await self.caller.ask(
            OFFICE, "funds.JuryService/CreateJury", fund_id=of_rounds, region=REGIONS[0], name="Bürgerjury"
        )
        self.jury = made.jury.id
        await self._subscriber(notify_http, mail)

    async def _fund(self, **rules: Any) -> str:
        usual = {"cap_cents": 1_000_000, "four_eyes": True}
        made = await self.caller.ask(
            OFFICE, "funds.FundService/CreateFund", region="11", kind="FUND_KIND_KIEZFONDS",
            name=f"Kiezfonds {uuid.uuid4().hex[:8]}", office_actor_id=self.organiser, rules=usual | rules,
        )  # fmt: skip
        return str(made.fund.id)

    async def _title(self) -> str:
        years = [{"year": self.year, "total_cents": 10**11}]
        number = str(uuid.uuid4().int)[:9]
        made = await self.caller.ask(
            OFFICE, "funds.TitleService/PlanTitle", region="11", chapter="3320", number=number, name="Zuschüsse", years=years
        )  # fmt: skip
        return str(made.title.id)

    async def _budget(self, fund: str, title: str, region: str) -> str:
        made = await self.caller.ask(
            OFFICE, "funds.BudgetService/PlanBudget", fund_id=fund, title_id=title, region=region,
            year=self.year, planned_cents=10**9,
        )  # fmt: skip
        id = str(made.budget.id)
        await self.caller.ask(
            OFFICE, "funds.BudgetService/ReleaseBudget", budget_id=id, amount_cents=10**9, reason="Haushalt"
        )
        return id

    async def _subscriber(self, notify_http: str, mail: Path) -> None:
        """Somebody who hears of every award."""
        address = f"{uuid.uuid4().hex[:12]}@residents.example"
        await self._subscribe(address, "NEWS_KIND_AWARDS")
        deadline = time.monotonic() + 60
        while not (link := _link_to(mail, address)):
            assert time.monotonic() < deadline, "the mail with the link did not come"
            await asyncio.sleep(0.1)
        path = re.sub(r"^https?://[^/]+", "", link)
        async with httpx.AsyncClient(verify=self.trusted) as web:
            answer = await web.post(f"{notify_http}{path}")
            answer.raise_for_status()

    async def _subscribe(self, address: str, kind: str) -> None:
        await self.caller.ask(
            OFFICE, "notify.SubscriberService/Subscribe", email=address, language="LANGUAGE_EN", kinds=[kind],
            regions=["11"],
        )  # fmt: skip

    async def run(self, stop: asyncio.Event, workers: int = 4) -> None:
        """Do one piece after the other, several at once, until told to stop; what has begun is finished."""
        async with asyncio.TaskGroup() as group:
            for number in range(workers):
                group.create_task(self._work(stop, random.Random(f"{self.seed} {number} {self.done}")))

    async def _work(self, stop: asyncio.Event, chance: random.Random) -> None:
        pieces: list[Callable[[random.Random], Awaitable[None]]] = [
            self.grant,
            self.appointments,
            self.guests,
            self.news,
        ]
        while not stop.is_set():
            (piece,) = chance.choices(pieces, (6, 2, 2, 1))
            await piece(chance)
            self.done += 1

    async def grant(self, chance: random.Random) -> None:
        """From an application to the money."""
        budget, cents, application = await self.draft(chance)
        await self.caller.ask(
            ANNA, "funds.ApplicationService/SubmitApplication",
            application_id=application, contact_name="Anna Beispiel", contact_email=f"{application}@example.org",
        )  # fmt: skip
        await self.caller.ask(OFFICE, "funds.ApplicationService/AdmitApplication", application_id=application)
        awarded = await self.caller.ask(
            OFFICE, "funds.ApplicationService/AwardApplication",
            ("funds", "grants", {"application_id": application, "approved_cents": cents}),
            application_id=application, budget_id=budget, amount_cents=cents,
        )  # fmt: skip
        await self._pay(awarded.application.grant_id, cents)

    async def draft(self, chance: random.Random) -> tuple[str, int, str]:
        """An application for a pot: budget, cents, application."""
        cents = chance.randrange(1_000, 90_000)
        mark = uuid.uuid4().hex
        budget = chance.choice(self.budgets)
        region = REGIONS[self.budgets.index(budget)]
        starts_on = (self.today + timedelta(days=60)).isoformat()
        form = {
            "title": f"Fest {mark}", "description": "Ein Fest.", "goals": ["Nachbarn"], "place": "Hof",
            "starts_on": starts_on, "ends_on": starts_on, "requested_cents": cents,
            "costs": [{"description": "Zelt", "amount_cents": cents}], "declarations": DECLARED,
        }  # fmt: skip
        drafted = await self.caller.ask(
            ANNA, "funds.ApplicationService/DraftApplication",
            ("funds", "applications", {"form.title": f"Fest {mark}"}),
            fund_id=self.fund, region=region, form=form,
        )  # fmt: skip
        return budget, cents, str(drafted.application.id)

    async def _pay(self, grant: str, cents: int) -> None:
        await self.caller.ask(
            OFFICE, "funds.GrantService/AgreeGrant",
            grant_id=grant, agreement_number="L-01", payee_name="Anna Beispiel", iban=IBAN,
        )  # fmt: skip
        half = cents // 2
        # The same amount may be ordered again: only the request_id tells a repeat from a second payment.
        ordered = await self.caller.ask(
            CLERK, "funds.PaymentService/OrderPayment", ("funds", "payments", {"grant_id": grant}),
            grant_id=grant, amount_cents=half,
        )  # fmt: skip
        payment = ordered.payment.id
        released = await self.caller.ask(TREASURER, "funds.PaymentService/ReleasePayment", payment_id=payment)
        paid_on = released.payment.released_at.ToDatetime(UTC).astimezone(BERLIN).date().isoformat()
        await self.caller.ask(
            TREASURER, "funds.PaymentService/MarkPaymentPaid",
            ("funds", "postings", {"grant_id": grant, "kind": "pay"}), payment_id=payment, paid_on=paid_on,
        )  # fmt: skip

    async def appointments(self, chance: random.Random) -> None:
        """A round and a session, both of which move; some are cancelled."""
        opens_on = self.today + timedelta(days=chance.randrange(40, 90))
        name = f"Runde {uuid.uuid4().hex}"
        planned = await self.caller.ask(
            OFFICE, "funds.RoundService/PlanRound", ("funds", "rounds", {"name": name}), budget_id=self.round_budget,
            name=name, opens_on=opens_on.isoformat(), closes_on=(opens_on + timedelta(days=20)).isoformat(),
        )  # fmt: skip
        starts_at = datetime.combine(opens_on, datetime.min.time(), UTC) + timedelta(days=30, hours=18)
        title = f"Sitzung {uuid.uuid4().hex}"
        session = await self.caller.ask(
            OFFICE, "funds.SessionService/PlanSession", ("funds", "sessions", {"title": title}), jury_id=self.jury,
            budget_id=self.round_budget, title=title, place="Rathaus", **_hours(starts_at),
        )  # fmt: skip
        id = session.session.id
        for days in range(1, 3):
            await self.caller.ask(
                OFFICE, "funds.SessionService/MoveSession", session_id=id, place="Rathaus",
                **_hours(starts_at + timedelta(days=days)),
            )  # fmt: skip
        if chance.random() < 0.3:
            await self.caller.ask(OFFICE, "funds.SessionService/CancelSession", session_id=id, reason="Krank")
            await self.caller.ask(
                OFFICE, "funds.RoundService/CancelRound", round_id=planned.round.id, reason="Kein Geld"
            )

    async def guests(self, chance: random.Random) -> None:
        """A calendar event with two seats, and three who want one."""
        title = f"Konzert {uuid.uuid4().hex}"
        starts_at = datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(days=200, hours=17)
        drafted = await self.caller.ask(
            OFFICE, "events.CalendarEventService/DraftCalendarEvent", ("events", "calendar_events", {"title": title}),
            region=REGIONS[0], organiser_id=self.organiser, kind="EVENT_KIND_FESTIVAL", title=title,
            place={"name": "Hof", "street": "Weitlingstraße", "postal_code": "10317", "city": "Berlin"},
            registration="REGISTRATION_MODE_PER_DATE", capacity=2, **_hours(starts_at),
        )  # fmt: skip
        id = drafted.calendar_event.id
        await self.caller.ask(OFFICE, "events.CalendarEventService/PublishCalendarEvent", event_id=id)
        await asyncio.gather(*(self._guest(id) for _ in range(3)))

    async def _guest(self, event: str) -> None:
        await self.caller.ask(
            ANNA, "events.RegistrationService/Register", event_id=event, name="Gast",
            email=f"{uuid.uuid4().hex}@guests.example", seats=1,
        )  # fmt: skip

    async def news(self, chance: random.Random) -> None:
        await self._subscribe(f"{uuid.uuid4().hex}@new.example", "NEWS_KIND_ROUNDS")


def _hours(starts_at: datetime) -> dict[str, Any]:
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=2)).isoformat()}


def _link_to(folder: Path, address: str) -> str:
    for path in folder.glob("*.eml"):
        content = path.read_bytes()
        # To parse each of thousands would keep everything else waiting.
        if address.encode() not in content:
            continue
        mail = message_from_bytes(content, policy=modern)
        if address in f"{mail['Delivered-To']} {mail['To']}":
            found = re.search(r"https?://\S+/confirm/\S+", _text(mail))
            return found[0] if found else ""
    return ""


def _text(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())
