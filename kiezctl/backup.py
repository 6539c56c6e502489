"""`kiezctl backup`: all four stores and the vault in one cut, and back again whole or not at all; deploy/backup and deploy/restore run it."""

import asyncio
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import nats
import typer
from bson import decode_file_iter, encode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from pymongo import MongoClient
from pymongo.database import Database

from kiezctl.answer import console
from kiezctl.calls import running
from kiezctl.home import Home, find_home
from kiezctl.manifest import Manifest, read_manifest, sha256, write_manifest
from kiezctl.ports import SERVICES
from kiezctl.provision.gauges import TAKEN
from kiezctl.provision.store import MARK, await_store, root_uri
from kiezctl.trouble import Trouble
from kiezctl.wire import nats_options

AT_ONCE = 500
VAULT = "vault.tar"
# Every two seconds.
CONNECT_TIMES = 15
_MARKED = encode({"_id": 1})
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)

app = typer.Typer(help="Back up all stores in one cut, and restore them.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="The folder of one backup.")]
Stores = dict[str, "Database[RawBSONDocument]"]


@contextmanager
def opened(uris: Mapping[str, str]) -> Iterator[Stores]:
    """The databases at `uris`, both by service."""
    with ExitStack() as clients:
        databases: Stores = {}
        for name, uri in uris.items():
            client: MongoClient[RawBSONDocument] = MongoClient(
                uri, document_class=RawBSONDocument, serverSelectionTimeoutMS=10_000
            )
            databases[name] = clients.enter_context(client)[name]
        yield databases


@app.command("take")
def take(folder: Folder) -> None:
    """Copy all stores and the vault; the services must have ended, with nothing left to say."""
    home = find_home().folder
    with opened(_root_uris(home)) as stores:
        manifest = take_stores(stores, folder)
    keep_vault(home, folder, manifest)
    (home / TAKEN).touch()
    console().print(
        f"{sum(manifest.counts.values()):,} records of four stores, and the vault, lie in {folder}.", soft_wrap=True
    )


@app.command("vault")
def restore_vault(folder: Folder) -> None:
    """Put the vault back where there is none: before anything else is started. One of this installation stays."""
    put_back = put_vault_back(find_home(), folder)
    console().print("The vault is back." if put_back else "This installation's vault is here; it stays.")


@app.command("restore")
def restore(
    folder: Folder,
    replace: Annotated[bool, typer.Option("--replace", help="Drop what the stores hold now.")] = False,
) -> None:
    """Put all stores back, or none of them; the services must have ended. Streams are made anew from the outboxes."""
    home = find_home().folder
    for name in SERVICES:
        await_store(_host(name), home / "stores" / name)
    with opened(_root_uris(home)) as stores:
        counted = restore_stores(stores, folder, replace=replace)
        asyncio.run(_delete_streams(running().nats))
        release_stores(stores)
    console().print(f"{counted:,} records are back; the services say their facts anew into new streams.")


def keep_vault(home: Path, folder: Path, manifest: Manifest) -> None:
    vault = folder / VAULT
    with tarfile.open(vault, "w") as archive:
        archive.add(home, arcname=".")
    vault.chmod(0o600)
    manifest.files[VAULT] = sha256(vault)
    write_manifest(folder, manifest)


def put_vault_back(home: Home, folder: Path) -> bool:
    """Whether there was none; raises Trouble where that of another installation lies: no pseudonym of the backup would be known."""
    if VAULT not in read_manifest(folder).files:
        raise Trouble(f"{folder} is no whole backup: it ended before the vault was in it.")
    with tarfile.open(folder / VAULT) as archive:
        if home.person_key.exists():
            kept = archive.extractfile(f"./{home.person_key.relative_to(home.folder)}")
            if kept is None or kept.read() != home.person_key.read_bytes():
                raise Trouble(
                    "Another installation lives here, with keys of its own. `docker compose down --volumes` takes it away with"
                    " all that it holds; then restore again."
                )
            return False
        draft = home.folder / ".restoring"
        shutil.rmtree(draft, ignore_errors=True)
        archive.extractall(draft, filter="tar")
    # By the person key, which comes last, a vault is known to be there.
    for path in sorted(draft.iterdir(), key=lambda path: path == draft / home.secrets.name):
        target = home.folder / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.rename(target)
    draft.rmdir()
    return True


def take_stores(stores: Stores, folder: Path) -> Manifest:
    """What is to be written when the vault is there, too. Raises Trouble when a fact still waits, or the folder is in use."""
    if folder.exists() and any(folder.iterdir()):
        raise Trouble(f"{folder} is not empty: each backup has a folder of its own.")
    for name, database in stores.items():
        waiting = database["outbox"].count_documents({"published_at": None})
        if waiting:
            raise Trouble(
                f"{waiting} facts of {name} are not published yet: start it, wait until its outbox is empty, try again."
            )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), version=os.environ.get("KIEZ_VERSION", ""))
    for name, database in stores.items():
        (folder / name).mkdir(mode=0o700)
        for collection in sorted(database.list_collection_names()):
            path = folder / name / f"{collection}.bson"
            manifest.counts[f"{name}/{collection}"] = _dump(database, collection, path)
            manifest.files[f"{name}/{path.name}"] = sha256(path)
    return manifest


