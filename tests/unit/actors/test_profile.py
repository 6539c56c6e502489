"""What a profile may hold, as the edge checks it."""

from typing import Any

import pytest

from chassis.codec import check
from chassis.refusals import Invalid
from services.actors.domain.profile import Identifier, Profile

MINIMAL = {"region": "114009", "kind": "association", "name": "Verein"}
SLOT = {"weekday": "monday", "opens": "09:00", "closes": "12:00"}
ADDRESS = {"street": "Weg 1", "postal_code": "10317", "city": "Berlin", "region": "11400930"}


def test_a_region_a_kind_and_a_name_are_enough() -> None:
    profile = check(Profile, MINIMAL)
    assert (profile.contacts, profile.opening_hours.slots, profile.is_public) == ((), (), False)


def test_a_full_profile_is_taken_as_it_is() -> None:
    profile = check(
        Profile,
        MINIMAL
        | {
            "topics": ("jugend", "umwelt & klima"),
            "languages": ("de", "tr", "pt-BR"),
            "addresses": (ADDRESS | {"point": {"latitude": 52.5, "longitude": 13.5}},),
            "opening_hours": {"slots": (SLOT,), "by_appointment": True},
            "contacts": ({"function": "Büro", "email": "buero@verein.example", "url": "https://verein.example"},),
            "accessibility": ("step_free", "hearing_loop"),
        },
    )
    assert profile.contacts[0].visibility == "internal"
    assert profile.opening_hours.slots[0].closes == "12:00"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"region": "99"}, "region"),
        ({"kind": "club"}, "kind"),
        ({"name": " "}, "name"),
        ({"topics": ("Jugend",)}, "topics[0]"),
        ({"topics": ("jugend", "jugend")}, "topics"),
        ({"languages": ("deutsch",)}, "languages[0]"),
        ({"descriptions": ({"language": "de", "text": "a"}, {"language": "de", "text": "b"})}, "descriptions"),
        ({"identifiers": ({"scheme": "vr", "value": "1 B"}, {"scheme": "vr", "value": "1b"})}, "identifiers"),
        ({"addresses": (ADDRESS | {"postal_code": "1031"},)}, "addresses[0].postal_code"),
        ({"addresses": (ADDRESS | {"point": {"latitude": 91, "longitude": 13}},)}, "addresses[0].point.latitude"),
        ({"contacts": ({"function": "Büro", "email": "nobody"},)}, "contacts[0].email"),
        ({"opening_hours": {"slots": (SLOT | {"opens": "9:00"},)}}, "opening_hours.slots[0].opens"),
        ({"opening_hours": {"slots": (SLOT | {"closes": "08:00"},)}}, "opening_hours.slots[0]"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(Profile, MINIMAL | wrong)
    assert set(refused.value.fields) == {field}


def test_two_spellings_of_a_number_are_one() -> None:
    assert Identifier("vereinsregister", "VR 12345 B").key == Identifier("vereinsregister", "vr12345b").key
