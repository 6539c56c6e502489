"""The stack of docker-compose.yml under a name and ports of its own: brought up from nothing, and taken down whole."""

import asyncio
import gc
import json
import os
import shutil
import ssl
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import httpx
import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError

from kiezctl.home import Home
from kiezctl.issuer import LocalIssuer, open_issuer
from kiezctl.ports import HOST, SERVICES, is_free
from tests.compose.project import DOWN, PROJECT, Failed, Project
from tests.faults.evidence import Places
from tests.support.city import eventually

FILES = "docker-compose.yml:deploy/compose.story.yml"


@dataclass(frozen=True, slots=True)
class Stack(Project):
    """A running stack. `folder` holds a copy of the operator's vault, and the mails that came; `told` which of them came twice, and were counted."""

    folder: Path
    told: set[str] = field(default_factory=set)

    @property
    def vault(self) -> Home:
        return Home(self.folder / "vault")

    def fetch_vault(self) -> None:
        shutil.rmtree(self.vault.folder, ignore_errors=True)
        self.compose("cp", "operator:/vault", str(self.vault.folder))

    @property
    def ca(self) -> Path:
        return self.vault.folder / "ca.pem"

    @property
    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca))

    @property
    def channel_credentials(self) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(self.ca.read_bytes())

    @property
    def issuer(self) -> LocalIssuer:
        return open_issuer(self.vault)

    def port(self, what: str) -> int:
        return int(self.env[what])

    def grpc(self, service: str) -> tuple[str, ...]:
        return (f"{HOST}:{self.port(f'{service.upper()}_GRPC_PORT')}",)

    def http(self, service: str) -> str:
        return f"https://{HOST}:{self.port(f'{service.upper()}_HTTP_PORT')}"

    @property
    def nats(self) -> str:
        return f"tls://{HOST}:{self.port('KIEZ_NATS_PORT')}"

    def nats_login(self, user: str, folder: str = "nats") -> dict[str, Any]:
        seed = self.vault.folder / folder / f"{user}.nk"
        return {"tls": self.trusted, "tls_handshake_first": True, "nkeys_seed": str(seed)}

    @asynccontextmanager
    async def nats_client(self, user: str) -> AsyncIterator[Client]:
        client = await nats.connect(self.nats, **self.nats_login(user))
        try:
            yield client
        finally:
            await client.close()

    async def is_let_in(self, **login: Any) -> bool:
        """Whether NATS takes a login."""
        try:
            client = await nats.connect(
                self.nats,
                **{"tls": self.trusted, "tls_handshake_first": True} | login,
                allow_reconnect=False,
                connect_timeout=3,
            )
        except (NatsError, OSError, TimeoutError):
            client = None
        if client:
            await client.close()
        # nats-py leaves the connection of a refused login to the collector, which complains.
        await asyncio.sleep(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
        return client is not None

    @property
    def places(self) -> Places:
        """Where the checker reads, as somebody who may read everything."""
        stores = {}
        for name in SERVICES:
            password = (self.vault.folder / "stores" / name / "root.password").read_text()
            host = self.address(f"store-{name}", f"store-{name}")
            stores[name] = f"mongodb://root:{password}@{host}:27017/?authSource=admin&directConnection=true"
        return Places(self.nats, stores, self.folder / "mail", self.nats_login("operator"))

    async def ready(self, seconds: float = 120) -> None:
        async with httpx.AsyncClient(verify=self.trusted, timeout=3) as web:

            async def all_ready() -> bool:
                return all([await _is_ready(web, self.http(name)) for name in SERVICES])

            await eventually(all_ready, seconds)

    async def collect_mail(self) -> bool:
        """Take each mail out of MailDev, which keeps them in memory, and has not much; whether there was none left."""
        page = f"http://{HOST}:{self.port('MAIL_PORT')}/api/email"
        async with httpx.AsyncClient(timeout=30) as web:
            mails = (await web.get(page)).raise_for_status().json()
            for mail in mails:
                source = await web.get(f"{page}/{mail['id']}/source")
                # One that a cancelled round was just taking out is listed, and cannot be read any more.
                if source.is_success:
                    (self.folder / "mail" / f"{mail['id']}.eml").write_bytes(source.content)
                    await web.delete(f"{page}/{mail['id']}")
        return not mails

    async def keep_collecting_mail(self) -> None:
        while True:
            with suppress(httpx.HTTPError):
                await self.collect_mail()
            await asyncio.sleep(0.5)

    def endpoints(self) -> Path:
        """A file for KIEZ_ENDPOINTS: the stack as this machine reaches it."""
        path = self.folder / "endpoints.json"
        monitor = f"http://{self.address('nats', 'bus')}:8222"
        services = {name: {"grpc": self.grpc(name)[0], "http": self.http(name)} for name in SERVICES}
        content = {"services": services, "nats": self.nats, "nats_monitor": monitor}
        content["mail"] = f"http://{HOST}:{self.port('MAIL_PORT')}"
        path.write_text(json.dumps(content))
        return path


def _free_doors(names: tuple[str, ...]) -> dict[str, str]:
    """A port for each, of which the next one is free as well: a second replica takes that.

    None that a connection going out could be given, and none of a copy that `make up` runs.
    """
    for start in range(10_500, 32_000, 1_000):
        numbers = range(start, start + 2 * len(names))
        if all(is_free(number) for number in numbers):
            return {name: str(number) for name, number in zip(names, numbers[::2], strict=True)}
    raise AssertionError("no ports are free")


async def _is_ready(web: httpx.AsyncClient, page: str) -> bool:
    try:
        return (await web.get(f"{page}/readyz")).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@contextmanager
def a_stack(folder: Path) -> Iterator[Stack]:
    """Build it, bring it up with nothing left from before, and take it down with all that it kept."""
    ports = [f"{name.upper()}_{kind}_PORT" for name in SERVICES for kind in ("GRPC", "HTTP")]
    numbers = _free_doors((*ports, "KIEZ_NATS_PORT", "MAIL_PORT", "PROMETHEUS_PORT"))
    urls = {
        f"{name}_PUBLIC_URL": f"https://{HOST}:{numbers[f'{name}_HTTP_PORT']}" for name in ("FUNDS", "EVENTS", "NOTIFY")
    }
    (folder / "mail").mkdir()
    names = {"COMPOSE_PROJECT_NAME": PROJECT, "COMPOSE_FILE": FILES, "KIEZ_BACKUPS": str(folder / "backups")}
    stack = Stack({**os.environ, **numbers, **urls, **names}, folder)
    stack.compose(*DOWN)
    try:
        stack.compose("build", "--quiet", seconds=1200)
        stack.compose("up", "--detach", "--wait", "--wait-timeout", "300")
        # Grafana's image is not everywhere to be had; Prometheus alone tells whether its figures are there.
        stack.compose("up", "--detach", "--no-deps", "prometheus")
        stack.fetch_vault()
        yield stack
    except Failed as failed:
        failed.add_note(stack.compose("ps", "--all", check=False))
        failed.add_note(stack.compose("logs", "--tail", "20", check=False))
        raise
    finally:
        stack.compose(*DOWN, check=False)
