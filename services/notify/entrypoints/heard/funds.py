"""What is heard from funds: residents learn of rounds and awards, applicants of their matter, juries of their sessions."""

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from chassis.inbox import Ear
from services.notify.domain.notification import Source
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.entrypoints.heard import About, Told, tell_followers, tell_persons
from services.notify.messages.consumed import funds as heard
from services.notify.usecases import UseCases

A = TypeVar("A", bound=heard.AboutApplication)
G = TypeVar("G", bound=heard.AboutGrant)


def ears(do: UseCases) -> tuple[Ear, ...]:
    rounds = About(heard.RoundOpened, Template.ROUND_OPENED, _round, until=lambda m: m.state.closes_at)
    awards = About(heard.GrantAwarded, Template.GRANT_AWARDED, _award)
    payments = About(heard.PaymentReleased, Template.PAYMENT_RELEASED, _payment)
    sessions = About(heard.SessionInvited, Template.SESSION_INVITED, _invitation, until=lambda m: m.state.ends_at)
    return (
        tell_followers(do, rounds, NewsKind.ROUNDS),
        tell_followers(do, awards, NewsKind.AWARDS),
        *_for_applicants(do),
        _to_grantee(do, heard.GrantAgreed, Template.GRANT_AGREED),
        _to_grantee(do, heard.ProofDue, Template.PROOF_DUE),
        tell_persons(do, payments, Source.FUNDS, lambda m: (m.state.contact_ref,)),
        tell_persons(do, sessions, Source.FUNDS, lambda m: m.member_refs),
    )


def _for_applicants(do: UseCases) -> tuple[Ear, ...]:
    return (
        _to_applicant(do, heard.ApplicationSubmitted, Template.APPLICATION_SUBMITTED, _submission),
        _to_applicant(do, heard.ApplicationInfoRequested, Template.APPLICATION_INFO_REQUESTED, _question),
        _to_applicant(do, heard.ApplicationRefused, Template.APPLICATION_REFUSED, _reason),
        _to_applicant(do, heard.ApplicationScheduled, Template.APPLICATION_SCHEDULED, _date),
        _to_applicant(do, heard.ApplicationUnscheduled, Template.APPLICATION_UNSCHEDULED),
        _to_applicant(do, heard.ApplicationApproved, Template.APPLICATION_APPROVED, _approval),
        _to_applicant(do, heard.ApplicationDeclined, Template.APPLICATION_DECLINED, _reason),
        _to_applicant(do, heard.ApplicationDeferred, Template.APPLICATION_DEFERRED, _reason),
    )


def _to_applicant(
    do: UseCases, model: type[A], template: Template, beside: Callable[[A], Mapping[str, Told]] = lambda _: {}
) -> Ear:
    about = About(model, template, lambda m: {**_application(m.state), **beside(m)})
    return tell_persons(do, about, Source.FUNDS, lambda m: (m.state.contact_ref,))


def _to_grantee(do: UseCases, model: type[G], template: Template) -> Ear:
    return tell_persons(do, About(model, template, _grant), Source.FUNDS, lambda m: (m.state.contact_ref,))


def _round(message: heard.RoundOpened) -> Mapping[str, Told]:
    round = message.state
    return {
        "fund_name": round.fund_name,
        "name_of_round": round.name,
        "closes_at": round.closes_at,
        "session_at": round.session_at,
    }


def _award(message: heard.GrantAwarded) -> Mapping[str, Told]:
    grant = message.state
    return {
        "fund_name": grant.fund_name,
        "title": grant.title,
        "recipient_name": "" if grant.is_private_person else grant.recipient_name,
        "approved_cents": grant.approved_cents,
        "requested_cents": grant.requested_cents,
    }


def _application(application: heard.Application) -> Mapping[str, Told]:
    return {
        "application_id": application.id,
        "title": application.title,
        "fund_name": application.fund_name,
        "requested_cents": application.requested_cents,
    }


def _submission(message: heard.ApplicationSubmitted) -> Mapping[str, Told]:
    return {"submitted_at": message.state.submitted_at, "late": "late" if message.late else ""}


def _question(message: heard.ApplicationInfoRequested) -> Mapping[str, Told]:
    return {"question": message.reason, "answer_by": message.state.info_due_on}


def _date(message: heard.ApplicationScheduled) -> Mapping[str, Told]:
    return {"session_at": message.state.session_at}


def _approval(message: heard.ApplicationApproved) -> Mapping[str, Told]:
    return {"approved_cents": message.state.approved_cents, "conditions": "\n\n".join(message.conditions)}


def _reason(
    message: heard.ApplicationRefused | heard.ApplicationDeclined | heard.ApplicationDeferred,
) -> Mapping[str, Told]:
    return {"reason_given": message.reason}


def _grant(message: heard.AboutGrant) -> Mapping[str, Told]:
    grant = message.state
    return {
        "application_id": grant.application_id,
        "title": grant.title,
        "approved_cents": grant.approved_cents,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "proof_due_on": grant.proof_due_on,
    }


def _payment(message: heard.PaymentReleased) -> Mapping[str, Told]:
    return {"title": message.state.grant_title, "amount_cents": message.state.amount_cents}


def _invitation(message: heard.SessionInvited) -> Mapping[str, Told]:
    session = message.state
    return {
        "fund_name": session.fund_name,
        "title": session.title,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "place_name": session.place,
        "agenda": json.dumps([line.model_dump() for line in message.agenda], ensure_ascii=False),
        "calendar_uid": f"invitation-{session.id}",
    }
