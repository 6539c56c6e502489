"""What the history keeps of a change."""

import json

from services.actors.domain.place import Address
from services.actors.domain.revision import Change, differences
from tests.support.actors import a_contact, a_profile, a_relation, an_actor


def test_a_revision_names_each_changed_field_before_and_after() -> None:
    before = an_actor(name="Alt", topics=("jugend",))
    after = before.update(a_profile(name="Neu"))
    assert differences(before, after) == (Change("name", "Alt", "Neu"), Change("topics", '["jugend"]', ""))


def test_the_first_state_of_a_record_differs_from_nothing() -> None:
    assert differences(None, a_relation()) == ()


def test_structures_are_told_as_json() -> None:
    before = an_actor(name="Verein")
    after = before.update(a_profile(name="Verein", addresses=(Address("Weg 1", "10317", "Berlin", "114009"),)))
    (change,) = differences(before, after)
    assert json.loads(change.after)[0]["postal_code"] == "10317"


def test_of_contacts_the_history_keeps_only_that_they_changed() -> None:
    before = an_actor(name="Verein")
    after = before.update(a_profile(name="Verein", contacts=(a_contact(),)))
    assert differences(before, after) == (Change("contacts", "", ""),)
