"""Refuses files and folders whose name says nothing of what they hold: `python -m tools.names`."""

import sys
from pathlib import Path

DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
ROOTS = ("chassis", "kiezctl", "lor", "services", "tests", "tools", "bench", "proto")


def drawers(root: Path) -> list[Path]:
    """The files and folders below our own roots that are named after a drawer."""
    found = (path for name in ROOTS for path in (root / name).rglob("*"))
    return sorted(path.relative_to(root) for path in found if path.stem.strip("_").lower() in DRAWERS)


def main() -> int:
    """Name each of them; 1 when there is one."""
    found = drawers(Path.cwd())
    for path in found:
        print(f"{path}: name it after what it holds.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
