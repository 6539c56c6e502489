"""Act 3: the jury of residents gets its seats for the year, and its session stands in the calendar."""

from datetime import timedelta

from kiezctl.demo.figures import FUND, JURY_SEATS, PLACE, REGION, stamp
from kiezctl.demo.mailroom import address
from kiezctl.demo.people import OFFICE, juror
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezwerk.funds.v1 import jury_pb2, session_pb2

RESIDENTS = 9
CHAIR = 1
# Sits for organised civil society, and belongs to an association that applies.
AFFILIATED = 12
AFFILIATION = "SODI"


async def play(stage: Stage, story: Story) -> None:
    async with stage.step(
        f"{JURY_SEATS} members take their seats for the year: {RESIDENTS} residents drawn by lot,"
        f" {JURY_SEATS - RESIDENTS} from associations. Who they are is told to nobody."
    ):
        story.jury_id = await _jury(stage, story)
        for number in range(1, JURY_SEATS + 1):
            story.members.append(await _seat(stage, story, number))
    async with stage.step(
        "The session is planned, and appears in everyone's calendar by itself.", ["session_planned", "event_published"]
    ):
        session = story.calendar.session
        request = session_pb2.PlanSessionRequest(
            jury_id=story.jury_id,
            budget_id=story.budget_id,
            round_id=story.round_id,
            title=f"Jurysitzung {FUND} {PLACE}",
            starts_at=stamp(session),
            ends_at=stamp(session + timedelta(hours=2)),
            place="Nachbarschaftshaus, Schulze-Boysen-Straße 38",
        )
        story.session_id = (await stage.ask(OFFICE, request)).session.id


async def _jury(stage: Stage, story: Story) -> str:
    listed = await stage.ask(OFFICE, jury_pb2.ListJuriesRequest(region=REGION, fund_id=story.fund_id))
    if listed.juries:
        return str(listed.juries[0].id)
    request = jury_pb2.CreateJuryRequest(fund_id=story.fund_id, region=REGION, name=f"Bürgerjury {PLACE}")
    return str((await stage.ask(OFFICE, request)).jury.id)


async def _seat(stage: Stage, story: Story, number: int) -> str:
    request = jury_pb2.SeatMemberRequest(
        jury_id=story.jury_id,
        name=f"Jury member {number}",
        email=address(f"juror-{number}"),
        seat=jury_pb2.SEAT_RESIDENT if number <= RESIDENTS else jury_pb2.SEAT_CIVIL_SOCIETY,
        from_on=story.calendar.preparation.date().isoformat(),
        until_on=f"{story.calendar.year}-12-31",
        sub=juror(number).sub,
        is_chair=number == CHAIR,
        meets_minimum_age=True,
        affiliations=[story.actors[AFFILIATION]] if number == AFFILIATED else [],
    )
    jury = (await stage.ask(OFFICE, request)).jury
    return str(next(member.id for member in reversed(jury.members) if member.sub == juror(number).sub))
