"""Records that fill what those of `filled` and `filled_funds` leave empty: seldom rules, an exception of the cap, books that are mended, sources of entries."""

from datetime import timedelta
from typing import Any

from chassis.ports import berlin_day, new_id
from tests.support.city import Started
from tests.support.events import publish_event
from tests.support.filled import Asked
from tests.support.funds import OFFICE, RULES, Pot, move
from tests.support.funds_ballot import a_voting
from tests.support.funds_grant import award
from tests.support.funds_round import Round, a_call
from tests.support.notify import COORDINATOR

JURY: dict[str, Any] = {
    "cap_exception_allowed": True,
    "quorum_percent": 0,
    "quorum_count": 2,
    "recused_count_for_quorum": True,
    "excluded_costs": ["Bargeld"],
    "lump_sum_percent": 5,
    "who_may_apply": ["APPLICANT_KIND_PRIVATE_PERSON", "APPLICANT_KIND_ASSOCIATION"],
    "receipts_only": True,
    "region_minimum_cents": 1_000,
    "written_procedure_allowed": True,
}
A_STRICT_JURY: dict[str, Any] = {"resident_share_percent": 50, "minimum_age": 16, "term_years": 2, "jury_least": 3}
AN_OFFICE: dict[str, Any] = {
    "decision_body": "DECISION_BODY_OFFICE",
    "jury_size": 0,
    "quorum_percent": 0,
    "grant_years": 2,
}


async def seldom_in_funds(funds: Started) -> Asked:
    year = berlin_day(await funds.now()).year
    years: dict[str, Any] = {"first_year": year, "last_year": year + 5}
    of_jury = await a_call(funds, **JURY, **years)
    strict = await a_call(funds, seats=0, **A_STRICT_JURY)
    of_office = await a_call(funds, seats=0, **AN_OFFICE, **years)
    change = {"fund_id": of_jury.pot.fund_id, "rules": RULES | JURY | years | {"rolling": True}, "reason": "DS 1"}
    await _except(of_jury)
    await _keep_books(funds, of_jury.pot)
    now = await funds.now()
    today = berlin_day(now)
    dates = {"opens_on": today.isoformat(), "closes_on": (today + timedelta(days=5)).isoformat()}
    session_at = {"session_at": (now + timedelta(days=9)).isoformat()}
    planned = {"budget_id": of_office.pot.budget_id, "name": "Nachlese"} | dates | session_at
    later = (await funds.call("RoundService/PlanRound", planned, OFFICE)).round
    # A rolling fund has no rounds: these were before.
    await funds.call("FundService/ChangeFundRules", change, OFFICE)
    ballot = await a_voting(funds, 100, 200)
    calls, pot = (of_jury, strict, of_office), of_jury.pot
    return {
        "FundService/GetFund": [{"fund_id": call.pot.fund_id} for call in calls],
        "FundService/ListRulesVersions": [{"fund_id": call.pot.fund_id} for call in calls],
        "RoundService/GetRound": [{"round_id": id} for id in (later.id, *(call.round_id for call in calls))],
        "SessionService/GetSession": [{"session_id": of_jury.session_id}],
        "ProposalService/GetProposal": [{"proposal_id": ballot.proposals[0].id}],
        "TitleService/GetTitle": [{"title_id": pot.title_id}],
        "BudgetService/GetBudget": [{"budget_id": pot.budget_id}],
        "LedgerService/ListPostings": [{"budget_id": pot.budget_id, "page_size": 500}],
        "StatementService/GetBudgetBalance": [{"budget_id": pot.budget_id}],
        "StatementService/GetTitleBalance": [{"title_id": pot.title_id}],
        "StatementService/GetBudgetStatement": [{"budget_id": pot.budget_id}],
        "StatementService/GetTitleStatement": [{"title_id": pot.title_id}],
    }


async def _except(call: Round) -> None:
    """The jury awards more than the cap, once, and the office gives a little less."""
    application = await call.apply(110_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes", "yes")
    await call.act("ResolveException", application_id=application.id, reason="einmalig")
    wrong = {"application_id": application.id, "member_id": call.members[4], "reason": "verwechselt"}
    await call.act("EnterRecusal", **wrong)
    await call.act("TakeBackRecusal", **wrong)
    await call.conclude(application)
    less = {"amount_cents": 105_000, "exceeds_cap": True, "reason": "verschrieben"}
    await call.check("ReviseDecision", application, **less)


async def _keep_books(funds: Started, pot: Pot) -> None:
    """Money is blocked, a posting is taken back, and a grant is promised."""
    await move(funds, "Freeze", pot, 1_000)
    undo = {"budget_id": pot.budget_id, "number": 1, "reason": "vertippt"}
    frozen = await move(funds, "Freeze", pot, 100)
    await funds.call("LedgerService/ReversePosting", undo | {"number": frozen.postings}, OFFICE)
    await award(funds, pot)


async def seldom_in_events(events: Started) -> Asked:
    """An entry of a round of funds, for its whole last day, and one whose organiser is known."""
    event = await publish_event(events, await events.now() + timedelta(days=20))
    actor = {"id": event.organiser_id, "region": "114009", "status": "active", "is_public": True, "name": "Kiezverein"}
    await events.knows(*await events.city.say("actors", "actor_registered", actor))
    source = {"id": new_id(), "region": "114009", "fund_name": "Kiezfonds", "status": "planned", "name": "1. Runde"}
    days = {"opens_on": "2097-01-04", "closes_on": "2097-01-22"}
    await events.knows(*await events.city.say("funds", "round_planned", source | days))
    await events.move_clock(await events.now())
    found = await events.call("CalendarEventService/ListCalendarEvents", {"region": "114009", "page_size": 500})
    entries = [entry.id for entry in found.calendar_events if entry.source.id == source["id"]]
    return {
        "CalendarEventService/GetCalendarEvent": [{"event_id": id} for id in (event.id, *entries)],
        # Not what funds says of its sessions meanwhile.
        "CalendarEventService/ListCalendarEvents": [{"organiser_id": event.organiser_id, "page_size": 500}],
    }


async def seldom_in_notify(notify: Started) -> Asked:
    """One that was withdrawn."""
    text = {"language": "LANGUAGE_DE", "title": "Straßenfest", "body": "Am Samstag."}
    request = {"region": "114009", "regions": ["114009"], "texts": [text]}
    made = await notify.call("AnnouncementService/CreateAnnouncement", request, COORDINATOR)
    one = {"announcement_id": made.announcement.id}
    await notify.call("AnnouncementService/PublishAnnouncement", one, COORDINATOR)
    await notify.call("AnnouncementService/WithdrawAnnouncement", one | {"reason": "abgesagt"}, COORDINATOR)
    return {"AnnouncementService/GetAnnouncement": [one]}
