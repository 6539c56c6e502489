"""Writes gen/ from proto/, or checks that it is what proto/ gives: `python -m tools.stubs [--check]`."""

import shutil
import sys
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from grpc_tools import protoc

PROTO, GEN, PACKAGE = Path("proto"), Path("gen"), "kiezwerk"
_INIT = '"""Stubs of the gRPC contract: `make proto` writes all that lies below from proto/."""\n'


def generate(into: Path) -> None:
    """Write the stubs of every proto below `into`; the plugins are those of this Python."""
    scripts = Path(sys.executable).parent
    arguments = [
        "protoc",
        f"-I{PROTO}",
        f"-I{files('grpc_tools') / '_proto'}",
        *(f"--plugin={name}={scripts / name}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")),
        f"--python_out={into}",
        f"--grpc_python_out={into}",
        f"--mypy_out=quiet:{into}",
        f"--mypy_grpc_out=quiet:{into}",
        *sorted(str(path) for path in PROTO.rglob("*.proto")),
    ]
    if protoc.main(arguments):
        sys.exit("The stubs could not be generated: the lines above say why.")
    (into / PACKAGE / "__init__.py").write_text(_INIT, encoding="utf-8")


def contents(root: Path) -> dict[str, bytes]:
    """Every file below the package, by its path; what Python compiled beside them does not count."""
    found = (path for path in (root / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def drift(wanted: dict[str, bytes], have: dict[str, bytes]) -> list[str]:
    """What is missing, stale or different, one path each."""
    return sorted(path for path in wanted.keys() | have.keys() if wanted.get(path) != have.get(path))


def main(arguments: list[str]) -> int:
    """Replace gen/, or with --check only name each file in which it differs."""
    with TemporaryDirectory() as folder:
        generate(Path(folder))
        differs = drift(contents(Path(folder)), contents(GEN))
        if arguments == ["--check"]:
            for path in differs:
                print(f"{GEN / path}: is not what proto/ gives; run `make proto`.", file=sys.stderr)
            return 1 if differs else 0
        for path in differs:
            (GEN / path).unlink(missing_ok=True)
        shutil.copytree(Path(folder) / PACKAGE, GEN / PACKAGE, dirs_exist_ok=True)
        print(f"{len(differs)} files changed in {GEN}/.")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
