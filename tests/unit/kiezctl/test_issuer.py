"""Tokens of the local issuer hold where they should, and its secrets stay with their owner."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.auth import Authority, Keys
from chassis.ports import Caller, Role
from chassis.refusals import Unauthenticated
from kiezctl.home import Home
from kiezctl.issuer import AUDIENCE, ISSUER, Grant, create_secrets, open_issuer
from kiezctl.run_file import NotRunning


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def authority(home: Home) -> Authority:
    return Authority(Keys(str(home.jwks)), issuer=ISSUER, audience=AUDIENCE, algorithm="RS256")


async def test_a_service_reads_the_roles_that_were_asked_for(home: Home) -> None:
    issuer = create_secrets(home)
    token = issuer.token("office", Grant("fund_office", ("11",)), Grant("partner", (), ("a1",)))
    caller = await authority(home).caller(f"Bearer {token}")
    assert caller == Caller("office", (Role("fund_office", ("11",)), Role("partner", (), ("a1",))))


async def test_a_token_ends(home: Home) -> None:
    token = create_secrets(home).token("office", Grant("fund_office"), ttl=timedelta(seconds=-10))
    with pytest.raises(Unauthenticated, match="TOKEN_EXPIRED"):
        await authority(home).caller(f"Bearer {token}")


async def test_a_second_start_keeps_the_keys(home: Home) -> None:
    token = create_secrets(home).token("office", Grant("fund_office"))
    person_key = home.person_key.read_bytes()
    create_secrets(home)
    assert (await authority(home).caller(f"Bearer {token}")).sub == "office"
    assert home.person_key.read_bytes() == person_key


async def test_each_service_has_a_token_of_its_own(home: Home) -> None:
    create_secrets(home)
    caller = await authority(home).caller(f"Bearer {home.token('notify').read_text()}")
    assert caller == Caller("service:notify", (Role("service"),))


def test_only_the_owner_reads_secrets(home: Home) -> None:
    create_secrets(home)
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in home.secrets.iterdir()}
    assert modes == {0o600}
    assert "PRIVATE" not in home.jwks.read_text()


def test_there_is_no_token_before_the_first_start(home: Home) -> None:
    with pytest.raises(NotRunning):
        open_issuer(home)
