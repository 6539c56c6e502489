"""Writes docs/messages/ from the code, or checks that it is what the code gives: `python -m tools.catalogue [--check]`."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from tools.catalogue import asyncapi, pages
from tools.catalogue.said import all_said

ROOT = Path("docs/messages")


def generated() -> dict[Path, str]:
    """Every generated file by its path below docs/messages/."""
    messages = all_said()
    version = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    files = {
        Path("README.md"): pages.first_page(messages),
        Path("asyncapi.json"): _json(asyncapi.document(messages, version)),
    }
    for service in dict.fromkeys(message.service for message in messages):
        files[Path(f"{service}.md")] = pages.page_of(service, tuple(m for m in messages if m.service == service))
    return files | {Path("schemas") / f"{message.type}.json": _json(message.schema) for message in messages}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Replace the pages, or with --check only name each one that differs."""
    wanted = generated()
    there = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.*")}
    differs = sorted(path for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))
    if arguments == ["--check"]:
        for path in differs:
            print(f"{ROOT / path}: is not what the code gives; run `make docs`.", file=sys.stderr)
        return 1 if differs else 0
    for path in differs:
        if path not in wanted:
            (ROOT / path).unlink()
            continue
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(wanted[path], encoding="utf-8")
    print(f"{len(differs)} files changed in {ROOT}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
