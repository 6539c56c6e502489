"""Builders for decisions: an application, a jury, a session with its agenda."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.ports import new_id
from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.application_form import ApplicationForm, CostItem, Declarations
from services.funds.domain.fund_rules import FundRules
from services.funds.domain.jury import Jury, JuryMember, Seat
from services.funds.domain.jury_session import JurySession
from services.funds.domain.procedure import Procedure
from services.funds.domain.session_status import SessionStatus
from services.funds.domain.vote import Choice, Vote
from tests.support.funds import REGION, YEAR, rules

RECEIVED = datetime(YEAR, 1, 10, 9, 0, tzinfo=UTC)
SESSION_AT = datetime(YEAR, 2, 10, 17, 0, tzinfo=UTC)
DECLARED = Declarations(True, True, True, True)


def a_form(**changes: Any) -> ApplicationForm:
    requested = changes.get("requested_cents", 80_000)
    usual: dict[str, Any] = {
        "title": "Nachbarschaftsfest",
        "description": "Ein Fest im Hof.",
        "goals": ("Nachbarn lernen sich kennen",),
        "place": "Hof Weitlingstraße",
        "starts_on": date(YEAR, 5, 1),
        "ends_on": date(YEAR, 5, 2),
        "requested_cents": requested,
        "costs": (CostItem("Zelt", requested),) if requested else (),
        "declarations": DECLARED,
    }
    return ApplicationForm(**usual | changes)


def a_draft(**changes: Any) -> Application:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": REGION,
        "fund_id": "",
        "fund_name": "Kiezfonds Lichtenberg",
        "round_id": "",
        "round_name": "",
        "applicant_actor_id": new_id(),
        "applicant_sub": "anna",
        "entered_by": "anna",
        "form": a_form(),
    }
    return Application(**usual | changes)


def an_application(status: ApplicationStatus = ApplicationStatus.SUBMITTED, **changes: Any) -> Application:
    """An application that was handed in, put into any status."""
    with_rules = changes.pop("rules", rules())
    submitted = a_draft(**changes).submit(None, with_rules, "contact", "anna", RECEIVED)
    return replace(submitted, status=status)


def a_member(number: int = 1, **changes: Any) -> JuryMember:
    usual: dict[str, Any] = {
        "id": new_id(),
        "person_ref": f"person{number}",
        "sub": f"member{number}",
        "seat": Seat.RESIDENT,
        "is_chair": number == 1,
        "affiliations": (),
        "from_on": date(YEAR, 1, 1),
        "until_on": date(YEAR + 1, 12, 31),
    }
    return JuryMember(**usual | changes)


def a_jury(members: int = 5, **changes: Any) -> Jury:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": REGION,
        "fund_id": "",
        "fund_name": "Kiezfonds Lichtenberg",
        "name": "Bürgerjury",
        "seats": 15,
        "members": tuple(a_member(number) for number in range(1, members + 1)),
    }
    return Jury(**usual | changes)


def a_session(jury: Jury | None = None, **changes: Any) -> JurySession:
    usual: dict[str, Any] = {
        "id": new_id(),
        "region": REGION,
        "fund_id": "",
        "fund_name": "Kiezfonds Lichtenberg",
        "jury_id": jury.id if jury else new_id(),
        "budget_id": new_id(),
        "round_id": "",
        "title": "Jurysitzung",
        "starts_at": SESSION_AT,
        "ends_at": SESSION_AT + timedelta(hours=2),
        "place": "Rathaus",
    }
    return JurySession(**usual | changes)


def a_procedure(jury: Jury, **changes: Any) -> Procedure:
    with_rules: FundRules = rules(**changes)
    return Procedure.freeze(with_rules, 1, jury.seats_filled_on(SESSION_AT.date()))


def an_open_session(jury: Jury, *applications: Application, present: int = 0, **more_rules: Any) -> JurySession:
    """A session that has begun with the first `present` members of the jury, or all of them."""
    session = a_session(jury)
    for application in applications or (an_application(),):
        session = session.put_on(application)
    there = tuple(member.id for member in jury.members[: present or len(jury.members)])
    return session.invite().open(jury, there, a_procedure(jury, **more_rules), "office", SESSION_AT)


def in_status(session: JurySession, status: SessionStatus) -> JurySession:
    return replace(session, status=status)


def votes(jury: Jury, *choices: Choice) -> tuple[Vote, ...]:
    """The votes of the first members, in order."""
    pairs = zip(jury.members, choices, strict=False)
    return tuple(Vote(member.id, choice, SESSION_AT, member.sub) for member, choice in pairs)
