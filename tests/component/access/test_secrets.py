"""Secrets and persons' data, planted through settings, calls and forms, are in no log, no message, no metric and no answer to others."""

import io
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog
from google.protobuf.empty_pb2 import Empty

from chassis import logs
from chassis.ports import Role, new_id
from kiezctl.issuer import ROLES
from tests.component.access.given_out import follow_letters, follow_link, vote
from tests.support.city import City, Started, eventually
from tests.support.client import Refused
from tests.support.filled import Asked, in_actors, in_events, in_notify
from tests.support.filled_funds import in_funds
from tests.support.funds_grant import IBAN
from tests.support.notify import COORDINATOR, a_mail_server, settings_around, some_neighbours
from tools.access import SERVICES

# The first of these tests waits until all of it has happened.
pytestmark = pytest.mark.timeout(180)
MARK = "Zaunkoenig"
NAME, SMTP_PASSWORD = f"Wanda {MARK}", f"smtp-{MARK}-4712"
# Everything that the records of tests/support/filled.py and filled_funds.py say of persons, and how every JWT begins.
MARKS = (
    MARK,
    MARK.lower(),
    "@example.org",
    "Anna Beispiel",
    "Kim Beispiel",
    "Mitglied ",
    IBAN,
    "Vorstand",
    "eyJ",
    "Kennwort 4711",
)


@dataclass(slots=True)
class Heard:
    """All that was let out, by where it was seen."""

    log: io.StringIO
    messages: list[str] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    secrets: dict[str, set[str]] = field(default_factory=dict)
    """Those that the services made themselves, in every form, by what they are."""


@pytest_asyncio.fixture(scope="module")
async def stderr() -> AsyncIterator[io.StringIO]:
    """Where services log as verbosely as they can, in this process."""
    stream, before, root = io.StringIO(), sys.stderr, logging.getLogger()
    handlers, level = root.handlers[:], root.level
    sys.stderr = stream
    logs.set_up("access", format="text", level="debug")
    yield stream
    structlog.reset_defaults()
    sys.stderr, root.handlers[:] = before, handlers
    root.setLevel(level)


