"""What a backup says of itself: its files with their SHA-256, and how many records it holds."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kiezctl.trouble import Trouble

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: `files` by path, each with its SHA-256; `counts` by "service/collection". Written last.

    `version` is that of the Kiezwerk that took it; empty where nobody has said.
    """

    created: str
    files: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT
    version: str = ""


def read_manifest(folder: Path) -> Manifest:
    """When all that it names is there and unchanged; raises Trouble else."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise Trouble(f"{folder} is no whole backup: it has no manifest that can be read.") from None
    if manifest.format != FORMAT:
        raise Trouble(f"{folder} was made by another version of Kiezwerk (format {manifest.format}).")
    for name, wanted in manifest.files.items():
        path = folder / name
        if not path.is_file() or sha256(path) != wanted:
            raise Trouble(f"{path} is missing or not as it was when the backup was taken; nothing is restored.")
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Into its folder, for the owner's eyes alone."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    path.chmod(0o600)


def sha256(path: Path) -> str:
    """In hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
