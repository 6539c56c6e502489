"""Act 5: the office checks the applications and puts them on the agenda; the jury is invited by mail."""

from kiezctl.demo.figures import JURY_SEATS, PROJECTS, READING
from kiezctl.demo.mailroom import address
from kiezctl.demo.people import OFFICE
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezwerk.funds.v1 import application_pb2, session_pb2

ON_THE_AGENDA = tuple(project for project in PROJECTS if project is not READING)


async def play(stage: Stage, story: Story) -> None:
    async with stage.step(
        f"The office finds {len(ON_THE_AGENDA)} applications admissible and puts them on the agenda."
    ):
        ids = [story.applications[project.key] for project in ON_THE_AGENDA]
        for id in ids:
            await stage.ask(OFFICE, application_pb2.AdmitApplicationRequest(application_id=id))
        await stage.ask(
            OFFICE, session_pb2.ScheduleApplicationsRequest(session_id=story.session_id, application_ids=ids)
        )
    async with stage.step(f"{JURY_SEATS} invitations leave, each with an entry for the member's calendar."):
        await stage.ask(OFFICE, session_pb2.InviteJuryRequest(session_id=story.session_id))
        for number in range(1, JURY_SEATS + 1):
            letters = await stage.mail(story.mailroom, address(f"juror-{number}"), 1, "an invitation")
            stage.expect("an invitation with a calendar entry:", True, "text/calendar" in letters[0].media_types)
