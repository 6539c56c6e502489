"""Act 7: applicants learn the decision, grants are agreed, and a concert has more guests than chairs."""

from datetime import timedelta
from typing import Any

from kiezctl.demo.acts.applications import by
from kiezctl.demo.figures import AWARDED, BARBECUE, CONCERT, PLACE, REGION, stamp
from kiezctl.demo.mailroom import address
from kiezctl.demo.people import OFFICE, PUBLIC, organiser
from kiezctl.demo.stage import Stage
from kiezctl.demo.story import Story
from kiezwerk.events.v1 import calendar_event_pb2, registration_pb2
from kiezwerk.funds.v1 import application_pb2, grant_pb2

# An account that banks use in examples.
IBAN = "DE89370400440532013000"
SEATS = 3
GUESTS = ("guest-a", "guest-b", "guest-c", "guest-d")


async def play(stage: Stage, story: Story) -> None:
    async with stage.step("The applicants read the decision in their mail, the declined one with its reason."):
        for project in (*AWARDED, BARBECUE):
            await stage.eventually(f"a mail to {project.key} with the decision", _decision(story, project.key))
        request = application_pb2.GetApplicationRequest(application_id=story.applications[BARBECUE.key])
        found = (await stage.ask(by(story, BARBECUE), request)).application
        stage.expect("status:", application_pb2.APPLICATION_STATUS_DECLINED, found.status)
    async with stage.step(f"{len(AWARDED)} agreements are signed; now, and not before, the projects may begin."):
        for number, project in enumerate(AWARDED, 1):
            await _agree(stage, story, project.key, number)
    event_id = await _publish(stage, story)
    await _register(stage, story, event_id)


def _decision(story: Story, key: str) -> Any:
    async def look() -> bool:
        # Received, scheduled, decided; the concert's applicant was asked back in between.
        return len(await story.mailroom.to(address(key))) >= 3

    return look


async def _agree(stage: Stage, story: Story, key: str, number: int) -> None:
    request = grant_pb2.AgreeGrantRequest(
        grant_id=story.grants[key],
        agreement_number=f"KF-{story.calendar.year}-{number:02}",
        payee_name="Account of the project",
        iban=IBAN,
    )
    await stage.ask(OFFICE, request)


async def _publish(stage: Stage, story: Story) -> str:
    starts_at = story.calendar.project
    person = organiser(story.actors[CONCERT.applicant])
    request = calendar_event_pb2.DraftCalendarEventRequest(
        region=REGION,
        organiser_id=story.actors[CONCERT.applicant],
        kind=calendar_event_pb2.EVENT_KIND_FESTIVAL,
        title=CONCERT.title,
        starts_at=stamp(starts_at),
        ends_at=stamp(starts_at + timedelta(hours=3)),
        place=calendar_event_pb2.Place(name="Hof", street="Weitlingstraße", postal_code="10317", city="Berlin"),
        registration=calendar_event_pb2.REGISTRATION_MODE_PER_DATE,
        capacity=SEATS,
        grant_id=story.grants[CONCERT.key],
    )
    async with stage.step(
        f"“{CONCERT.title}” is announced for {starts_at:%d %B} in {PLACE}, with {SEATS} chairs.", ["event_published"]
    ):
        event = (await stage.ask(person, request)).calendar_event
        await stage.ask(person, calendar_event_pb2.PublishCalendarEventRequest(event_id=event.id))
    return str(event.id)


async def _register(stage: Stage, story: Story, event_id: str) -> None:
    async with stage.step("Four neighbours want to come. Three have a chair, the fourth is first on the waiting list."):
        answers = [await stage.ask(PUBLIC, _registration(event_id, guest)) for guest in GUESTS]
        found = [answer.registration.status for answer in answers]
        confirmed = registration_pb2.REGISTRATION_STATUS_CONFIRMED
        wanted = [confirmed] * SEATS + [registration_pb2.REGISTRATION_STATUS_WAITLISTED]
        stage.expect("registrations:", wanted, found)
    async with stage.step(
        "One gives the chair back by the link that came by mail; the fourth is offered it, and takes it."
    ):
        (seated,) = await stage.mail(story.mailroom, address(GUESTS[0]), 1, "a chair")
        answer = await stage.http("POST", seated.link("/registrations/cancel/"))
        stage.expect("the page to cancel answers", 200, answer.status_code)
        await stage.settle()
        offered = (await stage.mail(story.mailroom, address(GUESTS[-1]), 2, "the offer of a chair"))[-1]
        answer = await stage.http("POST", offered.link("/registrations/confirm/"))
        stage.expect("the page to accept answers", 200, answer.status_code)
        request = calendar_event_pb2.GetCalendarEventRequest(event_id=event_id)
        event = (await stage.ask(PUBLIC, request)).calendar_event
        stage.expect("free chairs and people waiting:", (0, 0), (event.seats_free, event.waiting))


def _registration(event_id: str, guest: str) -> registration_pb2.RegisterRequest:
    name = guest.replace("-", " ").title()
    return registration_pb2.RegisterRequest(event_id=event_id, name=name, email=address(guest), seats=1)
