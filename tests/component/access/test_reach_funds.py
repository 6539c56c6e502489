"""funds: money and decisions of a region are for those who have a role there, for the jury's own seats, and for who applied."""

from datetime import UTC, timedelta

import pytest
import pytest_asyncio

from chassis.ports import Caller, Role, berlin_day
from services.funds.entrypoints.access import ACCESS
from tests.component.access.decision_cases import applications, juries, rounds, sessions
from tests.component.access.money_cases import grants, money, payment_files
from tests.component.access.participation_cases import ballots, proposals
from tests.support.access import OWNER, Case, Cell, cells, lets_in, refuses, shows_more_inside_alone
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE
from tests.support.funds_grant import IBAN, TREASURER, a_receipt_line, agreed, order, submit_claim
from tests.support.funds_proposal import propose
from tests.support.funds_round import a_call, a_form, a_known_actor

PACKAGE = "kiezwerk.funds.v1"


@pytest_asyncio.fixture(scope="module")
async def cases(funds: Started) -> dict[str, Case]:
    call = await a_call(funds)
    actor = await a_known_actor(funds)
    application = await call.apply(80_000, actor, OWNER)
    on_paper = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": "114009", "applicant_actor_id": actor}
    form = {"form": a_form(call.closes_at.date() + timedelta(days=60), 10_000)}
    draft = (await funds.call("ApplicationService/DraftApplication", on_paper | form, OFFICE)).application
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    grant = await agreed(funds, call.pot, recipient_actor_id=actor, applicant_sub=OWNER)
    today = berlin_day(await funds.now())
    claim = await submit_claim(funds, grant, a_receipt_line(today))
    await funds.call("ClaimService/AcceptClaim", {"claim_id": claim.id}, OFFICE, sub="office")
    payment, exported = await order(funds, grant, 5_000), await order(funds, grant, 1_000)
    await funds.call("PaymentService/ReleasePayment", {"payment_id": exported.id}, TREASURER, sub="treasurer")
    payer = {"region": "114009", "payer_name": "Bezirksamt", "payer_iban": IBAN}
    made = await funds.call("PaymentFileService/ExportPayments", payer, TREASURER, sub="treasurer")
    day, later = today.isoformat(), (await funds.now() + timedelta(days=40)).astimezone(UTC)
    return (
        money(call.pot, day)
        | rounds(call, day)
        | applications(call, actor, application.id, draft.id, day)
        | juries(call, day)
        | sessions(call, application.id, later)
        | grants(grant, actor, claim.id, payment.id, day)
        | payment_files(payer, made.payment_file.id)
        | proposals(await propose(funds, sub=OWNER), await propose(funds), application.id)
        | await ballots(funds, later)
    )


def test_every_rpc_has_its_case(cases: dict[str, Case]) -> None:
    assert set(cases) == set(ACCESS)


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_elsewhere_is_refused(funds: Started, cases: dict[str, Case], cell: Cell) -> None:
    await refuses(funds, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=False), ids=str)
async def test_who_has_the_role_there_is_let_in(funds: Started, cases: dict[str, Case], cell: Cell) -> None:
    await lets_in(funds, PACKAGE, cell, cases[cell.rpc])


@pytest.mark.parametrize("cell", cells(ACCESS, public=True), ids=str)
async def test_what_is_not_public_is_seen_where_the_role_reaches(
    funds: Started, cases: dict[str, Case], cell: Cell
) -> None:
    await shows_more_inside_alone(funds, PACKAGE, cell, cases[cell.rpc], [Caller()])


async def test_an_office_of_another_region_does_not_apply_as_a_private_person(
    funds: Started, cases: dict[str, Case]
) -> None:
    request = cases["ApplicationService/DraftApplication"].requests[0] | {"applicant_actor_id": ""}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("ApplicationService/DraftApplication", request, Role("fund_office", regions=("01",)))


async def test_a_draft_is_nobodys_but_its_applicants(funds: Started, cases: dict[str, Case]) -> None:
    new = cases["ApplicationService/DraftApplication"].requests[0] | {"applicant_actor_id": ""}
    draft = (await funds.call("ApplicationService/DraftApplication", new, Role("applicant"), sub=OWNER)).application
    person = cases["ApplicationService/SubmitApplication"].requests[0]
    for role in (OFFICE, Role("fund_office"), Role("applicant"), Role("partner")):
        with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
            await funds.call("ApplicationService/SubmitApplication", person | {"application_id": draft.id}, role)


async def test_shares_of_regions_that_one_does_not_reach_are_not_planned(
    funds: Started, cases: dict[str, Case]
) -> None:
    plan = cases["BudgetService/PlanBudgets"].requests[0]
    shares = {"shares": [{"region": "114009", "weight": 1}, {"region": "114010", "weight": 1}]}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("BudgetService/PlanBudgets", plan | shares, Role("fund_office", regions=("114009",)))
