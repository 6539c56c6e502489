"""Who acts in the story: functions, no names; each with the roles that such a person has."""

from dataclasses import dataclass

from kiezctl.demo.figures import DISTRICT, REGION
from kiezctl.issuer import Grant


@dataclass(frozen=True)
class Person:
    """Somebody with a token; without grants a public reader."""

    sub: str
    grants: tuple[Grant, ...] = ()


PUBLIC = Person("")
COORDINATOR = Person("coordinator.neu-lichtenberg", (Grant("coordinator", (DISTRICT,)),))
OFFICE = Person("fund-office.lichtenberg", (Grant("fund_office", (DISTRICT,)),))
# Who decides does not pay: these two have no part in the decision.
CLERK = Person("clerk.lichtenberg", (Grant("fund_office", (DISTRICT,)), Grant("treasurer", (DISTRICT,))))
TREASURER = Person("treasurer.lichtenberg", (Grant("treasurer", (DISTRICT,)),))
AUDITOR = Person("auditor.berlin", (Grant("auditor"), Grant("operator")))


def organiser(actor_id: str) -> Person:
    """Somebody who plans calendar events for an organisation."""
    return Person(f"organiser.{actor_id}", (Grant("organiser", (), (actor_id,)),))


def applicant(key: str, actor_id: str = "") -> Person:
    """Somebody who applies: for an organisation, or as a neighbour."""
    return Person(f"applicant.{key}", (Grant("applicant", (), (actor_id,) if actor_id else ()),))


def juror(number: int) -> Person:
    return Person(f"juror.{number}", (Grant("jury", (REGION,)),))
