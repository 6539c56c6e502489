"""A session that is open: five are present, and one application is on its agenda, with a motion."""

from services.funds.domain.agenda_item import Recusal, RecusalGround
from services.funds.domain.vote import Choice, Vote
from tests.support.funds_decision import SESSION_AT, a_jury, an_application, an_open_session

JURY = a_jury(5)
APPLICATION = an_application()
OPEN = an_open_session(JURY, APPLICATION).put_motion(APPLICATION.id, 50_000, (), "office", SESSION_AT)
PRESENT = tuple(member.id for member in JURY.members)
VOTE = Vote(PRESENT[0], Choice.YES, SESSION_AT, "member1")
RECUSAL = Recusal(PRESENT[1], RecusalGround.DECLARED, SESSION_AT)


def vote(member: int, choice: Choice = Choice.YES) -> Vote:
    return Vote(JURY.members[member].id, choice, SESSION_AT, f"member{member + 1}")
