"""Applications in a running service: who hands in what, until when, and who may see it."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.ports import Role, new_id
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds import OFFICE, REGION, a_pot
from tests.support.funds_round import APPLICANT, JURY, a_call, a_form, a_known_actor

SUBMITTED, NEEDS_INFO, ADMISSIBLE, INADMISSIBLE, WITHDRAWN = 2, 3, 4, 5, 10


async def get(funds: Started, application: Any, *roles: Role, sub: str) -> Any:
    request = {"application_id": application.id}
    return (await funds.call("ApplicationService/GetApplication", request, *roles, sub=sub)).application


async def test_an_application_is_sent_back_answered_and_admitted(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    application = await call.apply()
    due = (await funds.now()).date() + timedelta(days=10)
    await call.check("RequestInfo", application, reason="Wo genau?", info_due_on=due.isoformat())
    revise = {"application_id": application.id, "form": a_form(due + timedelta(days=90), 70_000)}
    await funds.call("ApplicationService/ReviseApplication", revise, APPLICANT, sub="anna")
    await call.end()
    again = {"application_id": application.id}
    await funds.call("ApplicationService/ResubmitApplication", again, APPLICANT, sub="anna")
    admitted = await call.check("AdmitApplication", application)
    assert (admitted.status, admitted.form.requested_cents) == (ADMISSIBLE, 70_000)
    assert admitted.submitted_at == application.submitted_at
    assert [step.reason for step in admitted.course] == ["", "Wo genau?", "", ""]
    said = await funds.published(application.id)
    assert [message.fact for message in said] == [
        "application_submitted",
        "application_info_requested",
        "application_submitted",
        "application_admitted",
    ]
    assert all(message.subject.startswith("kiez.int.") for message in said)
    assert said[1].body["state"]["info_due_on"] == due.isoformat()
    assert said[1].body["state"]["contact_ref"]
    assert not any("Anna" in str(message.body) or "example.org" in str(message.body) for message in said)


async def test_an_answer_after_its_day_is_late_until_the_office_gives_more_time(funds: Started) -> None:
    call = await a_call(funds, seats=0, days=20)
    application = await call.apply()
    due = (await funds.now()).date() + timedelta(days=2)
    await call.check("RequestInfo", application, reason="Wo?", info_due_on=due.isoformat())
    await funds.move_clock(await funds.now() + timedelta(days=4))
    again = {"application_id": application.id}
    with refused("ANSWER_IS_LATE", "FAILED_PRECONDITION"):
        await funds.call("ApplicationService/ResubmitApplication", again, APPLICANT, sub="anna")
    more = (await funds.now()).date() + timedelta(days=2)
    await call.check("RequestInfo", application, reason="Wo?", info_due_on=more.isoformat())
    answer = await funds.call("ApplicationService/ResubmitApplication", again, APPLICANT, sub="anna")
    assert answer.application.status == SUBMITTED


async def test_what_comes_late_is_refused_or_goes_to_the_next_round(funds: Started) -> None:
    strict = await a_call(funds, seats=0)
    draft = await strict.draft()
    await strict.end()
    with refused("ROUND_CLOSED", "FAILED_PRECONDITION"):
        await strict.submit(draft)
    pot = await a_pot(funds, late="LATE_APPLICATIONS_NEXT_ROUND")
    first, second = await a_call(funds, seats=0, pot=pot), await a_call(funds, seats=0, pot=pot, days=30)
    draft = await first.draft()
    await first.end()
    submitted = await first.submit(draft)
    assert submitted.round_id == second.round_id
    assert (await funds.said(draft.id))[0].body["late"] is True


async def test_a_refusal_can_be_taken_back_with_a_reason(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    application = await call.apply()
    assert (await call.check("RefuseApplication", application, reason="kein Kiezbezug")).status == INADMISSIBLE
    readmitted = await call.check("ReadmitApplication", application, reason="Irrtum")
    assert (readmitted.status, readmitted.course[-1].reason) == (ADMISSIBLE, "Irrtum")
    with refused("APPLICATION_ADMISSIBLE", "FAILED_PRECONDITION"):
        await call.check("ReadmitApplication", application, reason="doch")


async def test_everything_that_is_missing_is_named(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    draft = await call.draft(place="", costs=[])
    with pytest.raises(Exception, match="APPLICATION_INCOMPLETE") as caught:
        await call.submit(draft)
    assert set(caught.value.fields) == {"form.place", "form.costs"}  # type: ignore[attr-defined]  # a Refused
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "contact_email"):
        await call.submit(draft, contact_email="anna")
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "form.costs[0].amount_cents"):
        await call.draft(costs=[{"description": "Zelt", "amount_cents": -5}])


async def test_only_the_applicant_and_the_office_see_an_application(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    application = await call.apply()
    assert (await get(funds, application, APPLICANT, sub="anna")).form.title == "Nachbarschaftsfest"
    assert (await get(funds, application, OFFICE, sub="office")).id == application.id
    for stranger in (APPLICANT, Role("fund_office", regions=("01",)), JURY, Role("applicant", actors=(new_id(),))):
        with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
            await get(funds, application, stranger, sub="ben")
    with refused("NO_TOKEN", "UNAUTHENTICATED"):
        await funds.call("ApplicationService/GetApplication", {"application_id": application.id})
    withdraw = {"application_id": application.id, "reason": "weg"}
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await funds.call("ApplicationService/WithdrawApplication", withdraw, APPLICANT, sub="ben")
    mine = await funds.call("ApplicationService/WithdrawApplication", withdraw, APPLICANT, sub="anna")
    assert mine.application.status == WITHDRAWN


async def test_a_draft_is_its_applicants_alone(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    draft = await call.draft(sub="carla")
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await get(funds, draft, OFFICE, sub="office")
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await call.check("WithdrawApplication", draft, reason="weg")
    listed = await funds.call("ApplicationService/ListApplications", {"region": REGION, "page_size": 500}, OFFICE)
    assert draft.id not in {application.id for application in listed.applications}
    mine = await funds.call("ApplicationService/ListMyApplications", {}, APPLICANT, sub="carla")
    assert [application.id for application in mine.applications] == [draft.id]


async def test_for_an_actor_applies_only_who_may_speak_for_it(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    actor_id = await a_known_actor(funds)
    application = await call.apply(50_000, actor_id, sub="dora")
    request = {"applicant_actor_id": actor_id}
    own = Role("partner", actors=(actor_id,))
    listed = await funds.call("ApplicationService/ListMyApplications", request, own, sub="emil")
    assert [found.id for found in listed.applications] == [application.id]
    with refused("NOT_YOUR_ACTOR", "PERMISSION_DENIED"):
        await funds.call("ApplicationService/ListMyApplications", request, APPLICANT, sub="emil")
    draft = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": REGION, "form": {"title": "Fest"}}
    with refused("NOT_YOUR_ACTOR", "PERMISSION_DENIED"):
        await funds.call("ApplicationService/DraftApplication", draft | request, APPLICANT, sub="emil")
    with refused("NEIGHBOUR_AWAY", "UNAVAILABLE"):
        await call.draft(50_000, new_id())


async def test_the_rules_say_who_may_apply(funds: Started) -> None:
    call = await a_call(funds, seats=0, who_may_apply=["APPLICANT_KIND_ASSOCIATION"])
    with refused("APPLICANT_NOT_ELIGIBLE", "FAILED_PRECONDITION"):
        await call.apply()
    with refused("APPLICANT_NOT_ELIGIBLE", "FAILED_PRECONDITION"):
        await call.apply(50_000, await a_known_actor(funds, "company"))
    archived = await a_known_actor(funds, status="archived")
    with refused("APPLICANT_NOT_ACTIVE", "FAILED_PRECONDITION"):
        await call.apply(50_000, archived)
    assert (await call.apply(50_000, await a_known_actor(funds))).status == SUBMITTED


async def test_the_office_enters_what_came_on_paper(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    draft = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": REGION}
    form = a_form(call.closes_at.date() + timedelta(days=30), 40_000)
    entered = await funds.call("ApplicationService/DraftApplication", draft | {"form": form}, OFFICE, sub="office")
    assert (entered.application.applicant_sub, entered.application.entered_by) == ("", "office")
    contact = {
        "application_id": entered.application.id,
        "contact_name": "Frida Beispiel",
        "contact_email": "frida@example.org",
    }
    with refused("APPLICATION_NOT_FOUND", "NOT_FOUND"):
        await funds.call("ApplicationService/SubmitApplication", contact, APPLICANT, sub="frida")
    submitted = await funds.call("ApplicationService/SubmitApplication", contact, OFFICE, sub="colleague")
    person_ref = submitted.application.contact_ref
    resolved = await funds.call("ContactService/ResolveContact", {"person_ref": person_ref}, Role("service"))
    assert (resolved.name, resolved.email) == ("Frida Beispiel", "frida@example.org")


async def test_a_rolling_fund_freezes_its_rules_at_the_submission(funds: Started) -> None:
    pot = await a_pot(funds, rolling=True)
    starts_on = (await funds.now()).date() + timedelta(days=30)
    draft = {"fund_id": pot.fund_id, "region": REGION, "form": a_form(starts_on, 40_000)}
    entered = (await funds.call("ApplicationService/DraftApplication", draft, APPLICANT, sub="gerd")).application
    assert not entered.HasField("rules")
    contact = {"application_id": entered.id, "contact_name": "Gerd", "contact_email": "gerd@example.org"}
    submitted = await funds.call("ApplicationService/SubmitApplication", contact, APPLICANT, sub="gerd")
    assert submitted.application.rules.cap_cents == 100_000
    elsewhere = draft | {"region": "010101"}
    with refused("INVALID_FIELDS", "INVALID_ARGUMENT", "region"):
        await funds.call("ApplicationService/DraftApplication", elsewhere, APPLICANT, sub="gerd")
    with refused("REGION_OUTSIDE", "INVALID_ARGUMENT", "region"):
        await funds.call("ApplicationService/DraftApplication", draft | {"region": "01"}, APPLICANT, sub="gerd")


async def test_a_stale_etag_changes_nothing(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    application = await call.apply()
    with refused("ETAG_MISMATCH", "ABORTED"):
        await call.check("AdmitApplication", application, etag="1")
    assert (await call.check("AdmitApplication", application, etag=application.etag)).status == ADMISSIBLE


async def test_an_office_of_elsewhere_enters_nothing_here(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    draft = {"fund_id": call.pot.fund_id, "round_id": call.round_id, "region": REGION, "form": {"title": "Fest"}}
    with refused("ROLE_DOES_NOT_REACH", "PERMISSION_DENIED"):
        await funds.call("ApplicationService/DraftApplication", draft, Role("fund_office", regions=("01",)))


async def test_pages_of_a_list_belong_to_their_caller(funds: Started) -> None:
    call = await a_call(funds, seats=0)
    sub = f"sub-{new_id()}"
    made = [(await call.draft(sub=sub)).id for _ in range(3)]
    first = await funds.call("ApplicationService/ListMyApplications", {"page_size": 2}, APPLICANT, sub=sub)
    after = {"page_size": 2, "page_token": first.next_page_token}
    second = await funds.call("ApplicationService/ListMyApplications", after, APPLICANT, sub=sub)
    assert [found.id for found in (*first.applications, *second.applications)] == made[::-1]
    with refused("PAGE_TOKEN_MISMATCH", "INVALID_ARGUMENT", "page_token"):
        await funds.call("ApplicationService/ListMyApplications", after, APPLICANT, sub="somebody")
