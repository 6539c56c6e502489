"""How each rpc on the way to a decision is called: rounds, applications, juries and sessions."""

from datetime import timedelta
from typing import Any

from tests.support.access import OWNER, Case, case
from tests.support.funds_round import a_form

HIDDEN = ("APPLICATION_NOT_FOUND",)


def rounds(call: Any, day: str) -> dict[str, Case]:
    one = {"round_id": call.round_id}
    days = {"opens_on": day, "closes_on": day}
    return {
        "RoundService/PlanRound": case({"budget_id": call.pot.budget_id, "name": "Zweite Runde"} | days),
        "RoundService/RescheduleRound": case(one | days),
        "RoundService/ReopenRound": case(one | {"closes_on": day, "reason": "ein Irrtum"}),
        "RoundService/CancelRound": case(one | {"reason": "ein Irrtum"}),
        "RoundService/ConcludeRound": case(one),
        "RoundService/PublishRound": case(one),
        "RoundService/GetRound": case(one),
        "RoundService/ListRounds": case({"region": "114009"}),
    }


def applications(call: Any, actor: str, application_id: str, draft_id: str, day: str) -> dict[str, Case]:
    own: dict[str, Any] = {"owner": OWNER, "actor": actor, "refusals": HIDDEN}
    one, draft, reason = {"application_id": application_id}, {"application_id": draft_id}, {"reason": "unvollständig"}
    form = {"form": a_form(call.closes_at.date() + timedelta(days=60), 10_000)}
    new = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": "114009", "applicant_actor_id": actor}
    person = {"contact_name": "Anna Beispiel", "contact_email": "anna@example.org"}
    for_actor: dict[str, Any] = {"actor": actor, "refusals": ("NOT_YOUR_ACTOR",)}
    name = "ApplicationService/{}Application".format
    return {
        name("Draft"): case(new | form, **for_actor),
        name("Revise"): case(draft | form, actor=actor, refusals=HIDDEN),
        name("Submit"): case(draft | person, actor=actor, refusals=HIDDEN),
        name("Resubmit"): case(one, **own),
        name("Withdraw"): case(one | reason, **own),
        name("Admit"): case(one),
        name("Refuse"): case(one | reason),
        name("Readmit"): case(one | reason),
        name("Award"): case(one | {"budget_id": call.pot.budget_id, "amount_cents": 100}),
        name("Decline"): case(one | reason),
        "ApplicationService/ReviseDecision": case(one | reason | {"amount_cents": 100}),
        name("Get"): case(one, **own),
        "ApplicationService/RequestInfo": case(one | reason | {"info_due_on": day}),
        "ApplicationService/ListApplications": case({"region": "114009"}),
        "ApplicationService/ListMyApplications": case({"applicant_actor_id": actor}, **for_actor),
    }


def juries(call: Any, day: str) -> dict[str, Case]:
    one, member = {"jury_id": call.jury_id}, {"member_id": call.members[0]}
    person = {"name": "Kim Beispiel", "email": "kim@example.org", "seat": "SEAT_RESIDENT"}
    return {
        "JuryService/CreateJury": case({"fund_id": call.pot.fund_id, "region": "114009", "name": "Bürgerjury"}),
        "JuryService/SeatMember": case(one | person | {"from_on": day, "until_on": day}),
        "JuryService/UnseatMember": case(one | member | {"last_day": day, "reason": "umgezogen"}),
        "JuryService/SetAffiliations": case(one | member),
        "JuryService/GetJury": case(one),
        "JuryService/GetComposition": case(one | {"day": day}),
        "JuryService/ListJuries": case({"region": "114009"}),
    }


def sessions(call: Any, application_id: str, later: Any) -> dict[str, Case]:
    one, member = {"session_id": call.session_id}, {"member_id": call.members[1]}
    item, reason = one | {"application_id": application_id}, {"reason": "so beschlossen"}
    when = {"starts_at": later.isoformat(), "ends_at": (later + timedelta(hours=2)).isoformat(), "place": "Rathaus"}
    seat: dict[str, Any] = {"owner": call.subs[0], "refusals": ("ROLE_DOES_NOT_REACH", "NO_SEAT")}
    chair: dict[str, Any] = {"owner": call.subs[0], "refusals": ("NOT_THE_CHAIR",)}
    there = {"present_member_ids": list(call.members)}
    in_writing = {"starts_at": later.isoformat(), "votes_until": (later + timedelta(days=7)).date().isoformat()}
    host = {"host_name": "Kim Beispiel", "host_email": "kim@example.org"}
    plan = {"jury_id": call.jury_id, "budget_id": call.pot.budget_id, "title": "Jurysitzung"}
    return {
        "SessionService/PlanSession": case(plan | when),
        "SessionService/MoveSession": case(one | when),
        "SessionService/ScheduleApplications": case(one | {"application_ids": [application_id]}),
        "SessionService/InviteJury": case(one),
        "SessionService/OpenSession": case(one | there, **chair),
        "SessionService/RecordAttendance": case(one | there, **chair),
        "SessionService/TakeBackRecusal": case(item | member | reason, **chair),
        "SessionService/PutMotion": case(item | {"amount_cents": 100}, **chair),
        "SessionService/ResolveException": case(item | reason, **chair),
        "SessionService/CastVote": case(item | {"choice": "CHOICE_YES"}, **seat),
        "SessionService/EnterVote": case(item | member | {"choice": "CHOICE_YES"} | reason, **chair),
        "SessionService/DeclareRecusal": case(item, **seat),
        "SessionService/EnterRecusal": case(item | member | reason, **chair),
        "SessionService/ConcludeItem": case(item, **chair),
        "SessionService/DeferItem": case(item | reason, **chair),
        "SessionService/CorrectVote": case(item | member | {"choice": "CHOICE_YES"} | reason, **chair),
        "SessionService/CorrectCount": case(item | {"yes": 1} | reason, **chair),
        "SessionService/PlanWrittenProcedure": case(plan | in_writing),
        "SessionService/OpenWrittenProcedure": case(one, **chair),
        "SessionService/PlanAssembly": case(when | host | {"budget_id": call.pot.budget_id, "title": "Versammlung"}),
        "SessionService/OpenAssembly": case(one | {"attended": 9}, **chair),
        "SessionService/RecordHeadcount": case(one | {"attended": 9}, **chair),
        "SessionService/CountHands": case(item | {"yes": 1}, **chair),
        "SessionService/CloseSession": case(one, **chair),
        "SessionService/ApproveMinutes": case(one),
        "SessionService/CancelSession": case(one | reason),
        "SessionService/RecomputeSession": case(one),
        "SessionService/GetSession": case(one),
        "SessionService/ListSessions": case({"region": "114009"}),
        "DossierService/GetDossier": case(one),
        "TransparencyService/GetRegionYear": case({"region": "114009", "year": 2027}),
    }
