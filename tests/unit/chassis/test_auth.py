"""Tokens: only the issuer's own, for this audience, not expired, with the pinned algorithm; roles fail closed."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

from chassis import auth
from chassis.access import PUBLIC, by_region, check_access
from chassis.auth import Authority, Keys
from chassis.ports import Caller, Role
from chassis.refusals import Forbidden, Unauthenticated, Unavailable

KEY, FOREIGN = (generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


JWKS = json.dumps({"keys": [{**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "k1"}]})


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    (tmp_path / "jwks.json").write_text(JWKS)
    return Authority(Keys(str(tmp_path / "jwks.json")), issuer="here", audience="kiezwerk", algorithm="RS256")


def _token(key: Any = KEY, algorithm: str = "RS256", kid: str = "k1", **claims: Any) -> str:
    exp = datetime.now(UTC) + timedelta(days=1)
    usual = {"iss": "here", "aud": "kiezwerk", "sub": "someone", "exp": exp, "kiez_roles": [{"role": "jury"}]}
    kept = {k: v for k, v in (usual | claims).items() if v is not None}
    return "Bearer " + jwt.encode(kept, key, algorithm=algorithm, headers={"kid": kid})


async def test_a_good_token_names_the_caller_and_how_far_the_roles_reach(authority: Authority) -> None:
    roles = [{"role": "fund_office", "regions": ["11"], "actors": ["a1"]}]
    caller = await authority.caller(_token(kiez_roles=roles))
    assert caller == Caller("someone", (Role("fund_office", ("11",), ("a1",)),))


async def test_no_token_is_a_public_reader(authority: Authority) -> None:
    assert (await authority.caller("")).is_public


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (_token(exp=datetime.now(UTC) - timedelta(minutes=1)), "TOKEN_EXPIRED"),
        (_token(aud="other"), "TOKEN_INVALID"),
        (_token(iss="there"), "TOKEN_INVALID"),
        (_token(exp=None), "TOKEN_INVALID"),
        (_token(sub=None), "TOKEN_INVALID"),
        (_token(sub=""), "TOKEN_INVALID"),
        (_token(kiez_roles="jury"), "TOKEN_INVALID"),
        (_token(kiez_roles=[{"role": 7}]), "TOKEN_INVALID"),
        (_token(FOREIGN), "TOKEN_INVALID"),
        (_token(kid="k2"), "TOKEN_KEY_UNKNOWN"),
        (_token("", "none"), "TOKEN_INVALID"),
        (_token("x" * 40, "HS256"), "TOKEN_INVALID"),
        ("Bearer nonsense", "TOKEN_INVALID"),
        ("Bearer ", "TOKEN_UNREADABLE"),
        ("Basic dXNlcjpwYXNz", "TOKEN_UNREADABLE"),
    ],
)
async def test_a_token_that_does_not_hold_is_refused(authority: Authority, token: str, reason: str) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await authority.caller(token)
    assert caught.value.reason == reason


async def test_a_token_that_was_good_holds_no_longer_than_it_says(tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_text(JWKS)
    now = datetime.now(UTC)
    clock = [now]
    keys = Keys(str(tmp_path / "jwks.json"))
    authority = Authority(keys, issuer="here", audience="kiezwerk", algorithm="RS256", now=lambda: clock[0])
    token = _token(exp=now + timedelta(hours=1))
    for later in (timedelta(), timedelta(minutes=59)):
        clock[0] = now + later
        assert (await authority.caller(token)).sub == "someone"
    clock[0] = now + timedelta(hours=1, seconds=6)
    with pytest.raises(Unauthenticated) as caught:
        await authority.caller(token)
    assert caught.value.reason == "TOKEN_EXPIRED"


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ([], "TOKEN_KEY_UNKNOWN"),
        ([{**RSAAlgorithm.to_jwk(FOREIGN.public_key(), as_dict=True), "kid": "k1"}], "TOKEN_INVALID"),
    ],
)
async def test_a_token_that_was_good_holds_no_longer_than_its_key(
    authority: Authority, tmp_path: Path, keys: list[dict[str, Any]], reason: str
) -> None:
    assert (await authority.caller(_token())).sub == "someone"
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": keys}))
    # A file system's clock may tick more slowly than a test.
    os.utime(file, (0, 0))
    with pytest.raises(Unauthenticated) as caught:
        await authority.caller(_token())
    assert caught.value.reason == reason


async def test_of_tokens_only_those_seen_last_are_remembered(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "MOST", 2)
    checks: list[str] = []
    decode = jwt.decode

    def counting(token: str, *given: Any, **more: Any) -> Any:
        checks.append(token)
        return decode(token, *given, **more)

    monkeypatch.setattr(jwt, "decode", counting)
    first, second, third = (_token(sub=sub) for sub in ("first", "second", "third"))
    for token in (first, second, first, third, first, second):
        await authority.caller(token)
    assert [f"Bearer {token}" for token in checks] == [first, second, third, second]


@pytest.mark.parametrize("content", ["", JWKS[:40], "[]", '{"keys": [{}]}', '{"keys": [{"kid": "k1", "kty": "none"}]}'])
async def test_keys_that_cannot_be_read_are_not_the_callers_fault(
    authority: Authority, tmp_path: Path, content: str
) -> None:
    (tmp_path / "jwks.json").write_text(content)
    with pytest.raises(Unavailable) as caught:
        await authority.caller(_token())
    assert caught.value.reason == "KEYS_AWAY"
    (tmp_path / "jwks.json").write_text(JWKS)
    assert (await authority.caller(_token())).sub == "someone"


@contextmanager
def _an_issuer(answers: list[bytes]) -> Iterator[str]:
    """Its address; each answer in its turn, the last one again and again."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answers.pop(0) if len(answers) > 1 else answers[0])

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/jwks"
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"<html>",
        b"\xff",
        b"[]",
        b"{}",
        b'{"keys": []}',
        b'{"keys": [{}]}',
        b'{"keys": {"kid": "k1"}}',
        b'{"keys": [1]}',
    ],
)
async def test_an_issuer_that_answers_nonsense_is_not_the_callers_fault(nonsense: bytes) -> None:
    with _an_issuer([nonsense, JWKS.encode(), nonsense]) as address:
        keys = Keys(address)
        authority = Authority(keys, issuer="here", audience="kiezwerk", algorithm="RS256")
        token = _token()
        with pytest.raises(Unavailable, match="KEYS_AWAY"):
            await authority.caller(token)
        assert (await authority.caller(token)).sub == "someone"
        # What it said is no longer believed without asking, though the token is remembered.
        assert keys._remote is not None
        assert keys._remote.jwk_set_cache is not None
        keys._remote.jwk_set_cache.lifespan = 0
        with pytest.raises(Unavailable, match="KEYS_AWAY"):
            await authority.caller(token)


