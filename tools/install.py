"""Installs what is pinned into .venv, once, though several makes may ask for it at the same moment.

Run by any Python with nothing but the standard library: `python3 tools/install.py`, in the checkout's folder.
"""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

VENV, LOCK, PLACE = Path(".venv"), Path(".venv.lock"), Path(".venv/place")
SOURCES = (Path("requirements/dev.txt"), Path("pyproject.toml"))
PIP = (".venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def is_done() -> bool:
    """Whether .venv was made in this folder, from what is pinned now."""
    try:
        made, here = PLACE.stat().st_mtime, PLACE.read_text().rstrip("\n") == str(Path.cwd())
    except OSError:
        return False
    return here and all(made >= source.stat().st_mtime for source in SOURCES)


def install() -> None:
    """Make .venv; the mark that it is whole is written last."""
    print("Installing the pinned packages into .venv (once; about a minute) …", flush=True)
    moved = PLACE.exists() and PLACE.read_text().rstrip("\n") != str(Path.cwd())
    PLACE.unlink(missing_ok=True)
    if moved:
        # Scripts in .venv name the folder that it was made in.
        shutil.rmtree(VENV)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    subprocess.run([*PIP, "--require-hashes", "-r", "requirements/dev.txt"], check=True)
    subprocess.run([*PIP, "--no-deps", "--no-build-isolation", "-e", "."], check=True)
    PLACE.write_text(f"{Path.cwd()}\n")


def main() -> int:
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is installing the packages; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_done():
            return 0
        try:
            install()
        except subprocess.CalledProcessError:
            print(
                "The packages could not be installed: the lines above say why. The next make tries again.",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
