"""`kiezctl export`: open data and dossiers as files; a file that is there is a whole one."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import httpx
import typer

from kiezctl.answer import console
from kiezctl.calls import SECONDS, as_operator, channel, running
from kiezctl.trouble import Trouble
from kiezctl.wire import tls
from kiezwerk.funds.v1 import dossier_pb2, dossier_pb2_grpc

Region = Annotated[str, typer.Option(help="A region key; 00 for the whole city.")]
Year = Annotated[int, typer.Option(help="The year of the money.")]
Out = Annotated[
    Path | None,
    typer.Option(help="The file to write, - for none but to show it; without it a name that says what is in it, here."),
]
SHOWN = Path("-")

app = typer.Typer(help="Open data and dossiers as files.", no_args_is_help=True)


@app.callback()
def export() -> None:
    """Open data and dossiers as files."""


@app.command("360giving")
def giving360(region: Region, year: Year, out: Out = None) -> None:
    """All grants by the 360Giving standard 1.4, private persons anonymous, every amount proven against the ledger."""
    _fetch(f"/exports/360giving/{region}/{year}.json", out or Path(f"360giving-{region}-{year}.json"))


@app.command("grants-csv")
def grants_csv(region: Region, year: Year, out: Out = None) -> None:
    """Grants to legal persons as a table for German spreadsheets."""
    _fetch(f"/exports/grants/{region}/{year}.csv", out or Path(f"zuwendungen-{region}-{year}.csv"))


@app.command("dossier")
def dossier(
    session_id: Annotated[str, typer.Argument(help="The id of the jury session.")],
    language: Annotated[str, typer.Option(help="Of its headings: de or en.")] = "de",
    out: Out = None,
) -> None:
    """Agenda, applications and balance of a session as one page to read or print; not for the public."""
    found = asyncio.run(_dossier(session_id, language))
    path = out or Path(found.file_name)
    if path == SHOWN:
        sys.stdout.buffer.write(found.content)
        return
    with _opened(path) as file:
        file.write(found.content)
    console().print(f"{path}: {len(found.content):,} bytes", markup=False)


async def _dossier(session_id: str, language: str) -> dossier_pb2.GetDossierResponse:
    async with channel(running(), "funds") as opened:
        stub = dossier_pb2_grpc.DossierServiceStub(opened)
        request = dossier_pb2.GetDossierRequest(session_id=session_id, language=language)
        return await stub.GetDossier(request, metadata=as_operator(), timeout=SECONDS)


def _fetch(path: str, out: Path) -> None:
    """Written beside first: an export that breaks off leaves no file that looks whole."""
    url = f"{running().http('funds')}{path}"
    if out == SHOWN:
        _download(url, sys.stdout.buffer)
        return
    part = out.with_name(f"{out.name}.part")
    try:
        with _opened(part) as file:
            written = _download(url, file)
    except Trouble:
        part.unlink(missing_ok=True)
        raise
    part.replace(out)
    console().print(f"{out}: {written:,} bytes", markup=False)


def _download(url: str, file: BinaryIO) -> int:
    """How many bytes there were; raises Trouble when funds refuses, or the rest does not come."""
    # Between two parts of it funds may read for a while.
    try:
        with httpx.Client(verify=tls() or True, timeout=60) as web, web.stream("GET", url) as answer:
            if answer.status_code != httpx.codes.OK:
                answer.read()
                said = answer.json()
                raise Trouble(f"{said['reason']}: {said['sentence']}")
            return sum(file.write(data) for data in answer.iter_bytes())
    except httpx.HTTPError as error:
        raise Trouble(f"The export broke off ({type(error).__name__}); the log of funds says why.") from None


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise Trouble(
            f"{path} cannot be written ({error.strerror}): --out names another file, and --out - shows the export here."
        ) from None
