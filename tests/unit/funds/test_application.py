"""An application: every step that is allowed, every one that is not, and what binds the decision."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funds.domain.application import Application, ApplicationStatus
from services.funds.domain.facts.application import ApplicationApproved, ApplicationRefused, ApplicationSubmitted
from services.funds.domain.refusals.application import ApplicationInState, CapExceeded, FormIncomplete
from services.funds.domain.refusals.grant import ApprovedAboveRequested, ApprovedNothing
from services.funds.messages.published import application as messages
from tests.support.funds import YEAR, rules
from tests.support.funds_decision import RECEIVED, SESSION_AT, a_form, an_application

S = ApplicationStatus
DUE = date(YEAR, 1, 20)
Step = Callable[[Application], Application]
STEPS: dict[str, tuple[Step, set[S], S]] = {
    "submit": (lambda a: a.submit(None, rules(), "contact", "anna", RECEIVED), {S.DRAFT}, S.SUBMITTED),
    "answer": (lambda a: a.answer("anna", RECEIVED), {S.NEEDS_INFO}, S.SUBMITTED),
    "request_info": (
        lambda a: a.request_info(DUE, "Wo?", "office", RECEIVED),
        {S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED},
        S.NEEDS_INFO,
    ),
    "admit": (lambda a: a.admit("office", RECEIVED), {S.SUBMITTED}, S.ADMISSIBLE),
    "refuse": (
        lambda a: a.refuse("nein", "office", RECEIVED),
        {S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.INADMISSIBLE,
    ),
    "readmit": (lambda a: a.readmit("doch", "office", RECEIVED), {S.INADMISSIBLE}, S.ADMISSIBLE),
    "schedule": (lambda a: a.schedule("s", SESSION_AT, "office", RECEIVED), {S.ADMISSIBLE, S.DEFERRED}, S.SCHEDULED),
    "reschedule": (lambda a: a.reschedule(SESSION_AT), {S.SCHEDULED}, S.SCHEDULED),
    "unschedule": (lambda a: a.unschedule("fällt aus", "office", RECEIVED), {S.SCHEDULED}, S.ADMISSIBLE),
    "approve": (
        lambda a: a.approve(80_000, (), "g", "", "office", RECEIVED),
        {S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.APPROVED,
    ),
    "decline": (
        lambda a: a.decline("nein", "office", RECEIVED),
        {S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.DECLINED,
    ),
    "defer": (lambda a: a.defer("später", "office", RECEIVED), {S.ADMISSIBLE, S.SCHEDULED}, S.DEFERRED),
    "withdraw": (
        lambda a: a.withdraw("doch nicht", "anna", RECEIVED),
        {S.DRAFT, S.SUBMITTED, S.NEEDS_INFO, S.ADMISSIBLE, S.SCHEDULED, S.DEFERRED},
        S.WITHDRAWN,
    ),
    "cancel": (lambda a: a.cancel("Zuwendung aufgehoben", "office", RECEIVED), {S.APPROVED}, S.CANCELLED),
}


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_where_it_is_allowed_and_refused_with_the_state_elsewhere(name: str, status: S) -> None:
    step, allowed, becomes = STEPS[name]
    if status in allowed:
        assert step(an_application(status)).status is becomes
    else:
        with pytest.raises(ApplicationInState) as refused:
            step(an_application(status))
        assert refused.value.reason == f"APPLICATION_{status.upper()}"


@pytest.mark.parametrize("status", S)
def test_the_form_changes_only_in_the_applicants_hands(status: S) -> None:
    application = an_application(status)
    if status in (S.DRAFT, S.NEEDS_INFO):
        assert application.revise(a_form(title="Hoffest")).title == "Hoffest"
    else:
        with pytest.raises(ApplicationInState):
            application.revise(a_form())


def test_what_is_refused_stands_on_no_agenda_and_half_a_form_is_not_readmitted() -> None:
    scheduled = an_application(S.ADMISSIBLE).schedule("s", SESSION_AT, "office", RECEIVED)
    refused = scheduled.refuse("hat begonnen", "office", SESSION_AT)
    assert (refused.session_id, refused.session_at) == ("", None)
    assert refused.readmit("doch nicht", "office", SESSION_AT + timedelta(days=300)).status is S.ADMISSIBLE
    asked = an_application().request_info(DUE, "Wo?", "office", RECEIVED).revise(a_form(place=""))
    with pytest.raises(FormIncomplete) as incomplete:
        asked.refuse("keine Antwort", "office", RECEIVED).readmit("doch", "office", RECEIVED)
    assert set(incomplete.value.fields) == {"form.place"}


def test_every_step_is_kept_with_who_when_and_why() -> None:
    refused = an_application().refuse("kein Kiezbezug", "office", RECEIVED)
    assert [(step.status, step.by, step.reason) for step in refused.course] == [
        (S.SUBMITTED, "anna", ""),
        (S.INADMISSIBLE, "office", "kein Kiezbezug"),
    ]
    assert refused.reason == "kein Kiezbezug"


def test_what_was_put_off_is_waited_for_by_no_round() -> None:
    scheduled = an_application(S.ADMISSIBLE).defer("später", "office", RECEIVED)
    assert scheduled.schedule("s", SESSION_AT, "office", RECEIVED).was_deferred
    assert not an_application(S.SCHEDULED).was_deferred


@given(amount=st.integers(-100, 120_000))
def test_an_award_is_above_zero_and_within_what_was_asked_and_the_cap(amount: int) -> None:
    application = an_application(S.SCHEDULED, form=a_form(requested_cents=110_000), rules=rules(cap_cents=100_000))
    if amount <= 0:
        with pytest.raises(ApprovedNothing):
            application.approve(amount, (), "g", "", "office", RECEIVED)
    elif amount > 110_000:
        with pytest.raises(ApprovedAboveRequested):
            application.approve(amount, (), "g", "", "office", RECEIVED)
    elif amount > 100_000:
        with pytest.raises(CapExceeded) as refused:
            application.approve(amount, (), "g", "", "office", RECEIVED)
        assert refused.value.details == {"cap_cents": "100000"}
    else:
        assert application.approve(amount, (), "g", "", "office", RECEIVED).approved_cents == amount


def test_the_cap_is_lifted_only_by_a_recorded_reason_that_the_rules_allow() -> None:
    form = a_form(requested_cents=110_000)
    strict = an_application(S.SCHEDULED, form=form)
    with pytest.raises(CapExceeded):
        strict.approve(110_000, (), "g", "einmalig", "office", RECEIVED)
    generous = an_application(S.SCHEDULED, form=form, rules=rules(cap_exception_allowed=True))
    with pytest.raises(CapExceeded):
        generous.approve(110_000, (), "g", "", "office", RECEIVED)
    approved = generous.approve(110_000, (), "g", "einmalig", "office", RECEIVED)
    assert (approved.outcome, approved.reason) == ("full", "einmalig")


def test_an_award_of_less_is_reduced() -> None:
    approved = an_application(S.SCHEDULED).approve(50_000, ("Rechnung",), "g", "", "office", RECEIVED)
    said = messages.ApplicationApproved.model_validate(ApplicationApproved(approved))
    assert (said.outcome, said.conditions, said.state.approved_cents) == ("reduced", ("Rechnung",), 50_000)


def test_a_private_persons_title_stands_on_no_agenda() -> None:
    assert an_application(applicant_actor_id="").agenda_title == "Projekt einer Privatperson"
    assert an_application().agenda_title == "Nachbarschaftsfest"


def test_messages_say_whom_to_write_to_and_no_text_of_the_form() -> None:
    said = messages.ApplicationSubmitted.model_validate(ApplicationSubmitted(an_application(), late=False))
    assert said.audience_now() == "int"
    assert (said.state.contact_ref, said.state.requested_cents) == ("contact", 80_000)
    assert "Ein Fest im Hof" not in said.model_dump_json()
    refused = an_application().refuse("kein Kiezbezug", "office", RECEIVED)
    assert messages.ApplicationRefused.model_validate(ApplicationRefused(refused, "kein Kiezbezug")).reason
