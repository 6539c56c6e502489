"""Every rpc of every service with every role and with tokens that do not hold: who is not in its line is refused before its request is read."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from google.protobuf.empty_pb2 import Empty

from chassis import lab, operator
from chassis.access import EVERYONE, Access
from chassis.ports import Role, new_id
from kiezctl.issuer import AUDIENCE, ISSUER, ROLES
from tests.support.city import City, Started
from tests.support.client import Refused
from tools.access import SERVICES, tables

# No message has such bytes: whoever is told so was let in, and nothing was done.
UNREADABLE = b"\xff\xff"
FOREIGN = generate_private_key(public_exponent=65537, key_size=2048)
SHARED = {f"kiezwerk.operator.v1.{rpc}": access for rpc, access in operator.ACCESS.items()} | {
    f"kiezwerk.lab.v1.{rpc}": access for rpc, access in lab.ACCESS.items()
}


def _lines(service: str) -> Mapping[str, Access]:
    own = {f"kiezwerk.{service}.v1.{rpc}": access for rpc, access in tables()[service].items()}
    return own | SHARED


LINES = [(service, rpc, access) for service in SERVICES for rpc, access in _lines(service).items()]
every_rpc = pytest.mark.parametrize(("service", "rpc", "access"), LINES, ids=[f"{s}:{rpc}" for s, rpc, _ in LINES])


@pytest.fixture(scope="module")
def running(actors: Started, funds: Started, events: Started, notify: Started) -> dict[str, Started]:
    return {"actors": actors, "funds": funds, "events": events, "notify": notify}


async def answer(started: Started, rpc: str, token: str) -> tuple[str, str]:
    """Code and reason of what a caller with this token gets for unreadable bytes."""
    with pytest.raises(Refused) as caught:
        await started.client.call_bytes(f"/{rpc}", UNREADABLE, Empty, token, {})
    return caught.value.code, caught.value.reason


async def test_the_table_of_a_service_has_a_line_for_each_of_its_rpcs_and_no_other(running: dict[str, Started]) -> None:
    for service, started in running.items():
        apis = started.running.server._table
        assert {path.removeprefix("/") for path in apis} == set(_lines(service)), service


async def test_every_command_can_be_repeated_by_its_request_id_but_for_a_vote(running: dict[str, Started]) -> None:
    for service, started in running.items():
        rpcs = [(api, rpc) for path, (api, rpc) in started.running.server._table.items() if f".{service}." in path]
        commands = {rpc.name: api.request_type(rpc.name) for api, rpc in rpcs if rpc.writes}
        without = {name for name, kind in commands.items() if "request_id" not in kind.DESCRIPTOR.fields_by_name}
        assert (
            without
            == {rpc.name for _, rpc in rpcs if rpc.unrecorded}
            == ({"CastBallot"} if service == "funds" else set())
        )


@every_rpc
async def test_a_role_gets_in_where_its_line_names_it(
    running: dict[str, Started], city: City, service: str, rpc: str, access: Access
) -> None:
    for role in ROLES:
        got = await answer(running[service], rpc, city.token(Role(role)))
        may = EVERYONE in access or role in access
        wanted = ("INVALID_ARGUMENT", "UNREADABLE_REQUEST") if may else ("PERMISSION_DENIED", "ROLE_MISSING")
        assert got == wanted, role


@every_rpc
async def test_without_a_role_or_a_token_only_public_lines_are_open(
    running: dict[str, Started], city: City, service: str, rpc: str, access: Access
) -> None:
    in_ = ("INVALID_ARGUMENT", "UNREADABLE_REQUEST")
    is_open = EVERYONE in access
    assert await answer(running[service], rpc, "") == (in_ if is_open else ("UNAUTHENTICATED", "NO_TOKEN"))
    for token in (city.token(sub="nobody"), city.token(Role("everyone")), city.token(Role("FUND_OFFICE"))):
        assert await answer(running[service], rpc, token) == (in_ if is_open else ("PERMISSION_DENIED", "ROLE_MISSING"))


@pytest.fixture(scope="module")
def forgeries(city: City) -> dict[str, tuple[str, str]]:
    """Tokens with every role that do not hold here, and the reason that each is told."""
    now = datetime.now(UTC)
    usual: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": new_id(),
        "exp": now + timedelta(minutes=5),
        "kiez_roles": [{"role": role} for role in ROLES],
    }
    ours, key_id = city.issuer._key, "test"

    def signed(*without: str, key: Any = ours, algorithm: str = "RS256", kid: str = key_id, **claims: Any) -> str:
        kept = {name: value for name, value in (usual | claims).items() if name not in without}
        return jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid})

    head, body, signature = signed().split(".")
    _, other_body, _ = signed(sub="someone else").split(".")
    return {
        "expired": (signed(exp=now - timedelta(minutes=1)), "TOKEN_EXPIRED"),
        "no exp": (signed("exp"), "TOKEN_INVALID"),
        "not valid yet": (signed(nbf=now + timedelta(hours=1)), "TOKEN_INVALID"),
        "foreign-signed": (signed(key=FOREIGN), "TOKEN_INVALID"),
        "foreign key id": (signed(key=FOREIGN, kid="other"), "TOKEN_KEY_UNKNOWN"),
        "alg none": (signed(key="", algorithm="none"), "TOKEN_INVALID"),
        "alg HS256 with the public key": (hs256(body, (city.folder / "jwks.json").read_bytes()), "TOKEN_INVALID"),
        "alg RS512": (signed(algorithm="RS512"), "TOKEN_INVALID"),
        "wrong aud": (signed(aud="another"), "TOKEN_INVALID"),
        "no aud": (signed("aud"), "TOKEN_INVALID"),
        "wrong iss": (signed(iss="https://elsewhere.example"), "TOKEN_INVALID"),
        "no iss": (signed("iss"), "TOKEN_INVALID"),
        "no sub": (signed("sub"), "TOKEN_INVALID"),
        "empty sub": (signed(sub=""), "TOKEN_INVALID"),
        "empty region": (signed(kiez_roles=[{"role": "operator", "regions": [""]}]), "TOKEN_INVALID"),
        "another body": (f"{head}.{other_body}.{signature}", "TOKEN_INVALID"),
        "no signature": (f"{head}.{body}.", "TOKEN_INVALID"),
        "nonsense": ("abc", "TOKEN_INVALID"),
    }


def hs256(body: str, key: bytes) -> str:
    """What a library that lets the token choose the algorithm takes for signed, when the key is one that everyone has."""
    head = urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT","kid":"test"}').rstrip(b"=")
    signature = hmac.new(key, head + b"." + body.encode(), hashlib.sha256).digest()
    return f"{head.decode()}.{body}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@every_rpc
async def test_a_token_that_does_not_hold_opens_nothing_not_even_what_is_public(
    running: dict[str, Started],
    forgeries: dict[str, tuple[str, str]],
    service: str,
    rpc: str,
    access: Access,
) -> None:
    for what, (token, reason) in forgeries.items():
        assert await answer(running[service], rpc, token) == ("UNAUTHENTICATED", reason), what
