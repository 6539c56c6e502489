"""`kiezctl reader`: other city systems that read the public messages, each with a login and durables of its own."""

import asyncio
import re
from contextlib import suppress
from typing import Annotated

import nats
import typer
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

import lor
from kiezctl.answer import console
from kiezctl.calls import running
from kiezctl.home import find_home
from kiezctl.ports import SERVICES
from kiezctl.provision.accounts import reload_nats
from kiezctl.provision.commands import HANDED_OUT, Hosts, names_of
from kiezctl.provision.nats_users import SYSTEM, durable, reader
from kiezctl.provision.vault import Vault
from kiezctl.trouble import Trouble
from kiezctl.wire import nats_options

# So many a reader may have in hand at once; whoever wants strict order takes one at a time.
IN_HAND = 256
ACK_SECONDS = 30.0
# Digits of a planning area, which nothing lies below.
FINEST = 8

app = typer.Typer(help="Let other city systems read the public messages.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Letters, digits and hyphens: library, open-data.")],
    region: Annotated[
        str,
        typer.Option(
            help="This region key and below; 00 is the whole city. Left out it stays what it is, at first 00."
        ),
    ] = "",
    hosts: Hosts = "",
) -> None:
    """Make a login and a durable in each stream, or give those that are there another region."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
        raise Trouble(f"{name} is no name for a reader: letters, digits and hyphens, 40 at most.")
    if region and not lor.is_known(region):
        raise Trouble(f"{region} is no region key; Lichtenberg is 11.")
    vault = _vault()
    region = region or vault.region_of(name)
    vault.add_reader(name, names_of(hosts), region)
    asyncio.run(_add(name, region))
    out = console()
    out.print(f"{name} reads {_place(region)}: log in with this NKey, and inbox prefix _INBOX_{reader(name)}:")
    out.print(str(vault.readers / f"{name}.nk"), soft_wrap=True)
    out.print(
        "Durables: " + ", ".join(f"{service.upper()} {durable(reader(name), service)}" for service in SERVICES),
        soft_wrap=True,
    )


@app.command("remove")
def remove(name: str, hosts: Hosts = "") -> None:
    """Take a reader's login and durables away."""
    vault = _vault()
    known = (vault.readers / f"{name}.nk").exists()
    vault.remove_reader(name, names_of(hosts))
    # Also for one whose login is gone already: an earlier removal may not have come to its end.
    if not asyncio.run(_remove(name)) and not known:
        raise Trouble(f"There is no reader {name}.")
    console().print(f"{name} is let in no longer.")


@app.command("list")
def show() -> None:
    """All readers, and what each of them reads."""
    vault = _vault()
    for path in sorted(vault.readers.glob("*.nk")):
        console().print(f"{path.stem}: {_place(vault.region_of(path.stem))}", soft_wrap=True)


def _place(region: str) -> str:
    return "the whole city" if region == lor.CITY else f"{region} {lor.name(region)}"


def _vault() -> Vault:
    vault = Vault(find_home().folder, HANDED_OUT)
    if not vault.readers.is_dir():
        raise Trouble(
            "Readers are kept where `docker compose` runs Kiezwerk: docker compose exec operator kiezctl reader …"
        )
    return vault


async def _add(name: str, region: str) -> None:
    wanted = {service: readable(service, region) for service in SERVICES}
    client = await nats.connect(**nats_options(running().nats))
    try:
        for service in SERVICES:
            config = ConsumerConfig(
                durable_name=durable(reader(name), service),
                filter_subjects=[wanted[service]],
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_SECONDS,
                max_deliver=-1,
                max_ack_pending=IN_HAND,
            )
            await client.jetstream().add_consumer(service.upper(), config)
    finally:
        await client.close()
    await _reload()


def readable(service: str, region: str) -> str:
    """The subjects of what is public in a region and below."""
    places = [region[:digits] for digits in range(2, len(region) + 1, 2)]
    if region == lor.CITY:
        return f"kiez.pub.{service}.v1.>"
    return ".".join(["kiez.pub", service, "v1.*", *places, *([">"] if len(region) < FINEST else [])])


async def _remove(name: str) -> bool:
    """Whether there was anything of it at NATS; first of all it is let in no longer."""
    await _reload()
    client = await nats.connect(**nats_options(running().nats))
    found = False
    try:
        for service in SERVICES:
            with suppress(NotFoundError):
                found |= await client.jetstream().delete_consumer(service.upper(), durable(reader(name), service))
    finally:
        await client.close()
    return found


async def _reload() -> None:
    await reload_nats(running().nats, _vault().logins / f"{SYSTEM}.nk")
