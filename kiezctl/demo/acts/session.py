"""Act 6: the jury decides, with a quorum, without whoever is involved, and never beyond what the rules or the pot allow."""

from kiezctl.demo.acts.admission import ON_THE_AGENDA
from kiezctl.demo.acts.jury import AFFILIATED, AFFILIATION, CHAIR
from kiezctl.demo.figures import AWARDED, BARBECUE, BUDGET_CENTS, CONCERT, FESTIVAL, GARDEN, LEFT_CENTS, Project
from kiezctl.demo.people import AUDITOR, OFFICE, PUBLIC, juror
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezctl.sentences import euros
from kiezwerk.funds.v1 import budget_pb2, round_pb2, session_pb2

TOO_FEW = (1, 2, 3, 4, 10, 11, 12)
PRESENT = (1, 2, 3, 4, 5, 10, 11, 12, 13)
AWARD = ("grant_awarded", "ledger_posted")


async def play(stage: Stage, story: Story) -> None:
    await _open(stage, story)
    await _recused(stage, story)
    await _capped(stage, story)
    await _exception(stage, story)
    for project in ON_THE_AGENDA:
        if project not in (GARDEN, CONCERT, FESTIVAL):
            await _decide(stage, story, project)
    await _close(stage, story)


async def _open(stage: Stage, story: Story) -> None:
    async with stage.step(f"The evening comes. With {len(TOO_FEW)} of 15 members the jury may not begin."):
        await stage.refused(juror(CHAIR), _opening(story, TOO_FEW), "NOT_QUORATE")
    async with stage.step(
        f"Two more arrive; with {len(PRESENT)} there is a quorum, and the chair opens the session.", ["session_opened"]
    ):
        await stage.ask(juror(CHAIR), _opening(story, PRESENT))


def _opening(story: Story, present: tuple[int, ...]) -> session_pb2.OpenSessionRequest:
    members = [story.members[number - 1] for number in present]
    return session_pb2.OpenSessionRequest(session_id=story.session_id, present_member_ids=members)


async def _recused(stage: Stage, story: Story) -> None:
    async with stage.step(
        f"A member belongs to {AFFILIATION}, which applies: their vote on it is refused. "
        f"The others give “{GARDEN.title}” all it asked for, {euros(GARDEN.awarded_cents)}.",
        AWARD,
    ):
        await _motion(stage, story, GARDEN, GARDEN.awarded_cents)
        await stage.refused(juror(AFFILIATED), _vote(story, GARDEN, yes=True), "MEMBER_RECUSED")
        await _votes(stage, story, GARDEN, against=(3,), without=(AFFILIATED,))
        await _conclude(stage, story, GARDEN)


async def _capped(stage: Stage, story: Story) -> None:
    async with stage.step(
        f"“{CONCERT.title}” asks for {euros(CONCERT.asked_cents)}. The jury says yes, but the rules say no: that is above the maximum."
    ):
        await _motion(stage, story, CONCERT, CONCERT.asked_cents)
        await _votes(stage, story, CONCERT)
        await stage.refused(juror(CHAIR), _conclusion(story, CONCERT), "CAP_EXCEEDED")
    async with stage.step(f"A new motion, a new vote: it gets {euros(CONCERT.awarded_cents)}.", AWARD):
        await _motion(stage, story, CONCERT, CONCERT.awarded_cents)
        await _votes(stage, story, CONCERT, against=(2, 11))
        await _conclude(stage, story, CONCERT)


async def _exception(stage: Stage, story: Story) -> None:
    async with stage.step(
        f"For “{FESTIVAL.title}” the jury resolves an exception and puts its reason on record: {euros(FESTIVAL.awarded_cents)}.",
        AWARD,
    ):
        request = session_pb2.ResolveExceptionRequest(
            session_id=story.session_id,
            application_id=story.applications[FESTIVAL.key],
            reason="Das Fest erreicht den ganzen Kiez.",
        )
        await stage.ask(juror(CHAIR), request)
        await _motion(stage, story, FESTIVAL, FESTIVAL.awarded_cents)
        await _votes(stage, story, FESTIVAL, against=(4,))
        await _conclude(stage, story, FESTIVAL)


