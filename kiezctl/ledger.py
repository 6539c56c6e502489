"""`kiezctl ledger verify`: recomputes all money from the postings alone."""

import asyncio
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict

from kiezctl.answer import AsJson, console, print_json, table
from kiezctl.calls import as_operator, channel, running
from kiezctl.sentences import euros
from kiezwerk.funds.v1 import ledger_pb2, ledger_pb2_grpc

VERIFY_SECONDS = 300.0

app = typer.Typer(help="The ledger of funds.", no_args_is_help=True)


@app.callback()
def ledger() -> None:
    """The ledger of funds."""


@app.command("verify")
def verify(
    region: Annotated[str, typer.Option(help="A region key; without it the whole city.")] = "",
    as_json: AsJson = False,
) -> None:
    """Recompute every budget and title from its postings. Exit code 1 when anything differs."""
    found = asyncio.run(_verify(region))
    if as_json:
        print_json(found)
    elif found["correct"]:
        console().print(
            f"The ledger is right: {found['budgets']} budgets and {found['titles']} titles recomputed"
            f" from {found['postings']} postings."
        )
    else:
        shown = table("of", "what differs", "kept", "computed")
        for one in found["differences"]:
            shown.add_row(one["of_id"], one["what"], euros(int(one["kept"])), euros(int(one["computed"])))
        console().print(shown)
    if not found["correct"]:
        raise typer.Exit(1)


async def _verify(region: str) -> dict[str, Any]:
    async with channel(running(), "funds") as opened:
        stub = ledger_pb2_grpc.LedgerServiceStub(opened)
        request = ledger_pb2.VerifyLedgerRequest(region=region)
        answer = await stub.VerifyLedger(request, metadata=as_operator(), timeout=VERIFY_SECONDS)
        return MessageToDict(answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
