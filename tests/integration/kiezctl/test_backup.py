"""A backup is whole or none, and so is what is put back."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from bson import encode
from bson.raw_bson import RawBSONDocument

from kiezctl.backup import Stores, keep_vault, opened, put_vault_back, release_stores, restore_stores, take_stores
from kiezctl.embedded import store_server
from kiezctl.home import Home
from kiezctl.manifest import Manifest, read_manifest, write_manifest
from kiezctl.ports import SERVICES
from kiezctl.provision.store import MARK
from kiezctl.trouble import Trouble


@pytest_asyncio.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    async with store_server(tmp_path / "one") as server:
        with opened(dict.fromkeys(SERVICES, server.uri)) as databases:
            yield databases


def row(**fields: Any) -> RawBSONDocument:
    return RawBSONDocument(encode(fields))


def filled(stores: Stores) -> None:
    for name in SERVICES:
        database = stores[name]
        database["outbox"].insert_one(row(_id="said", published_at=1, data="ü" * 1_000))
        database["things"].insert_many([row(_id=number, cents=number) for number in range(1_200)])
        database["empty"].insert_one(row(_id=1))
        database["empty"].delete_one({"_id": 1})


def held(stores: Stores) -> dict[str, list[bytes]]:
    return {
        f"{name}/{collection}": sorted(bytes(document.raw) for document in stores[name][collection].find())
        for name in SERVICES
        for collection in stores[name].list_collection_names()
        if stores[name][collection].find_one() is not None
    }


def taken(stores: Stores, folder: Path) -> Manifest:
    """A backup that is whole but for the vault."""
    manifest = take_stores(stores, folder)
    write_manifest(folder, manifest)
    return manifest


def test_what_is_put_back_is_what_was_there(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    before = held(stores)
    manifest = taken(stores, tmp_path / "backup")
    assert manifest.counts["funds/things"] == 1_200
    for name in SERVICES:
        stores[name]["things"].delete_many({})
        stores[name]["later"].insert_one(row(_id="later"))
    assert restore_stores(stores, tmp_path / "backup", replace=True) == 4 * 1_201
    assert all(stores[name][MARK].find_one() for name in SERVICES), (
        "a service would start beside streams that are newer"
    )
    release_stores(stores)
    assert held(stores) == before


def test_a_restore_that_did_not_come_to_its_end_may_be_done_again(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    before = held(stores)
    taken(stores, tmp_path / "backup")
    for name in SERVICES:
        stores[name][MARK].insert_one(row(_id=1))
    restore_stores(stores, tmp_path / "backup", replace=False)
    release_stores(stores)
    assert held(stores) == before


def test_a_backup_may_be_read_by_its_owner_alone(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    taken(stores, tmp_path / "backup")
    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "backup").rglob("*")}
    assert modes == {0}


def test_with_a_fact_unsaid_nothing_is_taken(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    stores["events"]["outbox"].insert_one(row(_id="waits", published_at=None))
    with pytest.raises(Trouble, match="1 facts of events are not published yet"):
        take_stores(stores, tmp_path / "backup")
    assert not (tmp_path / "backup" / "manifest.json").exists()


def test_stores_that_hold_something_are_not_touched(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    taken(stores, tmp_path / "backup")
    before = held(stores)
    with pytest.raises(Trouble, match="--replace"):
        restore_stores(stores, tmp_path / "backup", replace=False)
    assert held(stores) == before


@pytest.mark.parametrize("harm", ["changed", "missing", "no manifest", "half a manifest", "format"])
def test_a_backup_that_is_not_as_it_was_is_refused_before_anything_is_touched(
    stores: Stores, tmp_path: Path, harm: str
) -> None:
    filled(stores)
    folder = tmp_path / "backup"
    taken(stores, folder)
    before = held(stores)
    manifest, file = folder / "manifest.json", folder / "funds" / "things.bson"
    content = json.loads(manifest.read_text())
    if harm == "changed":
        file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    elif harm == "missing":
        file.unlink()
    elif harm == "no manifest":
        manifest.unlink()
    elif harm == "half a manifest":
        manifest.write_text(manifest.read_text()[:100])
    else:
        manifest.write_text(json.dumps(content | {"format": 99}))
    with pytest.raises(Trouble):
        restore_stores(stores, folder, replace=True)
    assert held(stores) == before


def test_what_cannot_be_loaded_whole_leaves_no_half(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    folder = tmp_path / "backup"
    taken(stores, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["counts"]["notify/things"] = 1_300
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(Trouble, match="Nothing is restored"):
        restore_stores(stores, folder, replace=True)
    assert set(held(stores)) == {f"{name}/{MARK}" for name in SERVICES}


def a_home(folder: Path, key: str) -> Home:
    home = Home(folder)
    home.create()
    home.person_key.write_text(key)
    return home


def test_a_vault_comes_back_where_there_is_none_and_stays_where_it_is(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    home, folder = a_home(tmp_path / "home", "key"), tmp_path / "backup"
    keep_vault(home.folder, folder, take_stores(stores, folder))
    assert not put_vault_back(home, folder)
    empty = Home(tmp_path / "empty")
    empty.folder.mkdir()
    assert put_vault_back(empty, folder)
    assert empty.person_key.read_text() == "key"


def test_a_vault_of_another_installation_is_not_touched_and_nothing_is_restored_on_it(
    stores: Stores, tmp_path: Path
) -> None:
    filled(stores)
    folder = tmp_path / "backup"
    keep_vault(a_home(tmp_path / "home", "key").folder, folder, take_stores(stores, folder))
    other = a_home(tmp_path / "other", "another key")
    with pytest.raises(Trouble, match="Another installation"):
        put_vault_back(other, folder)
    assert other.person_key.read_text() == "another key"


def test_a_backup_that_ended_before_its_vault_is_none(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    take_stores(stores, tmp_path / "ended")
    taken(stores, tmp_path / "without")
    for folder in (tmp_path / "ended", tmp_path / "without"):
        (folder / "vault.tar").write_bytes(b"half")
        with pytest.raises(Trouble, match="no whole backup"):
            put_vault_back(Home(tmp_path / "new"), folder)
    assert not (tmp_path / "new").exists()


def test_a_vault_that_was_put_back_by_half_is_put_back_whole(stores: Stores, tmp_path: Path) -> None:
    filled(stores)
    home, folder = a_home(tmp_path / "home", "key"), tmp_path / "backup"
    (home.folder / "ca.key").write_text("ca")
    keep_vault(home.folder, folder, take_stores(stores, folder))
    half = Home(tmp_path / "half")
    (half.folder / ".restoring" / "secrets").mkdir(parents=True)
    (half.folder / "secrets").mkdir()
    (half.folder / "ca.key").write_text("half")
    assert put_vault_back(half, folder)
    found = {str(path.relative_to(half.folder)): path.read_text() for path in half.folder.rglob("*") if path.is_file()}
    assert found == {"ca.key": "ca", "secrets/person.key": "key"}


def test_a_backup_says_by_which_version_it_was_taken(
    stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIEZ_VERSION", "1.2.3")
    taken(stores, tmp_path / "backup")
    assert read_manifest(tmp_path / "backup").version == "1.2.3"
