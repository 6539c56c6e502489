"""Act 2: the district's money reaches Neu-Lichtenberg, and residents hear that they can ask for it."""

from typing import Any

import lor
from kiezctl.demo.acts.actors import OFFICE as OFFICE_ACTOR
from kiezctl.demo.figures import (
    BUDGET_CENTS,
    CAP_CENTS,
    DISTRICT,
    FUND,
    JURY_SEATS,
    PLACE,
    REGION,
    TOTAL_CENTS,
    stamp,
)
from kiezctl.demo.mailroom import address
from kiezctl.demo.people import OFFICE, PUBLIC
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezctl.sentences import euros
from kiezwerk.funds.v1 import budget_pb2, fund_pb2, reference_pb2, round_pb2, title_pb2

SUBSCRIBER = address("resident")


async def play(stage: Stage, story: Story) -> None:
    await _subscribe(stage, story)
    await _fund(stage, story)
    await _budgets(stage, story)
    await _round(stage, story)
    await _opening(stage, story)


async def _subscribe(stage: Stage, story: Story) -> None:
    async with stage.step(f"A resident asks for news of {PLACE} and confirms it by the link in the mail."):
        form = {"email": SUBSCRIBER, "lang": "en", "region": [REGION], "kind": ["rounds", "awards", "calendar"]}
        answer = await stage.http("POST", f"{stage.run.http('notify')}/subscribe", data=form)
        stage.expect("the sign-up page answers", 200, answer.status_code)
        (letter,) = await stage.mail(story.mailroom, SUBSCRIBER, 1, "a link to confirm")
        answer = await stage.http("POST", letter.link("/confirm/"))
        stage.expect("the confirmation page answers", 200, answer.status_code)


async def _fund(stage: Stage, story: Story) -> None:
    listed = await stage.ask(PUBLIC, fund_pb2.ListFundsRequest(region=DISTRICT, kind=fund_pb2.FUND_KIND_KIEZFONDS))
    found = [fund.id for fund in listed.funds if fund.name == FUND]
    if found:
        story.fund_id = found[0]
        return
    async with stage.step(
        f"The {FUND} gets its rules: a jury of residents decides, as a rule up to {euros(CAP_CENTS)} a project.",
        ["fund_created"],
    ):
        request = fund_pb2.CreateFundRequest(
            region=DISTRICT,
            kind=fund_pb2.FUND_KIND_KIEZFONDS,
            name=FUND,
            office_actor_id=story.actors[OFFICE_ACTOR],
            rules=_rules(),
        )
        story.fund_id = (await stage.ask(OFFICE, request)).fund.id


def _rules() -> fund_pb2.FundRules:
    return fund_pb2.FundRules(
        decision_body=fund_pb2.DECISION_BODY_JURY,
        cap_cents=CAP_CENTS,
        cap_exception_allowed=True,
        quorum_percent=50,
        majority=fund_pb2.MAJORITY_OF_VOTES,
        jury_size=JURY_SEATS,
        resident_share_percent=60,
        minimum_age=14,
        term_years=2,
        late=fund_pb2.LATE_APPLICATIONS_REFUSE,
        payout=fund_pb2.PAYOUT_REIMBURSEMENT,
        proof_due_days=28,
        excluded_costs=["staff", "construction"],
        four_eyes=True,
    )


async def _budgets(stage: Stage, story: Story) -> None:
    regions = [key for key in lor.NAMES if key.startswith(DISTRICT) and lor.level(key) is lor.Level.DISTRICT_REGION]
    title_id = await _title(stage, story)
    async with stage.step(
        f"The year's {euros(TOTAL_CENTS)} are shared out: {euros(BUDGET_CENTS)} for each of the {len(regions)} neighbourhoods.",
        ["budget_planned"] * len(regions),
    ):
        request = budget_pb2.PlanBudgetsRequest(
            fund_id=story.fund_id,
            title_id=title_id,
            year=story.calendar.year,
            total_cents=TOTAL_CENTS,
            minimum_cents=1_000_00,
            shares=[budget_pb2.Share(region=key, weight=1) for key in regions],
        )
        planned = {budget.region: budget for budget in (await stage.ask(OFFICE, request)).budgets}
        stage.expect(f"planned for {PLACE}", BUDGET_CENTS, planned[REGION].planned_cents)
        story.budget_id = planned[REGION].id
    async with stage.step(
        f"{PLACE}'s {euros(BUDGET_CENTS)} are released and can be promised from now on.",
        ["budget_released", "ledger_posted"],
    ):
        release = budget_pb2.ReleaseBudgetRequest(
            budget_id=story.budget_id, amount_cents=BUDGET_CENTS, reason=f"Haushalt {story.calendar.year}"
        )
        await stage.ask(OFFICE, release)


async def _title(stage: Stage, story: Story) -> str:
    async with stage.step(
        f"The district's budget for {story.calendar.year} has {euros(TOTAL_CENTS)} for projects of its residents.",
        ["title_planned"],
    ):
        request = title_pb2.PlanTitleRequest(
            region=DISTRICT,
            chapter="3320",
            number="68432",
            name="Zuschüsse für besondere, soziale Projekte",
            years=[title_pb2.YearTotal(year=story.calendar.year, total_cents=TOTAL_CENTS)],
            references=[_decision(story)],
        )
        return str((await stage.ask(OFFICE, request)).title.id)


def _decision(story: Story) -> Any:
    return reference_pb2.Reference(
        kind=reference_pb2.REFERENCE_KIND_RESOLUTION,
        number=f"Kiezfonds {story.calendar.year}",
        body="BVV Lichtenberg",
        dated=f"{story.calendar.year - 1}-11-20",
    )


async def _round(stage: Stage, story: Story) -> None:
    days = story.calendar
    async with stage.step(
        f"A round is planned: applications until {days.closes_on:%d %B}, the jury meets on {days.session:%d %B}.",
        ["round_planned", "event_published"],
    ):
        request = round_pb2.PlanRoundRequest(
            budget_id=story.budget_id,
            name=f"Kiezfonds {days.year} {PLACE}",
            opens_on=days.opens_on.isoformat(),
            closes_on=days.closes_on.isoformat(),
            session_at=stamp(days.session),
        )
        story.round_id = (await stage.ask(OFFICE, request)).round.id


async def _opening(stage: Stage, story: Story) -> None:
    async with stage.step(
        "The day comes: by itself, the round opens, and whoever asked for news gets a mail.", ["round_opened"]
    ):
        await stage.move(story.calendar.opening)
        await stage.mail(story.mailroom, SUBSCRIBER, 2, "the round is open")
