"""Freezes what this version promises to readers and callers: `python -m tools.catalogue.release`, once, when it is released."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tools.catalogue.said import Message, all_said
from tools.catalogue.samples import sample_of

RELEASED = Path("tests/contract/released")
# `make lint` holds the protos against it: `buf breaking`.
PROTOS, CONTRACT = Path("proto"), Path("proto/released.binpb")


def promise(message: Message) -> dict[str, Any]:
    """What the readers of one message were told, and one as they were sent it."""
    return {"audiences": list(message.audiences), "schema": message.schema, "sample": sample_of(message.schema)}


def main() -> int:
    """Write each message's promise; 1 when this version was released before, for a promise is never rewritten."""
    version = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    folder = RELEASED / f"v{version}"
    if folder.exists():
        print(f"{folder} is there already: raise the version in pyproject.toml first.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True)
    for message in all_said():
        text = json.dumps(promise(message), indent=1, ensure_ascii=False) + "\n"
        (folder / f"{message.type}.json").write_text(text, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("buf")), "build", str(PROTOS), "--output", str(CONTRACT)]
    subprocess.run([*command, "--exclude-source-info"], check=True)
    print(f"{folder} and {CONTRACT} hold the promises of {version}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
