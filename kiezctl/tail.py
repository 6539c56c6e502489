"""`kiezctl tail`: the messages, as they pass or from the first."""

import asyncio
import json
from contextlib import suppress
from typing import Annotated

import typer

import lor
from kiezctl.answer import AsJson, console
from kiezctl.calls import running
from kiezctl.ports import SERVICES
from kiezctl.said import Said, said, streams_of, subjects
from kiezctl.sentences import show
from kiezctl.trouble import Trouble


def tail(
    subject: Annotated[
        str, typer.Option(help="A NATS subject filter, for example 'kiez.pub.funds.v1.grant_awarded.>'.")
    ] = "",
    region: Annotated[str, typer.Option(help="A region key; also what lies in it: 11, 1140, 114009.")] = "",
    service: Annotated[str, typer.Option(help="Only what this service says.")] = "",
    from_start: Annotated[bool, typer.Option("--from-start", help="Begin with the first message ever.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show messages live until Ctrl-C; with --json one object a line."""
    if service and service not in SERVICES:
        raise Trouble(f"There is no service {service}; they are {', '.join(SERVICES)}.")
    if region and not lor.is_known(region):
        raise Trouble(f"{region} is no region key; Lichtenberg is 11, Neu-Lichtenberg 114009.")
    if subject and (service or region):
        raise Trouble("Give either --subject, or --service and --region.")
    with suppress(KeyboardInterrupt):
        asyncio.run(_tail(subjects(subject, service, region), streams_of(service), from_start, as_json))


async def _tail(wanted: tuple[str, ...], streams: tuple[str, ...], from_start: bool, as_json: bool) -> None:
    shown = console()
    async for message in said(running().nats, wanted, streams=streams, from_start=from_start):
        if as_json:
            print(json.dumps(_as_json(message), ensure_ascii=False), flush=True)
        else:
            show(shown, message)


def _as_json(message: Said) -> dict[str, object]:
    return {
        "subject": message.subject,
        "stored": message.stored.isoformat(),
        "headers": message.headers,
        "body": message.body,
    }
