"""Act 4: seven applications arrive; one is sent back, one is withdrawn; the clock closes the round."""

from datetime import timedelta

from kiezctl.demo.figures import (
    BARBECUE,
    CONCERT,
    PLACE,
    PROJECTS,
    READING,
    REGION,
    TREES,
    Project,
    at,
)
from kiezctl.demo.mailroom import address
from kiezctl.demo.people import OFFICE, Person, applicant
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezwerk.funds.v1 import application_pb2 as pb

SILENCE = "Nobody outside hears of it before it is decided."


async def play(stage: Stage, story: Story) -> None:
    async with stage.step(
        "A neighbour forgets to declare that nothing has begun yet; the form comes back at once, naming the field."
    ):
        await _draft(stage, story, TREES, forgetful=True)
        await stage.refused(by(story, TREES), _submission(story, TREES), "APPLICATION_INCOMPLETE")
    async with stage.step(f"Seven applications arrive: five associations, two neighbours. {SILENCE}"):
        await _complete(stage, story)
        for project in PROJECTS:
            if project is not TREES:
                await _draft(stage, story, project)
            await stage.ask(by(story, project), _submission(story, project))
    await _sent_back(stage, story)
    async with stage.step(f"{READING.applicant} has found other money for its reading night and withdraws."):
        request = pb.WithdrawApplicationRequest(
            application_id=story.applications[READING.key], reason="Anders finanziert."
        )
        await stage.ask(by(story, READING), request)
    async with stage.step("Midnight after the last day: by itself, the round closes.", ["round_closed"]):
        await stage.move(at(story.calendar.closes_on + timedelta(days=1), 0, 1))
    async with stage.step("An eighth application comes a minute too late and is refused."):
        late = Project("late", BARBECUE.applicant, "Zu spät", "Zu spät.", (("Anderes", 100_00),), is_neighbour=True)
        await _draft(stage, story, late)
        await stage.refused(by(story, late), _submission(story, late), "ROUND_CLOSED")


def by(story: Story, project: Project) -> Person:
    """Who applies for this project."""
    return applicant(project.key, story.actors.get(project.applicant, ""))


async def _draft(stage: Stage, story: Story, project: Project, *, forgetful: bool = False) -> None:
    request = pb.DraftApplicationRequest(
        fund_id=story.fund_id,
        region=REGION,
        form=_form(story, project, forgetful=forgetful),
        round_id=story.round_id,
        applicant_actor_id=story.actors.get(project.applicant, ""),
    )
    story.applications[project.key] = (await stage.ask(by(story, project), request)).application.id


def _form(story: Story, project: Project, *, forgetful: bool = False) -> pb.ApplicationForm:
    days = story.calendar
    declared = pb.Declarations(
        not_started=not forgetful,
        not_funded_twice=True,
        subsidy_notice_read=True,
        privacy_notice_read=True,
        agrees_to_publication=True,
    )
    return pb.ApplicationForm(
        title=project.title,
        description=f"{project.title} in {PLACE}. {project.goal}",
        goals=[project.goal],
        place=PLACE,
        starts_on=days.projects_start_on.isoformat(),
        ends_on=days.projects_end_on.isoformat(),
        requested_cents=project.asked_cents,
        costs=[pb.CostItem(description=what, amount_cents=cents) for what, cents in project.costs],
        own_contribution="Ehrenamtliche Arbeit",
        declarations=declared,
    )


async def _complete(stage: Stage, story: Story) -> None:
    request = pb.ReviseApplicationRequest(application_id=story.applications[TREES.key], form=_form(story, TREES))
    await stage.ask(by(story, TREES), request)


def _submission(story: Story, project: Project) -> pb.SubmitApplicationRequest:
    who = f"Neighbour {project.applicant[-1]}" if project.is_neighbour else project.applicant
    return pb.SubmitApplicationRequest(
        application_id=story.applications[project.key],
        contact_name=who,
        contact_email=address(project.key),
        contact_language="en" if project is TREES else "de",
    )


async def _sent_back(stage: Stage, story: Story) -> None:
    application_id = story.applications[CONCERT.key]
    due = story.calendar.closes_on + timedelta(days=7)
    async with stage.step(
        f"{CONCERT.applicant}'s costs do not say who plays; the office sends it back, a mail asks until {due:%d %B}."
    ):
        request = pb.RequestInfoRequest(
            application_id=application_id, reason="Wer spielt?", info_due_on=due.isoformat()
        )
        await stage.ask(OFFICE, request)
        await stage.mail(story.mailroom, address(CONCERT.key), 2, "the question")
    async with stage.step(f"{CONCERT.applicant} answers; its place in the line stays the one of its first day."):
        person = by(story, CONCERT)
        form = _form(story, CONCERT)
        form.description += " Es spielen drei Bands aus dem Kiez."
        first = (await stage.ask(person, pb.GetApplicationRequest(application_id=application_id))).application
        await stage.ask(person, pb.ReviseApplicationRequest(application_id=application_id, form=form))
        found = (await stage.ask(person, pb.ResubmitApplicationRequest(application_id=application_id))).application
        stage.expect("handed in:", first.submitted_at.ToDatetime(), found.submitted_at.ToDatetime())
