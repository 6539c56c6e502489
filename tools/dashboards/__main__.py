"""Writes what `boards` describe as the JSON that Grafana is provisioned with, or compares it."""

import sys
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from tools.dashboards.boards import boards

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "dashboards"


def main(arguments: list[str]) -> int:
    wanted = {
        f"{board.uid}.json": JSONEncoder(sort_keys=True, indent=1).encode(board.build().build()) + "\n"
        for board in boards()
    }
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    if arguments == ["--check"]:
        if found != wanted:
            print(f"{FOLDER.name}: is not what tools/dashboards describes; run `make docs`.", file=sys.stderr)
        return int(found != wanted)
    FOLDER.mkdir(exist_ok=True)
    for name in found.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} dashboards {'changed' if found != wanted else 'are up to date'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