async def test_a_key_that_the_issuer_does_not_have_is_unknown() -> None:
    with _an_issuer([JWKS.encode()]) as address:
        authority = Authority(Keys(address), issuer="here", audience="kiezwerk", algorithm="RS256")
        with pytest.raises(Unauthenticated, match="TOKEN_KEY_UNKNOWN"):
            await authority.caller(_token(kid="k2"))


def test_a_role_bound_to_regions_reaches_them_and_what_lies_in_them() -> None:
    role = Role("fund_office", regions=("1140",))
    assert [role.reaches(region, None) for region in ("1140", "114009", "11", "00", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_role_bound_to_actors_reaches_nothing_that_names_none() -> None:
    role = Role("organiser", actors=("a1",))
    assert [role.reaches("11", actor) for actor in ("a1", "a2", None)] == [True, False, False]


def test_an_rpc_is_refused_without_a_token_and_without_one_of_its_roles() -> None:
    check_access(Caller(), PUBLIC)
    check_access(Caller("s", (Role("jury"),)), by_region("jury", "auditor"))
    with pytest.raises(Unauthenticated):
        check_access(Caller(), by_region("jury"))
    with pytest.raises(Forbidden):
        check_access(Caller("s", (Role("applicant"),)), by_region("jury"))


def test_requiring_a_role_is_refused_outside_its_region() -> None:
    office = Caller("s", (Role("fund_office", ("11",)),))
    office.require("fund_office", region="114009")
    with pytest.raises(Forbidden, match="ROLE_DOES_NOT_REACH"):
        office.require("fund_office", region="01")
    with pytest.raises(Unauthenticated):
        Caller().require("fund_office")
