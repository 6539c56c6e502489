"""What is heard from funds: residents learn of rounds and awards, applicants of their matter, juries of their sessions."""

import json

from chassis.envelope import Meta
from chassis.inbox import Ear, react
from chassis.ports import Transaction
from services.notify.domain.notification import News, Recipient, Source
from services.notify.domain.subscription import NewsKind
from services.notify.domain.template import Template
from services.notify.entrypoints.heard import Told, data
from services.notify.messages.consumed import funds as heard
from services.notify.usecases import UseCases


def ears(do: UseCases) -> tuple[Ear, ...]:
    return (
        *_for_residents(do),
        *_for_applicants(do),
        *_for_recipients_of_money(do),
        *_for_juries(do),
    )


def _for_residents(do: UseCases) -> tuple[Ear, ...]:
    async def on_round_opened(tx: Transaction, message: heard.RoundOpened, meta: Meta) -> None:
        round = message.state
        told = data(
            {
                "fund_name": round.fund_name,
                "name_of_round": round.name,
                "closes_at": round.closes_at,
                "session_at": round.session_at,
            }
        )
        news = News(meta.id, round.region, Template.ROUND_OPENED, meta.time, told, valid_until=round.closes_at)
        await do.letters.write_to_followers(tx, NewsKind.ROUNDS, (round.region,), news)

    async def on_grant_awarded(tx: Transaction, message: heard.GrantAwarded, meta: Meta) -> None:
        grant = message.state
        told = data(
            {
                "fund_name": grant.fund_name,
                "title": grant.title,
                "recipient_name": "" if grant.is_private_person else grant.recipient_name,
                "approved_cents": grant.approved_cents,
                "requested_cents": grant.requested_cents,
            }
        )
        news = News(meta.id, grant.region, Template.GRANT_AWARDED, meta.time, told)
        await do.letters.write_to_followers(tx, NewsKind.AWARDS, (grant.region,), news)

    return react(heard.RoundOpened, on_round_opened), react(heard.GrantAwarded, on_grant_awarded)


def _for_applicants(do: UseCases) -> tuple[Ear, ...]:
    async def write(
        tx: Transaction, application: heard.Application, meta: Meta, template: Template, **told: Told
    ) -> None:
        if application.contact_ref:
            about: dict[str, Told] = {
                "application_id": application.id,
                "title": application.title,
                "fund_name": application.fund_name,
                "requested_cents": application.requested_cents,
            }
            news = News(meta.id, application.region, template, meta.time, data(about | told))
            await do.letters.write_to(tx, Recipient(Source.FUNDS, application.contact_ref), news)

    async def on_submitted(tx: Transaction, message: heard.ApplicationSubmitted, meta: Meta) -> None:
        told: dict[str, Told] = {
            "submitted_at": message.state.submitted_at or meta.time,
            "late": "1" if message.late else "",
        }
        await write(tx, message.state, meta, Template.APPLICATION_SUBMITTED, **told)

    async def on_info_requested(tx: Transaction, message: heard.ApplicationInfoRequested, meta: Meta) -> None:
        told: dict[str, Told] = {"question": message.reason, "answer_by": message.state.info_due_on}
        await write(tx, message.state, meta, Template.APPLICATION_INFO_REQUESTED, **told)

    async def on_refused(tx: Transaction, message: heard.ApplicationRefused, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.APPLICATION_REFUSED, reason_given=message.reason)

    async def on_scheduled(tx: Transaction, message: heard.ApplicationScheduled, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.APPLICATION_SCHEDULED, session_at=message.state.session_at)

    async def on_unscheduled(tx: Transaction, message: heard.ApplicationUnscheduled, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.APPLICATION_UNSCHEDULED)

    async def on_approved(tx: Transaction, message: heard.ApplicationApproved, meta: Meta) -> None:
        told: dict[str, Told] = {
            "approved_cents": message.state.approved_cents,
            "conditions": "\n\n".join(message.conditions),
        }
        await write(tx, message.state, meta, Template.APPLICATION_APPROVED, **told)

    async def on_declined(tx: Transaction, message: heard.ApplicationDeclined, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.APPLICATION_DECLINED, reason_given=message.reason)

    async def on_deferred(tx: Transaction, message: heard.ApplicationDeferred, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.APPLICATION_DEFERRED, reason_given=message.reason)

    return (
        react(heard.ApplicationSubmitted, on_submitted),
        react(heard.ApplicationInfoRequested, on_info_requested),
        react(heard.ApplicationRefused, on_refused),
        react(heard.ApplicationScheduled, on_scheduled),
        react(heard.ApplicationUnscheduled, on_unscheduled),
        react(heard.ApplicationApproved, on_approved),
        react(heard.ApplicationDeclined, on_declined),
        react(heard.ApplicationDeferred, on_deferred),
    )


def _for_recipients_of_money(do: UseCases) -> tuple[Ear, ...]:
    async def on_payment_released(tx: Transaction, message: heard.PaymentReleased, meta: Meta) -> None:
        payment = message.state
        told = data({"title": payment.grant_title, "amount_cents": payment.amount_cents})
        news = News(meta.id, payment.region, Template.PAYMENT_RELEASED, meta.time, told)
        await do.letters.write_to(tx, Recipient(Source.FUNDS, payment.contact_ref), news)

    async def write(tx: Transaction, grant: heard.GrantFile, meta: Meta, template: Template) -> None:
        told = data(
            {
                "application_id": grant.application_id,
                "title": grant.title,
                "approved_cents": grant.approved_cents,
                "starts_on": grant.starts_on,
                "ends_on": grant.ends_on,
                "proof_due_on": grant.proof_due_on,
            }
        )
        news = News(meta.id, grant.region, template, meta.time, told)
        await do.letters.write_to(tx, Recipient(Source.FUNDS, grant.contact_ref), news)

    async def on_agreed(tx: Transaction, message: heard.GrantAgreed, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.GRANT_AGREED)

    async def on_proof_due(tx: Transaction, message: heard.ProofDue, meta: Meta) -> None:
        await write(tx, message.state, meta, Template.PROOF_DUE)

    return (
        react(heard.PaymentReleased, on_payment_released),
        react(heard.GrantAgreed, on_agreed),
        react(heard.ProofDue, on_proof_due),
    )


def _for_juries(do: UseCases) -> tuple[Ear, ...]:
    async def on_session_invited(tx: Transaction, message: heard.SessionInvited, meta: Meta) -> None:
        session = message.state
        agenda = [{"number": x.number, "title": x.title, "requested_cents": x.requested_cents} for x in message.agenda]
        told = data(
            {
                "fund_name": session.fund_name,
                "title": session.title,
                "starts_at": session.starts_at,
                "ends_at": session.ends_at,
                "place_name": session.place,
                "agenda": json.dumps(agenda, ensure_ascii=False),
                "calendar_uid": f"invitation-{session.id}",
                "calendar_sequence": meta.sequence,
            }
        )
        news = News(meta.id, session.region, Template.SESSION_INVITED, meta.time, told, valid_until=session.ends_at)
        for member_ref in message.member_refs:
            await do.letters.write_to(tx, Recipient(Source.FUNDS, member_ref), news)

    return (react(heard.SessionInvited, on_session_invited),)