def _dump(database: "Database[RawBSONDocument]", collection: str, path: Path) -> int:
    count = 0
    with path.open("wb") as file:
        path.chmod(0o600)
        for document in database[collection].find():
            file.write(bytes(document.raw))
            count += 1
    return count


def restore_stores(stores: Stores, folder: Path, *, replace: bool) -> int:
    """How many records are back; raises Trouble, with every store empty or as it was, when that cannot be done whole.

    No service starts on the stores until they are released. One whose restore did not come to its end may be restored again.
    """
    manifest = read_manifest(folder)
    for name, database in stores.items():
        half = database[MARK].find_one() is not None
        if (
            not replace
            and not half
            and any(database[c].find_one() is not None for c in database.list_collection_names() if c != MARK)
        ):
            raise Trouble(f"The store of {name} is not empty; --replace drops what it holds.")
    for database in stores.values():
        database[MARK].replace_one({"_id": 1}, RawBSONDocument(_MARKED), upsert=True)
    try:
        for name, database in stores.items():
            _load(database, folder / name, {key: n for key, n in manifest.counts.items() if key.startswith(f"{name}/")})
    except Exception as error:
        for database in stores.values():
            _empty(database)
        raise Trouble(f"Nothing is restored, and the stores are empty: {error}") from error
    return sum(manifest.counts.values())


def release_stores(stores: Stores) -> None:
    """Let the services start on them: to be done last of all, when no stream is there any more that may be newer."""
    for database in stores.values():
        database[MARK].drop()


def _load(database: "Database[RawBSONDocument]", folder: Path, counts: dict[str, int]) -> None:
    _empty(database)
    for key, wanted in counts.items():
        collection = database[key.partition("/")[2]]
        if not wanted:
            continue
        for batch in _batches(folder / f"{collection.name}.bson"):
            collection.insert_many(batch)
        found = collection.count_documents({})
        if found != wanted:
            raise Trouble(f"{key} has {found} records in place of {wanted}")


def _empty(database: "Database[RawBSONDocument]") -> None:
    for name in database.list_collection_names():
        if name != MARK:
            database[name].drop()


def _batches(path: Path) -> Iterator[list[RawBSONDocument]]:
    with path.open("rb") as file:
        batch: list[RawBSONDocument] = []
        for document in decode_file_iter(file, RAW):
            batch.append(document)
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch


def _root_uris(vault: Path) -> dict[str, str]:
    return {name: root_uri(_host(name), vault / "stores" / name) for name in SERVICES}


def _host(name: str) -> str:
    return f"store-{name}:27017"


async def _delete_streams(url: str) -> None:
    """What the old streams hold may be newer than what is restored. Raises Trouble when NATS does not do it."""
    try:
        client = await nats.connect(**nats_options(url) | {"max_reconnect_attempts": CONNECT_TIMES})
        try:
            for name in SERVICES:
                with suppress(NotFoundError):
                    await client.jetstream().delete_stream(name.upper())
        finally:
            await client.close()
    except (NatsError, OSError, TimeoutError) as error:
        raise Trouble(
            "The stores are back, but NATS does not delete its old streams, so that no service starts on them; see that it runs"
            f" and restore again. ({type(error).__name__})"
        ) from error
