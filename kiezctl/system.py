"""The system of one copy: which programs it consists of, and the settings that each is started with."""

import os
import sys
from dataclasses import dataclass
from functools import partial

from kiezctl.child import Program
from kiezctl.embedded import give_up_what_was_begun, nats_program, store_program, store_uri
from kiezctl.home import ROOT, Home
from kiezctl.issuer import ISSUER
from kiezctl.ports import HOST, SERVICES, Ports
from kiezctl.probe import connect, get
from kiezctl.wire import scheme, tls


@dataclass(frozen=True)
class System:
    """What is started: the servers first, and when they are ready the services."""

    servers: tuple[Program, ...]
    services: tuple[Program, ...]


def system(home: Home, ports: Ports) -> System:
    """All programs of a copy in `home` on `ports`; raises MissingBinary."""
    stores = (store_program(home.store(name), ports.store(name), name=f"store of {name}") for name in SERVICES)
    return System(
        servers=(nats_program(home.nats, ports.nats, ports.nats_monitor), *stores, _mail_sink(home, ports)),
        services=tuple(_service(name, home, ports) for name in SERVICES),
    )


def _mail_sink(home: Home, ports: Ports) -> Program:
    async def ready() -> None:
        await connect(ports.smtp)
        await get(f"http://{HOST}:{ports.mail}/")

    command = (sys.executable, "-m", "kiezctl.mail_sink", str(home.mail), str(ports.smtp), str(ports.mail))
    return Program("mail sink", command, home.logs / "mail-sink.log", ready, folder=ROOT)


def _service(name: str, home: Home, ports: Ports) -> Program:
    async def ready() -> None:
        await get(f"{scheme()}://{HOST}:{ports.http(name)}/readyz", tls())

    command = (sys.executable, "-m", f"services.{name}")
    env = service_env(name, home, ports)
    clear = partial(give_up_what_was_begun, ports.store(name))
    return Program(name, command, home.logs / f"{name}.log", ready, env=env, folder=ROOT, clear=clear)


def service_env(name: str, home: Home, ports: Ports) -> dict[str, str]:
    """The settings of one service; what a person has set in the environment for it holds before ours."""
    own = {
        "STORE_URI": store_uri(ports.store(name)),
        "STORE_NAME": name,
        "NATS_URL": f"nats://{HOST}:{ports.nats}",
        "GRPC_ADDRESS": f"{HOST}:{ports.grpc(name)}",
        "HTTP_ADDRESS": f"{HOST}:{ports.http(name)}",
        "PUBLIC_URL": f"{scheme()}://{HOST}:{ports.http(name)}",
        "JWKS": str(home.jwks),
        "TOKEN_FILE": str(home.token(name)),
        "PERSON_KEY_FILE": str(home.person_key),
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(ports.smtp),
        "SMTP_TLS": "none",
        "MAIL_FROM": "kiezwerk@lichtenberg.example",
    }
    own |= {f"{other.upper()}_ADDRESS": f"{HOST}:{ports.grpc(other)}" for other in SERVICES if other != name}
    shared = {
        "KIEZ_INSTALLATION": "local",
        "KIEZ_ISSUER": ISSUER,
        "KIEZ_MOVABLE_CLOCK": "1",
        "KIEZ_LOG_FORMAT": "text",
        # Ctrl-C is to be over within three seconds; what is under way is safe in the store.
        "KIEZ_DRAIN_SECONDS": "0.4",
    }
    ours = {f"{name.upper()}_{key}": value for key, value in own.items()} | shared
    return {key: value for key, value in ours.items() if key not in os.environ}
