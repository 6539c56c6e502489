"""The life of a record, who sees what of it, and what others hear of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.actors.domain.actor import Actor, ActorStatus
from services.actors.domain.contact import Visibility
from services.actors.domain.facts import ActorArchived, ActorRegistered, ActorUpdated
from services.actors.domain.refusals import WrongStatus
from services.actors.messages.published import actor as wire
from tests.support.actors import TODAY, a_contact, a_profile, an_actor

LATER = TODAY + timedelta(days=30)
DRAFT, ACTIVE, ARCHIVED = ActorStatus.DRAFT, ActorStatus.ACTIVE, ActorStatus.ARCHIVED
STEPS: dict[str, tuple[Callable[[Actor], Actor], dict[ActorStatus, ActorStatus]]] = {
    "update": (lambda a: a.update(a_profile(name="Neu")), {DRAFT: DRAFT, ACTIVE: ACTIVE}),
    "activate": (lambda a: a.activate(LATER), {DRAFT: ACTIVE}),
    "verify": (lambda a: a.verify(LATER), {ACTIVE: ACTIVE}),
    "archive": (lambda a: a.archive(), {DRAFT: ARCHIVED, ACTIVE: ARCHIVED}),
    "restore": (lambda a: a.restore(), {ARCHIVED: ACTIVE}),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", ActorStatus)
def test_each_step_is_allowed_from_its_states_and_refused_from_all_others(step: str, status: ActorStatus) -> None:
    take, leads_to = STEPS[step]
    if status in leads_to:
        assert take(an_actor(status)).status is leads_to[status]
    else:
        with pytest.raises(WrongStatus) as refused:
            take(an_actor(status))
        assert refused.value.reason == "ACTOR_WRONG_STATUS"


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_whatever_happens_a_record_keeps_its_identity(steps: list[str]) -> None:
    actor = an_actor(DRAFT)
    for step in steps:
        take, leads_to = STEPS[step]
        if actor.status in leads_to:
            after = take(actor)
            assert (after.id, after.merged_into, after.version) == (actor.id, actor.merged_into, actor.version)
            assert after.verified_on >= actor.verified_on
            actor = after


def test_an_archived_actor_begins_no_relation() -> None:
    an_actor(ACTIVE).relate()
    with pytest.raises(WrongStatus):
        an_actor(ARCHIVED).relate()


def test_an_update_replaces_the_whole_profile_and_nothing_else() -> None:
    before = an_actor(short_name="NH", topics=("jugend",))
    after = before.update(a_profile(name="Haus der Nachbarn"))
    assert (after.name, after.short_name, after.topics) == ("Haus der Nachbarn", "", ())
    assert (after.id, after.status, after.verified_on) == (before.id, before.status, before.verified_on)


@pytest.mark.parametrize(
    ("clearance", "seen"), [(Visibility.PUBLIC, 1), (Visibility.PARTNERS, 2), (Visibility.INTERNAL, 3)]
)
def test_a_reader_sees_the_contacts_of_the_own_clearance_and_below(clearance: Visibility, seen: int) -> None:
    actor = an_actor(contacts=tuple(a_contact(visibility) for visibility in Visibility))
    shown = actor.seen_with(clearance).contacts
    assert [contact.visibility for contact in shown] == list(Visibility)[:seen]


def test_a_profile_is_not_public_unless_it_says_so() -> None:
    assert not a_profile(is_public=False).is_public
    assert not an_actor(is_public=False).is_shown_publicly


def test_a_draft_that_is_given_up_never_becomes_public() -> None:
    discarded = an_actor(DRAFT).archive()
    assert not discarded.is_said_publicly
    assert wire.ActorArchived.model_validate(ActorArchived(discarded)).audience_now() == "int"


@pytest.mark.parametrize(
    ("actor", "audience"),
    [
        (an_actor(ACTIVE), "pub"),
        (an_actor(ARCHIVED), "pub"),
        (an_actor(DRAFT), "int"),
        (an_actor(ACTIVE, is_public=False), "int"),
    ],
)
def test_only_public_records_are_said_to_others(actor: Actor, audience: str) -> None:
    assert wire.ActorRegistered.model_validate(ActorRegistered(actor)).audience_now() == audience


def test_who_heard_of_a_public_record_hears_that_it_was_withdrawn() -> None:
    withdrawn = ActorUpdated(an_actor(is_public=False), ("is_public",), was_public=True)
    assert wire.ActorUpdated.model_validate(withdrawn).audience_now() == "pub"


def test_no_message_holds_a_contact() -> None:
    actor = an_actor(contacts=(a_contact(),))
    said = wire.ActorRegistered.model_validate(ActorRegistered(actor)).model_dump_json()
    assert "Kim Muster" not in said
    assert "verein.example" not in said
