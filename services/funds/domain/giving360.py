"""Grants in the form of the 360Giving Data Standard 1.4, as values that JSON can hold; a private person is anonymous."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import lor
from lor import Level
from services.funds.domain.grant import ANONYMOUS, Grant, GrantStatus
from services.funds.domain.grant_public import FINEST_OF_A_PERSON
from services.funds.domain.reconciliation import Commitment, Disbursement, ProvenGrant

VERSION = "1.4"
LICENSE = "https://www.govdata.de/dl-de/zero-2-0"
# The standard's codes for a subnational region, a local authority and a local area. Its list of area codes has British ones
# only, so that LOR keys stand among the classifications.
SCOPES = {Level.CITY: "GLS040", Level.DISTRICT: "GLS050"}
LOCAL_AREA = "GLS060"
# What every grant to a private person here is for: social action, as a community project. Its own words are told to nobody.
TO_INDIVIDUALS = {"primaryGrantReason": "GTIR120", "grantPurpose": ["GTIP160"]}
# What the standard allows a title; whatever is longer stands in the description.
LONGEST_TITLE = 140
Transaction = Mapping[str, Any]
# The ids of who gives and of who gets.
Between = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who answers for the data. `prefix` is what 360Giving gave the publisher; every id begins with it."""

    name: str
    prefix: str
    website: str

    def id_of(self, kind: str, id: str) -> str:
        return f"360G-{self.prefix}-{kind}-{id}"


def is_exported(grant: Grant) -> bool:
    """A grant that was cancelled before anything was paid is none."""
    return grant.status is not GrantStatus.CANCELLED


def head(publisher: Publisher, region: str, year: int, at: datetime, url: str, page: str) -> dict[str, Any]:
    """The package without its grants: `url` is where it is, `page` where people read the same."""
    return {
        "version": VERSION,
        "title": f"Zuwendungen {year}: {lor.name(region)}",
        "publisher": {
            "name": publisher.name,
            "identifier": f"360G-{publisher.prefix}",
            "website": publisher.website,
        },
        "license": LICENSE,
        "modified": _instant(at),
        "identifier": publisher.id_of("package", f"{region}-{year}"),
        "downloadURL": url,
        "accessURL": page,
    }


def grant_entry(publisher: Publisher, proven: ProvenGrant, page: str, source: str) -> dict[str, Any]:
    """One grant; `page` is where everyone reads about its region and year, `source` the package that it is told in."""
    grant = proven.grant
    giver = _giver(publisher, grant)
    recipient = _person(publisher, grant) if grant.is_private_person else _organisation(publisher, grant)
    between = (giver["id"], recipient["id"])
    # The standard asks for a list of organisations, and for a person as such.
    to: dict[str, Any] = {"recipientOrganization": [recipient]}
    if grant.is_private_person:
        to = {"recipientIndividual": recipient, "toIndividualsDetails": TO_INDIVIDUALS}
    place = grant.region[:FINEST_OF_A_PERSON] if grant.is_private_person else grant.region
    return {
        "id": f"360G-{publisher.prefix}-{grant.id}",
        "title": _title(grant),
        "description": _description(grant),
        "currency": "EUR",
        "amountAppliedFor": _euros(grant.requested_cents),
        "amountAwarded": _euros(grant.approved_cents),
        "amountDisbursed": _euros(proven.disbursed_cents),
        "awardDate": grant.decided_on.isoformat(),
        "plannedDates": [{"startDate": grant.starts_on.isoformat(), "endDate": grant.ends_on.isoformat()}],
        "fundingOrganization": [giver],
        **to,
        "beneficiaryLocation": [{"name": f"{lor.name(place)}, Berlin", "countryCode": "DE"}],
        "locationScope": SCOPES.get(lor.level(place), LOCAL_AREA),
        "classifications": [{"vocabulary": f"LOR {lor.VERSION}", "code": place, "title": lor.name(place)}],
        "grantProgramme": [{"code": grant.fund_id, "title": grant.fund_name, "url": page}],
        # What a jury or an assembly chose from was asked for openly; how an office came to its decision nothing here says.
        **({"fromOpenCall": "Yes"} if grant.session_id else {}),
        **({"applicationTransaction": [applied]} if (applied := _application(publisher, proven, between)) else {}),
        "commitmentTransaction": [_commitment(publisher, one, between) for one in proven.commitments],
        "disbursementTransaction": [_disbursement(publisher, one, between) for one in proven.disbursements],
        "dateModified": _instant(proven.booked_at),
        "dataSource": source,
    }


def _giver(publisher: Publisher, grant: Grant) -> dict[str, str]:
    district = grant.region[:2]
    name = "Land Berlin" if district == lor.CITY else f"Bezirksamt {lor.name(district)} von Berlin"
    return {"id": publisher.id_of("org", f"lor-{district}"), "name": name}


def _organisation(publisher: Publisher, grant: Grant) -> dict[str, str]:
    return {"id": publisher.id_of("org", grant.recipient_actor_id), "name": grant.recipient_name}


def _person(publisher: Publisher, grant: Grant) -> dict[str, str]:
    """An id of this one grant: from the grant's own, which is public, so that it leads to no person and joins no two."""
    digest = hashlib.sha256(f"recipient of {grant.id}".encode()).hexdigest()[:24]
    return {"id": publisher.id_of("person", digest), "name": ANONYMOUS}


def _title(grant: Grant) -> str:
    return grant.title if len(grant.title) <= LONGEST_TITLE else f"{grant.title[: LONGEST_TITLE - 1]}…"


def _description(grant: Grant) -> str:
    if grant.is_private_person or not grant.goals:
        return f"{grant.title} ({grant.fund_name})"
    whole_title = (grant.title,) if len(grant.title) > LONGEST_TITLE else ()
    return "\n".join((*whole_title, *grant.goals))


def _application(publisher: Publisher, proven: ProvenGrant, between: Between) -> Transaction | None:
    if proven.applied_on is None:
        return None
    id, cents = publisher.id_of("application", proven.grant.application_id), proven.grant.requested_cents
    return _transaction(id, proven.applied_on, cents, "Antrag", between)


def _commitment(publisher: Publisher, one: Commitment, between: Between) -> Transaction:
    says = "Bewilligung" if one.amount_cents > 0 else "Kürzung"
    return _transaction(_posting(publisher, one.posting_id), one.promised_on, one.amount_cents, says, between)


def _disbursement(publisher: Publisher, one: Disbursement, between: Between) -> Transaction:
    back = "Berichtigte Rückzahlung" if one.of_refund else "Auszahlung"
    says = back if one.amount_cents > 0 else "Rückzahlung"
    return _transaction(_posting(publisher, one.posting_id), one.paid_on, one.amount_cents, says, between)


def _posting(publisher: Publisher, posting_id: str) -> str:
    return publisher.id_of("posting", posting_id.replace("/", "-"))


def _transaction(id: str, day: date, cents: int, says: str, between: Between) -> Transaction:
    return {
        "id": id,
        "transactionDate": day.isoformat(),
        "currency": "EUR",
        "value": _euros(cents),
        "description": says,
        "provider": between[0],
        "recipient": between[1],
    }


def _euros(cents: int) -> float | int:
    """Whole euros without a point; up to a trillion euros a cent is exact."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
