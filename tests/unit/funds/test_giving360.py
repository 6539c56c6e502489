"""A grant as a 360Giving package tells it: valid, as wide and as short as the standard asks, and nobody private is in it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import jsonschema
import pytest

from services.funds.domain.giving360 import grant_entry
from services.funds.domain.grant import Grant
from services.funds.domain.reconciliation import proven
from tests.support.funds import YEAR
from tests.support.funds_grant import a_grant, an_award
from tests.support.funds_published import PAGE, PUBLISHER, SOURCE, booked
from tests.support.giving360 import GRANT


def entry_of(grant: Grant) -> dict[str, Any]:
    """The grant as a package tells it, nothing of it paid."""
    entry = grant_entry(PUBLISHER, proven(grant, booked(grant)), PAGE, SOURCE)
    jsonschema.validate(entry, GRANT, format_checker=jsonschema.FormatChecker())
    return entry


def test_an_application_is_a_transaction_of_what_it_asked_for_on_its_day() -> None:
    grant = a_grant()
    entry = grant_entry(PUBLISHER, replace(proven(grant, booked(grant)), applied_on=date(YEAR, 1, 10)), PAGE, SOURCE)
    jsonschema.validate(entry, GRANT, format_checker=jsonschema.FormatChecker())
    (applied,) = entry["applicationTransaction"]
    assert (applied["transactionDate"], applied["value"]) == (f"{YEAR}-01-10", entry["amountAppliedFor"])
    assert "applicationTransaction" not in entry_of(grant)


def test_a_private_person_is_an_individual_without_name_and_words() -> None:
    grant = a_grant(
        recipient_actor_id="",
        recipient_name="Anna Beispiel",
        title="Annas Garten",
        goals=("Annas Goal",),
        region="11400930",
        contact_ref="a" * 32,
        applicant_sub="anna",
    )
    entry = entry_of(grant)
    assert entry["recipientIndividual"]["name"] == "Privatperson", "a person stands for themselves, not in a list"
    assert entry["toIndividualsDetails"] == {"primaryGrantReason": "GTIR120", "grantPurpose": ["GTIP160"]}
    assert "recipientOrganization" not in entry
    assert "Anna" not in str(entry)
    assert "anna" not in str(entry)
    assert "a" * 32 not in str(entry)
    assert "11400930" not in str(entry), "a planning area has so few people that it might tell"


def test_two_grants_of_one_person_are_not_joined_by_an_id_and_one_keeps_its_own() -> None:
    one, two = (an_award(recipient_actor_id="", recipient_name="", contact_ref="a" * 32) for _ in range(2))
    ids = [entry_of(grant)["recipientIndividual"]["id"] for grant in (one, two, one)]
    assert ids[0] == ids[2] != ids[1]
    assert one.id not in ids[0]


def test_the_place_of_a_grant_is_a_lor_key_among_the_classifications() -> None:
    grant = a_grant()
    entry = entry_of(grant)
    assert entry["classifications"] == [{"vocabulary": "LOR 2021", "code": "114009", "title": "Neu-Lichtenberg"}]
    assert "geoCodeType" not in str(entry)
    assert entry["fundingOrganization"][0]["name"] == "Bezirksamt Lichtenberg von Berlin"


@pytest.mark.parametrize(
    ("region", "scope"), [("00", "GLS040"), ("11", "GLS050"), ("1140", "GLS060"), ("114009", "GLS060")]
)
def test_how_wide_the_place_is_is_said_by_the_codes_of_the_standard(region: str, scope: str) -> None:
    assert entry_of(a_grant(region=region))["locationScope"] == scope


def test_a_title_is_as_short_as_the_standard_asks_and_nothing_of_it_is_lost() -> None:
    title = "Ein Fest " * 20
    entry = entry_of(a_grant(title=title, goals=("Alle kommen.",)))
    assert entry["title"] == f"{title[:139]}…"
    assert entry["description"] == f"{title}\nAlle kommen."
    assert entry_of(a_grant(title="x" * 140))["title"] == "x" * 140


def test_only_what_people_chose_from_is_said_to_come_from_an_open_call() -> None:
    assert entry_of(a_grant())["fromOpenCall"] == "Yes"
    assert "fromOpenCall" not in entry_of(a_grant(session_id=""))


def test_a_grant_was_changed_when_its_last_posting_was_recorded() -> None:
    grant = a_grant(paid_cents=1)
    postings = booked(grant, paid=1)
    entry = grant_entry(PUBLISHER, proven(grant, postings), PAGE, SOURCE)
    last = max(posting.recorded_at for posting in postings)
    assert datetime.fromisoformat(entry["dateModified"]) == last.replace(microsecond=0)
    assert entry["dataSource"] == SOURCE