async def _decide(stage: Stage, story: Story, project: Project) -> None:
    if project is BARBECUE:
        async with stage.step(
            "A birthday is no matter of the neighbourhood: declined, and only the applicant is told."
        ):
            await _motion(stage, story, project, project.asked_cents)
            await _votes(stage, story, project, against=PRESENT)
            await _conclude(stage, story, project, "Das Vorhaben dient nicht der Nachbarschaft.")
        return
    who = "a neighbour, unnamed in public" if project.is_neighbour else project.applicant
    async with stage.step(f"{euros(project.awarded_cents)} for “{project.title}” ({who}).", AWARD):
        await _motion(stage, story, project, project.awarded_cents)
        await _votes(stage, story, project)
        await _conclude(stage, story, project)


async def _motion(stage: Stage, story: Story, project: Project, cents: int) -> None:
    request = session_pb2.PutMotionRequest(
        session_id=story.session_id, application_id=story.applications[project.key], amount_cents=cents
    )
    await stage.ask(juror(CHAIR), request)


async def _votes(
    stage: Stage, story: Story, project: Project, *, against: tuple[int, ...] = (), without: tuple[int, ...] = ()
) -> None:
    for number in PRESENT:
        if number not in without:
            await stage.ask(juror(number), _vote(story, project, yes=number not in against))


def _vote(story: Story, project: Project, *, yes: bool) -> session_pb2.CastVoteRequest:
    return session_pb2.CastVoteRequest(
        session_id=story.session_id,
        application_id=story.applications[project.key],
        choice=session_pb2.CHOICE_YES if yes else session_pb2.CHOICE_NO,
    )


async def _conclude(stage: Stage, story: Story, project: Project, reason: str = "") -> None:
    session = (await stage.ask(juror(CHAIR), _conclusion(story, project, reason))).session
    item = next(item for item in session.agenda if item.application_id == story.applications[project.key])
    stage.expect(f"awarded to “{project.title}”:", project.awarded_cents, item.approved_cents)
    if item.grant_id:
        story.grants[project.key] = item.grant_id


def _conclusion(story: Story, project: Project, reason: str = "") -> session_pb2.ConcludeItemRequest:
    return session_pb2.ConcludeItemRequest(
        session_id=story.session_id, application_id=story.applications[project.key], reason=reason
    )


async def _close(stage: Stage, story: Story) -> None:
    async with stage.step(
        "The session ends and the minutes are approved; everyone can read how many voted yes and no, nobody who.",
        ["session_closed", "minutes_approved"],
    ):
        await stage.ask(juror(CHAIR), session_pb2.CloseSessionRequest(session_id=story.session_id))
        await stage.ask(OFFICE, session_pb2.ApproveMinutesRequest(session_id=story.session_id))
        public = (await stage.ask(PUBLIC, session_pb2.GetSessionRequest(session_id=story.session_id))).session
        stage.expect("votes by name in public:", 0, sum(len(item.votes) for item in public.agenda))
        stage.expect("tallies in public:", len(ON_THE_AGENDA), sum(item.HasField("tally") for item in public.agenda))
    async with stage.step("An auditor counts all votes anew from the rules of that evening and finds the same."):
        recount = await stage.ask(AUDITOR, session_pb2.RecomputeSessionRequest(session_id=story.session_id))
        stage.expect("the recount agrees:", True, recount.agrees)
    await _publish(stage, story)


async def _publish(stage: Stage, story: Story) -> None:
    given = sum(project.awarded_cents for project in AWARDED)
    async with stage.step(
        f"The result is published: {euros(given)} of {euros(BUDGET_CENTS)} are promised, {euros(LEFT_CENTS)} are left.",
        ["round_decided", "round_published"],
    ):
        await stage.ask(OFFICE, round_pb2.ConcludeRoundRequest(round_id=story.round_id))
        await stage.ask(OFFICE, round_pb2.PublishRoundRequest(round_id=story.round_id))
        budget = (await stage.ask(PUBLIC, budget_pb2.GetBudgetRequest(budget_id=story.budget_id))).budget
        stage.expect("left in the pot:", LEFT_CENTS, budget.available_cents)
        stage.expect("promised:", given, budget.committed_cents)
