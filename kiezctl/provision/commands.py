"""`kiezctl provision`: run by the containers of `docker-compose.yml`, not by people."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from kiezctl.answer import console
from kiezctl.calls import running
from kiezctl.provision.accounts import reload_nats
from kiezctl.provision.gauges import Gauges
from kiezctl.provision.nats_users import SYSTEM
from kiezctl.provision.renewal import renew
from kiezctl.provision.store import prepare_store
from kiezctl.provision.vault import Vault
from kiezctl.trouble import Trouble

FOLDER, HANDED_OUT = Path("/vault"), Path("/secrets")
DAY_SECONDS = 86_400.0

app = typer.Typer(help="Provide an installation in containers with what it needs.", no_args_is_help=True)

Folder = Annotated[Path, typer.Option(envvar="KIEZ_HOME", help="The operator's own folder.")]
HandedOut = Annotated[Path, typer.Option(help="Where each part has a folder.")]
Hosts = Annotated[
    str, typer.Option(envvar="KIEZ_HOSTS", help="Further names and addresses to be called by, with commas.")
]


@app.command("secrets")
def provide_secrets(vault: Folder = FOLDER, handed_out: HandedOut = HANDED_OUT, hosts: Hosts = "") -> None:
    """Make the keys, passwords, logins and certificates that are missing, and hand each part its own."""
    Vault(vault, handed_out).fill(names_of(hosts))
    console().print("Every part has its secrets.")


@app.command("keep")
def keep(vault: Folder = FOLDER, handed_out: HandedOut = HANDED_OUT, hosts: Hosts = "") -> None:
    """The same at once and each day, for as long as it runs: what ends soon is renewed. Shows the machine's figures to Prometheus."""
    kept = Vault(vault, handed_out)
    gauges = Gauges(kept)
    while True:
        if renewed(kept, names_of(hosts)):
            tell_nats(kept)
        gauges.renew()
        time.sleep(DAY_SECONDS)


def renewed(vault: Vault, hosts: tuple[str, ...]) -> bool:
    """Fill the vault; whether NATS has something new to read."""
    before = vault.of_nats()
    vault.fill(hosts)
    return vault.of_nats() != before


def tell_nats(vault: Vault) -> None:
    try:
        servers = asyncio.run(reload_nats(running().nats, vault.logins / f"{SYSTEM}.nk"))
    except Trouble as trouble:
        console().print(str(trouble), soft_wrap=True)
    else:
        console().print(f"{servers} servers of NATS show their new certificate.")


@app.command("reload")
def reload(vault: Folder = FOLDER, handed_out: HandedOut = HANDED_OUT) -> None:
    """Have NATS read anew who may log in, and the certificate that it shows."""
    system = Vault(vault, handed_out).logins / f"{SYSTEM}.nk"
    servers = asyncio.run(reload_nats(running().nats, system))
    console().print(f"{servers} servers of NATS have read their accounts and certificates.")


@app.command("renew")
def renew_secrets(kinds: list[str], vault: Folder = FOLDER, handed_out: HandedOut = HANDED_OUT) -> None:
    """Void secrets that somebody may have seen; deploy/renew runs it."""
    out = console()
    renew(Vault(vault, handed_out), tuple(kinds), lambda sentence: out.print(sentence, soft_wrap=True))


@app.command("store")
def store(
    service: str,
    host: Annotated[str, typer.Option(help="host:port of the store.")] = "",
    secrets: Annotated[Path, typer.Option(help="The folder of the store's secrets.")] = Path("/run/store"),
) -> None:
    """Make a service's store a replica set, with the one user that the service logs in as."""
    out = console()
    prepare_store(
        service, host or f"store-{service}:27017", secrets, lambda sentence: out.print(sentence, soft_wrap=True)
    )


def names_of(hosts: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in hosts.split(",") if name.strip())
