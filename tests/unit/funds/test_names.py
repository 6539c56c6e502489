"""What a party reads of who did what: nothing but its own name, wherever in a record one may stand."""

import re
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from services.funds.domain.application import Application
from services.funds.domain.claim import Claim
from services.funds.domain.grant import Grant
from services.funds.domain.names import SUBS, with_own_name_only
from services.funds.domain.payment import Payment
from services.funds.domain.proposal import Proposal
from tests.support.funds_grant import a_grant, a_proven

A_NAME = re.compile(r"(^|_)(by|sub)$")


def texts(kind: Any) -> Iterator[str]:
    """The fields of a dataclass, and of those within it, that hold text."""
    for name, of in typing.get_type_hints(kind).items():
        parts = {of, *typing.get_args(of)}
        if str in parts:
            yield name
        yield from (found for part in parts if is_dataclass(part) and part is not kind for found in texts(part))


@pytest.mark.parametrize("kind", [Application, Claim, Grant, Payment, Proposal])
def test_every_field_that_may_hold_a_name_is_looked_at(kind: Any) -> None:
    found = {name for name in texts(kind) if A_NAME.search(name)}
    assert found
    assert found <= SUBS


def test_of_all_names_in_a_file_its_party_reads_its_own() -> None:
    grant = replace(a_proven(a_grant()), decided_by=("anna", "ute"), closed_by="anna", agreed_by="ute")
    seen = with_own_name_only(grant, "anna")
    assert (seen.decided_by, seen.closed_by, seen.agreed_by) == (("anna",), "anna", "")
    assert seen.payee is not None
    assert grant.payee is not None
    assert seen.payee == replace(grant.payee, entered_by="")
    same = {f.name for f in fields(grant)} - SUBS - {"payee", "proof"}
    assert all(getattr(seen, name) == getattr(grant, name) for name in same)
