"""`kiezctl reset`: throws away all data of this copy, so that the next start is a first one."""

import shutil
from typing import Annotated

import typer

from kiezctl.answer import console
from kiezctl.endpoints import named_endpoints
from kiezctl.home import find_home
from kiezctl.run_file import end_leftovers
from kiezctl.trouble import Trouble


def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete stores, messages, mails, keys and tokens of this copy; it must not run."""
    home = find_home()
    if named_endpoints() or any(home.folder.glob("stores/*/root.password")):
        raise Trouble(
            "This is the vault of an installation in containers; `docker compose down --volumes` takes such a one away with all that"
            " it holds."
        )
    if not home.folder.exists():
        console().print("There is nothing to delete.")
        return
    with home.held():
        if not yes:
            typer.confirm(f"Delete everything in {home.folder}?", abort=True)
        end_leftovers(home)
        for path in home.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    console().print(f"{home.folder} is empty; the next start is a first one.")
