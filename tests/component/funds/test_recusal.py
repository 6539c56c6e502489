"""Who may not vote in a running service: by a tie that is known, by their own word, or since the vote is another's."""

from chassis.ports import new_id
from chassis.store import StoreTransaction
from services.funds.adapters.mongo.actor import MongoKnownRelations
from services.funds.domain.known_actor import KnownRelation
from tests.support.city import Started
from tests.support.client import refused
from tests.support.funds_looks import item
from tests.support.funds_round import JURY, a_call, a_known_actor, related

AWARDED, DECLINED, DEFERRED = 2, 3, 4


async def test_a_member_of_what_the_applicant_operates_is_recused(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    await related(funds, "operates", carrier, house)
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application, other = await call.apply(80_000, carrier), await call.apply(50_000)
    session = await call.begin(application, other)
    assert [r.member_id for r in item(session, application).recusals] == [call.members[-1]]
    assert not item(session, other).recusals
    await call.vote(application)
    vote = {"application_id": application.id, "choice": "CHOICE_YES"}
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("CastVote", JURY, sub=call.subs[-1], **vote)
    by_hand = vote | {"member_id": call.members[-1], "reason": "per Hand"}
    with refused("MEMBER_RECUSED", "FAILED_PRECONDITION"):
        await call.act("EnterVote", **by_hand)


async def test_a_member_is_recused_though_the_applicant_has_more_relations_than_a_page(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    store = funds.running.service.store
    relations = MongoKnownRelations(store)

    async def many(tx: StoreTransaction) -> None:
        for _ in range(500):
            await relations.put(tx, KnownRelation(new_id(), "member_of", new_id(), carrier))

    await store.transact(many)
    await related(funds, "operates", carrier, house)
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application = await call.apply(80_000, carrier)
    session = await call.begin(application)
    assert [recusal.member_id for recusal in item(session, application).recusals] == [call.members[-1]]


async def test_a_relation_that_becomes_known_during_the_session_takes_the_vote_back(funds: Started) -> None:
    carrier, house = await a_known_actor(funds), await a_known_actor(funds, "facility")
    call = await a_call(funds, seats=0)
    await call.seat(5, affiliations=[house])
    application = await call.apply(80_000, carrier)
    await call.begin(application)
    await call.vote(application, "yes", "no", "abstain", "no", "yes")
    await related(funds, "operates", carrier, house)
    session = await call.conclude(application)
    assert item(session, application).tally.yes == 1
    assert item(session, application).status == DECLINED


async def test_a_member_steps_back_by_their_own_word(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application, "yes", "yes")
    session = await call.act(
        "DeclareRecusal", JURY, sub=call.subs[1], application_id=application.id, reason="Nachbarin"
    )
    assert [vote.member_id for vote in item(session, application).votes] == call.members[:1]


async def test_a_vote_belongs_to_the_members_own_token(funds: Started) -> None:
    call = await a_call(funds)
    application = await call.apply(80_000)
    await call.begin(application)
    await call.vote(application)
    vote = {"application_id": application.id, "choice": "CHOICE_YES"}
    with refused("NO_SEAT", "PERMISSION_DENIED"):
        await call.act("CastVote", JURY, sub="somebody", **vote)
    with refused("NOT_THE_CHAIR", "PERMISSION_DENIED"):
        fields = vote | {"member_id": call.members[2], "reason": "für sie"}
        await call.act("EnterVote", JURY, sub=call.subs[1], **fields)
    by_chair = vote | {"member_id": call.members[1], "reason": "per Hand"}
    session = await call.act("EnterVote", JURY, sub=call.subs[0], **by_chair)
    assert [(v.by, v.reason) for v in item(session, application).votes] == [(call.subs[0], "per Hand")]