@pytest_asyncio.fixture(scope="module")
async def heard(city: City, stderr: io.StringIO, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """All four services live through everything, and through everything that goes wrong."""
    password = tmp_path_factory.mktemp("secrets") / "smtp"
    password.write_text(SMTP_PASSWORD)
    told = Heard(stderr)
    async with AsyncExitStack() as around:
        mails = await around.enter_async_context(a_mail_server())
        neighbours = await around.enter_async_context(some_neighbours())
        post = settings_around(mails, neighbours, smtp_username="kiez", smtp_password_file=password)
        more: dict[str, dict[str, Any]] = {"events": {"public_url": "https://kiez.test"}, "notify": post}
        running = {
            name: await around.enter_async_context(city.service(name, **more.get(name, {}))) for name in SERVICES
        }
        asked = await _live(running)
        await _go_wrong(running, city, told)
        await _letters_wait(running["notify"])
        told.secrets["voting code"] = await vote(running["funds"], told.answers)
        told.secrets["link of a registration"] = await follow_link(running["events"], told.answers)
        told.answers += await _answers_to_others(running, asked)
        for started in running.values():
            await _look(started, told)
        async with city.service("notify", **settings_around(mails, neighbours)) as lettered:
            told.secrets["link of a letter"] = await follow_letters(lettered, mails, told.answers)
            await _look(lettered, told)
    return told


async def _live(running: dict[str, Started]) -> dict[str, Asked]:
    contacts = [
        {"function": "Vorstand", "name": NAME, "email": f"w@{MARK}.example", "visibility": "VISIBILITY_INTERNAL"}
    ]
    profile = {"region": "114009", "kind": "ACTOR_KIND_ASSOCIATION", "name": "Verein", "contacts": contacts}
    asked = {
        "actors": await in_actors(running["actors"]),
        "funds": await in_funds(running["funds"]),
        "events": await in_events(running["events"]),
        "notify": await in_notify(running["notify"]),
    }
    await running["actors"].call("ActorService/RegisterActor", {"profile": profile | {"is_public": True}}, COORDINATOR)
    wish = {"language": "LANGUAGE_DE", "kinds": ["NEWS_KIND_ANNOUNCEMENTS"], "regions": ["114009"]}
    await running["notify"].call("SubscriberService/Subscribe", wish | {"email": f"w@{MARK}.example"}, COORDINATOR)
    async with httpx.AsyncClient(base_url=running["notify"].http, timeout=30) as browser:
        form = {"email": f"form@{MARK}.example", "lang": "de", "kind": "announcements", "region": "114009"}
        await browser.post("/subscribe", data=form)
    return asked


async def _go_wrong(running: dict[str, Started], city: City, told: Heard) -> None:
    """Refusals, unreadable bytes, broken tokens, secret links that are none; each answer is kept."""
    wrong: list[tuple[str, str, dict[str, Any]]] = [
        ("events", "RegistrationService/Register", {"event_id": new_id(), "name": NAME, "email": f"{MARK}.no.address"}),
        ("events", "RegistrationService/Register", {"event_id": new_id(), "name": NAME, "email": f"w@{MARK}.example"}),
        ("funds", "GrantService/AgreeGrant", {"grant_id": new_id(), "iban": f"DE{MARK}", "payee_name": NAME}),
        ("funds", "PaymentFileService/ExportPayments", {"region": "11", "payer_name": NAME, "payer_iban": f"DE{MARK}"}),
        ("funds", "JuryService/SeatMember", {"jury_id": new_id(), "name": NAME, "email": f"{MARK}@"}),
        ("notify", "SubscriberService/Subscribe", {"email": f"{MARK}@@", "regions": [MARK[:8]]}),
        ("actors", "ActorService/RegisterActor", {"profile": {"contacts": [{"function": "x", "email": MARK}]}}),
    ]
    for service, rpc, request in wrong:
        with pytest.raises(Refused) as caught:
            await running[service].call(rpc, request, *(Role(role) for role in ROLES))
        told.answers.append(f"{caught.value} {caught.value.details}")
    for started in running.values():
        for path in (f"/{api.name}/{rpc}" for api in started.running.service.apis for rpc in api.rpcs):
            for token in (f"{MARK}.{MARK}.{MARK}", city.token(Role("operator"))):
                with pytest.raises(Refused) as caught:
                    await started.client.call_bytes(path, f"\xff{NAME}".encode("latin-1"), Empty, token, {})
                told.answers.append(str(caught.value))
    async with httpx.AsyncClient(timeout=30) as browser:
        for path in (f"/confirm/{MARK}", f"/unsubscribe/{MARK}", f"/registrations/cancel/{MARK}"):
            for service in ("notify", "events"):
                page = await browser.post(f"{running[service].http}{path}")
                told.answers.append(page.text)


async def _letters_wait(notify: Started) -> None:
    """The mail server knows no login: the sender has tried, and says so."""
    rows = notify.running.service.store.rows("notifications")

    async def tried() -> bool:
        return await rows.find_one({"attempts": {"$gt": 0}}) is not None

    await eventually(tried, 20)


async def _look(started: Started, told: Heard) -> None:
    """Every message as the outbox has it and the stream gets it: subject, headers, body; and what supervisors read."""
    rows = await started.running.service.store.rows("outbox").find({}).to_list(10_000)
    assert rows or started.running.service.name == "notify"
    told.messages += [f"{row['subject']} {row['headers']} {row['data']}" for row in rows]
    async with httpx.AsyncClient(timeout=30) as web:
        told.metrics += [(await web.get(f"{started.http}{path}")).text for path in ("/metrics", "/readyz")]


async def _answers_to_others(running: dict[str, Started], asked: dict[str, Asked]) -> list[str]:
    """What is answered without a token, and to every role of another region."""
    found = []
    others = [(), *((Role(role, regions=("01",)),) for role in ROLES)]
    for service, requests in asked.items():
        for what in requests:
            rpc = what.partition(" ")[0]
            if rpc == "RegistrationService/Register":
                continue
            for request in requests[what]:
                for roles in others:
                    with suppress(Refused):
                        found.append(str(await running[service].call(rpc, request, *roles)))
    assert len(found) > 200
    return found


def _leaks(said: str, heard: Heard) -> list[str]:
    return [mark for mark in (*MARKS, *chain(*heard.secrets.values())) if mark in said]


def test_no_log_holds_a_secret_or_a_person(heard: Heard) -> None:
    lines = heard.log.getvalue().splitlines()
    assert any("call" in line for line in lines)
    assert [line for line in lines if _leaks(line, heard)] == []


def test_no_message_does(heard: Heard) -> None:
    assert len(heard.messages) > 40
    assert [message for message in heard.messages if _leaks(message, heard)] == []


def test_no_metric_does(heard: Heard) -> None:
    assert any("kiez_rpc_calls_total" in page for page in heard.metrics)
    assert [line for page in heard.metrics for line in page.splitlines() if _leaks(line, heard)] == []


def test_no_answer_to_others_does(heard: Heard) -> None:
    assert [answer for answer in heard.answers if _leaks(answer, heard)] == []


def test_no_key_and_no_token_of_the_installation_is_anywhere(heard: Heard, city: City) -> None:
    secrets = [(city.folder / name).read_text() for name in ("token", "person.key")]
    everything = [heard.log.getvalue(), *heard.messages, *heard.metrics, *heard.answers]
    assert [secret for secret in secrets for said in everything if secret in said] == []


@pytest.mark.parametrize("kind", ["voting code", "link of a registration", "link of a letter"])
@pytest.mark.parametrize("format", ["text", "json"])
def test_what_is_logged_on_purpose_is_found(
    heard: Heard, kind: str, format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    for secret in heard.secrets[kind]:
        logs.set_up("purpose", format=format, level="debug")
        structlog.get_logger().debug("told", page=f"/confirm/{secret}")
        logging.getLogger("library").warning("told %s", secret)
        assert all(_leaks(line, heard) == [secret] for line in capsys.readouterr().err.splitlines()), secret
    structlog.configure(**before)
