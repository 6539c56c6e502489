"""One neighbourhood's year: its pot and jury, and what becomes of each application. What happens is drawn from a seed."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.support.funds_round import DECLARED
from tests.year.office import APPLICANT, JURY, OFFICE, TREASURER, Office, at_six, somebody

SEATS = 5
IBAN = "DE89370400440532013000"
# Of a hundred applications: so many are withdrawn, and refused by the office; of those on the agenda, so many are put off.
WITHDRAWN, REFUSED, DEFERRED = 4, 5, 3
# Of a hundred grants: cancelled before a payment, a first payment that fails, a proof that never comes, or is accepted wrongly.
CANCELLED, FAILED, UNPROVEN, MISREAD = 3, 3, 2, 4


@dataclass
class Neighbourhood:
    """`waiting` are applications without a decision, `grants` what was awarded and is not settled."""

    office: Office
    chance: random.Random
    fund: str
    budget: str
    region: str
    year: int
    jury: str = ""
    members: list[tuple[str, str]] = field(default_factory=list)
    round: str = ""
    session: str = ""
    session_on: date | None = None
    waiting: list[Any] = field(default_factory=list)
    agenda: list[Any] = field(default_factory=list)
    grants: dict[str, "Awarded"] = field(default_factory=dict)

    def _luck(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    async def found(self) -> None:
        release = {"budget_id": self.budget, "amount_cents": 1_300_000, "reason": "Beschluss der BVV"}
        await self.office.office("BudgetService/ReleaseBudget", **release)
        made = await self.office.office(
            "JuryService/CreateJury", fund_id=self.fund, region=self.region, name=f"Bürgerjury {self.region}"
        )
        self.jury = made.jury.id
        for number in range(SEATS):
            sub = somebody()
            seated = await self.office.office(
                "JuryService/SeatMember", jury_id=self.jury, name=f"Mitglied {number}", email=f"{sub}@example.org", sub=sub,
                seat="SEAT_RESIDENT", is_chair=number == 0, from_on=f"{self.year}-01-02", until_on=f"{self.year + 1}-12-31",
            )  # fmt: skip
            self.members.append((sub, seated.jury.members[-1].id))

    async def plan(self, opens_on: date, closes_on: date, session_on: date) -> None:
        planned = await self.office.office(
            "RoundService/PlanRound", budget_id=self.budget, name=f"Runde ab {opens_on}", opens_on=opens_on.isoformat(),
            closes_on=closes_on.isoformat(),
        )  # fmt: skip
        self.round, self.session_on = planned.round.id, session_on

    async def apply(self, count: int) -> None:
        assert self.session_on is not None
        for number in range(count):
            sub, cents = somebody(), self.chance.randrange(15_000, 120_000, 500)
            starts_on = self.session_on + timedelta(days=self.chance.randrange(10, 30))
            cents = min(cents, 100_000)
            form = {
                "title": f"Projekt {number}", "description": "Ein Fest im Hof.", "goals": ["Nachbarn lernen sich kennen"], "place": "Hof",
                "starts_on": starts_on.isoformat(), "ends_on": (starts_on + timedelta(days=20)).isoformat(), "requested_cents": cents,
                "costs": [{"description": "Material", "amount_cents": cents}], "declarations": DECLARED,
            }  # fmt: skip
            drafted = await self.office.ask(
                "ApplicationService/DraftApplication", sub, APPLICANT, fund_id=self.fund, round_id=self.round, region=self.region, form=form,
            )  # fmt: skip
            submitted = await self.office.ask(
                "ApplicationService/SubmitApplication", sub, APPLICANT, application_id=drafted.application.id,
                contact_name="Anna Beispiel", contact_email=f"{sub}@example.org",
            )  # fmt: skip
            if self._luck(WITHDRAWN):
                withdraw = {"application_id": drafted.application.id, "reason": "Wir schaffen es nicht."}
                await self.office.ask("ApplicationService/WithdrawApplication", sub, APPLICANT, **withdraw)
            else:
                self.waiting.append(submitted.application)

    async def prepare(self) -> None:
        """The office looks at each, and calls the jury together."""
        admitted = []
        for application in self.waiting:
            if self._luck(REFUSED):
                refuse = {"application_id": application.id, "reason": "Liegt außerhalb des Gebiets."}
                await self.office.office("ApplicationService/RefuseApplication", **refuse)
            else:
                await self.office.office("ApplicationService/AdmitApplication", application_id=application.id)
                admitted.append(application)
        assert self.session_on is not None
        session = await self.office.office(
            "SessionService/PlanSession", jury_id=self.jury, budget_id=self.budget, round_id=self.round, title="Jurysitzung",
            place="Stadtteilzentrum", **at_six(self.session_on),
        )  # fmt: skip
        self.session, self.waiting = session.session.id, []
        self.agenda = [*self.agenda, *admitted]
        ids = [application.id for application in self.agenda]
        await self.office.office("SessionService/ScheduleApplications", session_id=self.session, application_ids=ids)
        await self.office.office("SessionService/InviteJury", session_id=self.session)

    async def decide(self) -> None:
        there = self.members[: self.chance.randrange(3, SEATS + 1)]
        await self._act("OpenSession", present_member_ids=[id for _, id in there])
        deferred = []
        for application in self.agenda:
            if self._luck(DEFERRED):
                await self._act("DeferItem", application_id=application.id, reason="Es fehlt ein Angebot.")
                deferred.append(application)
            else:
                await self._decide(application, [sub for sub, _ in there])
        self.agenda = deferred
        await self._act("CloseSession")
        await self._act("ApproveMinutes")

    async def _decide(self, application: Any, subs: list[str]) -> None:
        asked = application.form.requested_cents
        cents = asked if not self._luck(25) else max(5_000, asked * self.chance.randrange(40, 95) // 100)
        # What was put off is too late where its days have passed meanwhile.
        assert self.session_on is not None
        is_over = date.fromisoformat(application.form.starts_on) < self.session_on
        await self._vote(application.id, cents, subs, always="CHOICE_NO" if is_over else "")
        conclude = {"session_id": self.session, "application_id": application.id, "reason": "Andere waren dringender."}
        if await self.office.is_refused("BUDGET_EXCEEDED", "SessionService/ConcludeItem", "office", OFFICE, **conclude):
            # Carried, and the pot does not hold it: the item stays open, and the jury resolves that there is nothing left.
            await self._vote(application.id, cents, subs, always="CHOICE_NO")
            await self.office.office("SessionService/ConcludeItem", **conclude)
        read = await self.office.office("ApplicationService/GetApplication", application_id=application.id)
        if read.application.grant_id:
            form = read.application.form
            ends_on = date.fromisoformat(form.ends_on)
            self.grants[read.application.grant_id] = Awarded(
                application.applicant_sub or "",
                date.fromisoformat(form.starts_on),
                ends_on,
                read.application.approved_cents,
            )

    async def _vote(self, application: str, cents: int, subs: list[str], always: str = "") -> None:
        await self._act("PutMotion", application_id=application, amount_cents=cents)
        for sub in subs:
            choice = always or self.chance.choices(("CHOICE_YES", "CHOICE_NO", "CHOICE_ABSTAIN"), (7, 2, 1))[0]
            vote = {"session_id": self.session, "application_id": application, "choice": choice}
            await self.office.ask("SessionService/CastVote", sub, JURY, **vote)

    async def _act(self, rpc: str, **fields: Any) -> Any:
        return await self.office.office(f"SessionService/{rpc}", session_id=self.session, **fields)

    async def agree(self) -> None:
        for id in [*self.grants]:
            if self.grants[id].agreed:
                continue
            if self._luck(CANCELLED):
                await self.office.office(
                    "GrantService/CancelGrant", grant_id=id, reason="Der Verein hat sich aufgelöst."
                )
                del self.grants[id]
                continue
            agree = {"grant_id": id, "agreement_number": id[-6:], "payee_name": "Anna Beispiel", "iban": IBAN}
            await self.office.office("GrantService/AgreeGrant", **agree)
            self.grants[id].agreed = True

    async def carry_out(self) -> None:
        """Receipts come in and are paid; what was done is told."""
        for id, grant in self.grants.items():
            if grant.agreed and not grant.proven and not grant.unproven:
                await self._pay(id, grant)

    async def _pay(self, id: str, grant: "Awarded") -> None:
        spent = grant.cents if self._luck(60) else grant.cents * self.chance.randrange(50, 100) // 100
        receipt = {
            "number": uuid.uuid4().hex[:10], "issued_on": grant.starts_on.isoformat(), "amount_cents": spent,
            "supplier": "Baumarkt am Tierpark", "file_sha256": uuid.uuid4().hex * 2,
        }  # fmt: skip
        claimed = await self.office.office("ClaimService/SubmitClaim", grant_id=id, receipts=[receipt])
        await self.office.office("ClaimService/AcceptClaim", claim_id=claimed.claim.id)
        await self._transfer(id, spent)
        grant.unproven = self._luck(UNPROVEN)
        if grant.unproven:
            return
        result = {"outcome": "OUTCOME_REACHED", "result": "Es kamen achtzig Leute."}
        proof = {"grant_id": id, "report": "Ein guter Sommer.", "results": [result], "total_costs_cents": spent}
        await self.office.office("ProofService/SubmitProof", **proof)
        if self._luck(MISREAD):
            wrong = {"accepted_cents": spent // 10, "reason": "nicht alles zählt"}
            await self.office.office("ProofService/AcceptProof", grant_id=id, **wrong)
            await self.office.office("ProofService/ReopenProof", grant_id=id, reason="eine Null zu wenig")
        await self.office.office("ProofService/AcceptProof", grant_id=id, accepted_cents=spent)
        grant.proven = True

    async def _transfer(self, id: str, cents: int) -> None:
        fails = self._luck(FAILED)
        for _ in range(1 + fails):
            ordered = await self.office.ask(
                "PaymentService/OrderPayment", "clerk", TREASURER, grant_id=id, amount_cents=cents
            )
            payment = ordered.payment.id
            await self.office.ask("PaymentService/ReleasePayment", "treasurer", TREASURER, payment_id=payment)
            if fails:
                failed = {"payment_id": payment, "reason": "Konto erloschen"}
                await self.office.ask("PaymentService/MarkPaymentFailed", "treasurer", TREASURER, **failed)
                fails = False
            else:
                paid_on = (await self.office.today()).isoformat()
                done = {"payment_id": payment, "paid_on": paid_on}
                await self.office.ask("PaymentService/MarkPaymentPaid", "treasurer", TREASURER, **done)

    async def settle(self) -> None:
        """What is proven is settled; what was never proven is taken back, and its money comes home."""
        for id, grant in [*self.grants.items()]:
            if grant.unproven:
                revoked = await self.office.office("GrantService/RevokeGrant", grant_id=id, reason="Kein Nachweis")
                back = {
                    "grant_id": id,
                    "amount_cents": revoked.grant.refund_claimed_cents - revoked.grant.refunded_cents,
                }
                back["received_on"] = (await self.office.today()).isoformat()
                await self.office.ask("GrantService/ReceiveRefund", "treasurer", TREASURER, **back)
            elif grant.proven:
                await self.office.office("GrantService/SettleGrant", grant_id=id)
            del self.grants[id]

    async def close(self) -> None:
        await self.office.office("BudgetService/CloseBudget", budget_id=self.budget)


@dataclass
class Awarded:
    """A grant and where it stands."""

    applicant: str
    starts_on: date
    ends_on: date
    cents: int
    agreed: bool = False
    proven: bool = False
    unproven: bool = False
