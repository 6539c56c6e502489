"""Who calls in the workload, with which roles; and where they live."""

from kiezctl.issuer import Grant
from tests.faults.caller import Person

OFFICE = Person("office", (Grant("fund_office"), Grant("coordinator")))
CLERK = Person("clerk", (Grant("fund_office"), Grant("treasurer")))
TREASURER = Person("treasurer", (Grant("treasurer"),))
ANNA = Person("anna", (Grant("applicant"),))
OPERATOR = Person("operator", (Grant("operator"), Grant("auditor")))
REGIONS = ("114009", "114010", "113008")


def a_member(sub: str) -> Person:
    """Somebody who votes in a jury."""
    return Person(sub, (Grant("jury"),))
