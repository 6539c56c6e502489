"""Grants to legal persons as rows for a spreadsheet, with the columns of Berlin's database of grants (Zuwendungsdatenbank)."""

from datetime import date

import lor
from services.funds.domain.grant import Grant, GrantStatus
from services.funds.domain.reconciliation import ProvenGrant

COLUMNS = (
    "Jahr",
    "Empfänger",
    "Geber",
    "Zweck",
    "Förderprogramm",
    "Gebiet",
    "LOR-Schlüssel",
    "Beantragt (EUR)",
    "Bewilligt (EUR)",
    "Ausgezahlt (EUR)",
    "Bewilligt am",
    "Beginn",
    "Ende",
    "Kennung",
)
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_listed(grant: Grant) -> bool:
    """Private persons are in no list of recipients, and what was cancelled was not given."""
    return not grant.is_private_person and grant.status is not GrantStatus.CANCELLED


def row(proven: ProvenGrant) -> tuple[str, ...]:
    grant = proven.grant
    district = grant.region[:2]
    giver = "Land Berlin" if district == lor.CITY else f"Bezirksamt {lor.name(district)} von Berlin"
    texts = (grant.recipient_name, giver, grant.title, grant.fund_name, lor.name(grant.region))
    return (
        str(grant.year),
        *(harmless(text) for text in texts),
        # The word keeps a spreadsheet from taking "011004" for a number.
        f"LOR {grant.region}",
        euros(grant.requested_cents),
        euros(grant.approved_cents),
        euros(proven.disbursed_cents),
        day(grant.decided_on),
        day(grant.starts_on),
        day(grant.ends_on),
        grant.id,
    )


def harmless(text: str) -> str:
    """One line that no spreadsheet computes: what looks like a formula gets an apostrophe before it."""
    line = " ".join(text.split())
    return f"'{line}" if text.startswith(FORMULA) or line.startswith(FORMULA) else line


def euros(cents: int) -> str:
    """1234567 as "12345,67": a decimal comma, and nothing between thousands."""
    sign, whole, rest = "-" if cents < 0 else "", *divmod(abs(cents), 100)
    return f"{sign}{whole},{rest:02}"


def day(value: date) -> str:
    return f"{value:%d.%m.%Y}"
