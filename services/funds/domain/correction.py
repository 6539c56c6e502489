"""Corrections until the minutes are approved: a vote, a count or a recusal that was recorded wrongly, kept beside it."""

from dataclasses import replace
from datetime import datetime

from services.funds.domain.agenda_item import (
    AgendaItem,
    CorrectedCount,
    CorrectedRecusal,
    CorrectedVote,
    ItemStatus,
    Recusal,
)
from services.funds.domain.hands import Hands
from services.funds.domain.jury import JuryMember
from services.funds.domain.jury_session import JurySession
from services.funds.domain.refusals.jury_session import ItemIsConcluded, NothingToCorrect, OwnRecusalStands
from services.funds.domain.session_status import SessionKind, SessionStatus
from services.funds.domain.vote import Choice, Vote

DECIDED = (ItemStatus.AWARDED, ItemStatus.DECLINED)
# Until the minutes are approved.
CORRECTABLE = (SessionStatus.OPEN, SessionStatus.CLOSED)


def correct_vote(
    session: JurySession, application_id: str, member_id: str, choice: Choice, reason: str, by: str, at: datetime
) -> JurySession:
    """What a member really said; a decision that no longer follows from the votes is open again."""
    item = _correctable(session, application_id)
    was = next((vote for vote in item.votes if vote.member_id == member_id), None)
    if was is None or was.choice is choice:
        raise NothingToCorrect
    others = tuple(vote for vote in item.votes if vote is not was)
    kept = (*item.corrected_votes, CorrectedVote(member_id, was.choice, choice, by, at, reason))
    corrected = replace(item, votes=(*others, Vote(member_id, choice, at, by, reason)), corrected_votes=kept)
    return _settled(session, corrected)


def correct_count(
    session: JurySession, application_id: str, yes: int, no: int, abstain: int, reason: str, by: str, at: datetime
) -> JurySession:
    """What was really counted, of those who were there at that count."""
    session.require_kind(SessionKind.ASSEMBLY)
    item = _correctable(session, application_id)
    was = item.hands
    if was is None or (was.yes, was.no, was.abstain) == (yes, no, abstain):
        raise NothingToCorrect
    kept = (*item.corrected_counts, CorrectedCount(was, by, at, reason))
    hands = Hands(yes, no, abstain, was.present, by, at).checked()
    return _settled(session, replace(item, hands=hands, corrected_counts=kept))


def recuse_later(session: JurySession, application_id: str, recusal: Recusal, reason: str) -> JurySession:
    """A recusal that is found when the item is decided: who was there or voted makes it open again, without that vote."""
    item = _correctable(session, application_id)
    if recusal.member_id in item.recused:
        return session
    lost = tuple(vote for vote in item.votes if vote.member_id == recusal.member_id)
    kept = tuple(CorrectedVote(v.member_id, v.choice, None, recusal.by, recusal.at, reason) for v in lost)
    corrected = replace(
        item,
        recusals=(*item.recusals, recusal),
        votes=tuple(vote for vote in item.votes if vote not in lost),
        corrected_votes=(*item.corrected_votes, *kept),
    )
    took_part = bool(lost) or recusal.member_id in item.present
    return _reopened(session, corrected) if took_part else session.with_item(corrected)


def take_back_recusal(
    session: JurySession, application_id: str, member: JuryMember, reason: str, by: str, at: datetime
) -> JurySession:
    """A recusal that was entered by mistake, while the item is open: the member votes anew. Their own word stands."""
    session.require(SessionStatus.INVITED, SessionStatus.OPEN)
    item = session.item(application_id)
    if item.status is not ItemStatus.OPEN:
        raise ItemIsConcluded(item.status)
    was = next((recusal for recusal in item.recusals if recusal.member_id == member.id), None)
    if was is None:
        raise NothingToCorrect
    if member.sub and was.by == member.sub:
        raise OwnRecusalStands
    kept = (*item.corrected_recusals, CorrectedRecusal(was, by, at, reason))
    others = tuple(recusal for recusal in item.recusals if recusal is not was)
    return session.with_item(replace(item, recusals=others, corrected_recusals=kept))


def has_reopened(before: JurySession, after: JurySession, application_id: str) -> bool:
    was, now = before.item(application_id).status, after.item(application_id).status
    return was is not ItemStatus.OPEN and now is ItemStatus.OPEN


def _correctable(session: JurySession, application_id: str) -> AgendaItem:
    session.require(*CORRECTABLE)
    item = session.item(application_id)
    if item.status not in (ItemStatus.OPEN, *DECIDED):
        raise ItemIsConcluded(item.status)
    return item


def _settled(session: JurySession, item: AgendaItem) -> JurySession:
    if item.status is ItemStatus.OPEN:
        return session.with_item(item)
    tally = item.tallied(item.present)
    outcome = ItemStatus.AWARDED if session.rules.decides(tally) else ItemStatus.DECLINED
    if outcome is item.status:
        return session.with_item(replace(item, tally=tally))
    return _reopened(session, item)


def _reopened(session: JurySession, item: AgendaItem) -> JurySession:
    if item.status is ItemStatus.OPEN:
        return session.with_item(item)
    return replace(session.with_item(item.reopened()), status=SessionStatus.OPEN)
