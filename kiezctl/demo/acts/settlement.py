"""Act 8: receipts, two people for every payment, proofs; what was not spent returns to the pot."""

import hashlib
from datetime import timedelta

from kiezctl.demo.acts.applications import by
from kiezctl.demo.figures import AWARDED, LEFT_CENTS, TABLE, Project, at
from kiezctl.demo.people import CLERK, PUBLIC, TREASURER
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezctl.sentences import euros
from kiezwerk.funds.v1 import budget_pb2, claim_pb2, grant_pb2, payment_pb2, proof_pb2, receipt_pb2

# The guests brought bread along: less was spent than awarded.
SAVED_CENTS = 47_25
OTHERS = tuple(project for project in AWARDED if project is not TABLE)


async def play(stage: Stage, story: Story) -> None:
    spent = TABLE.awarded_cents - SAVED_CENTS
    await _claim(stage, story, spent)
    await _pay(stage, story, spent)
    async with stage.step("The projects end, and by itself the proof falls due for each."):
        await stage.move(at(story.calendar.projects_end_on + timedelta(days=1), 9))
    await _prove(stage, story, spent)
    async with stage.step(
        f"The other {len(OTHERS)} go the same way: receipts, payment by two, proof, settlement.",
        ["ledger_posted", "grant_settled"] * len(OTHERS),
    ):
        for project in OTHERS:
            await _whole_way(stage, story, project)
    budget = (await stage.ask(PUBLIC, budget_pb2.GetBudgetRequest(budget_id=story.budget_id))).budget
    stage.expect("available at the end:", LEFT_CENTS + SAVED_CENTS, budget.available_cents)
    stage.expect("still promised:", 0, budget.committed_cents)


async def _claim(stage: Stage, story: Story, spent: int) -> None:
    async with stage.step(f"{TABLE.applicant} hands in its receipts; the office accepts {euros(spent)}."):
        claim = (await stage.ask(by(story, TABLE), _receipts(story, TABLE, spent))).claim
        await stage.ask(CLERK, claim_pb2.AcceptClaimRequest(claim_id=claim.id))
    async with stage.step("The same receipt a second time is noticed and refused."):
        await stage.refused(by(story, TABLE), _receipts(story, TABLE, spent), "RECEIPT_ALREADY_USED")


async def _pay(stage: Stage, story: Story, spent: int) -> None:
    async with stage.step("Paying out the whole award is refused: only accepted costs are paid."):
        await stage.refused(CLERK, _order(story, TABLE, TABLE.awarded_cents), "PAYMENT_EXCEEDED")
    async with stage.step(
        "One person orders the payment and may not release it; a second one does, and the bank pays.", ["ledger_posted"]
    ):
        payment = (await stage.ask(CLERK, _order(story, TABLE, spent))).payment
        await stage.refused(CLERK, payment_pb2.ReleasePaymentRequest(payment_id=payment.id), "FOUR_EYES")
        await _release(stage, payment.id)


async def _prove(stage: Stage, story: Story, spent: int) -> None:
    async with stage.step(
        f"{TABLE.applicant} tells what came of its goal. Settled: {euros(SAVED_CENTS)} were not needed and return to the pot.",
        ["ledger_posted", "grant_settled"],
    ):
        await _proof(stage, story, TABLE, spent)
        grant = (await stage.ask(CLERK, grant_pb2.SettleGrantRequest(grant_id=story.grants[TABLE.key]))).grant
        stage.expect("returned:", SAVED_CENTS, grant.returned_cents)


async def _whole_way(stage: Stage, story: Story, project: Project) -> None:
    claim = (await stage.ask(by(story, project), _receipts(story, project, project.asked_cents))).claim
    await stage.ask(CLERK, claim_pb2.AcceptClaimRequest(claim_id=claim.id))
    payment = (await stage.ask(CLERK, _order(story, project, project.awarded_cents))).payment
    await _release(stage, payment.id)
    await _proof(stage, story, project, project.asked_cents)
    await stage.ask(CLERK, grant_pb2.SettleGrantRequest(grant_id=story.grants[project.key]))


def _receipts(story: Story, project: Project, spent: int) -> claim_pb2.SubmitClaimRequest:
    """Receipts in the order of the costs that were asked for; the last one bears the difference."""
    amounts = [cents for _, cents in project.costs]
    amounts[-1] -= project.asked_cents - spent
    lines = [
        receipt_pb2.ReceiptLine(
            number=f"{story.calendar.year}-{project.key}-{number}",
            issued_on=story.calendar.project.date().isoformat(),
            amount_cents=cents,
            supplier=f"Laden {number}",
            file_sha256=hashlib.sha256(f"{story.calendar.year} {project.key} {number}".encode()).hexdigest(),
        )
        for number, cents in enumerate(amounts, 1)
    ]
    return claim_pb2.SubmitClaimRequest(grant_id=story.grants[project.key], receipts=lines)


def _order(story: Story, project: Project, cents: int) -> payment_pb2.OrderPaymentRequest:
    return payment_pb2.OrderPaymentRequest(grant_id=story.grants[project.key], amount_cents=cents)


async def _release(stage: Stage, payment_id: str) -> None:
    await stage.ask(TREASURER, payment_pb2.ReleasePaymentRequest(payment_id=payment_id))
    today = (await stage.now()).date().isoformat()
    await stage.ask(TREASURER, payment_pb2.MarkPaymentPaidRequest(payment_id=payment_id, paid_on=today))


async def _proof(stage: Stage, story: Story, project: Project, spent: int) -> None:
    result = proof_pb2.ResultLine(outcome=grant_pb2.OUTCOME_REACHED, result=f"{project.goal} Das ist gelungen.")
    request = proof_pb2.SubmitProofRequest(
        grant_id=story.grants[project.key], report="Es war schön.", results=[result], total_costs_cents=spent
    )
    await stage.ask(by(story, project), request)
    await stage.ask(CLERK, proof_pb2.AcceptProofRequest(grant_id=story.grants[project.key], accepted_cents=spent))
