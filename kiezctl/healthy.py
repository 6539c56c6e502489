"""`python -m kiezctl.healthy`: exit code 0 when the service of this container takes calls; asked every few seconds, so it imports little."""

import os
import ssl
import sys
from urllib.error import URLError
from urllib.request import urlopen

SECONDS = 3.0
PORT = 7200


def main() -> int:
    ca = os.environ.get("KIEZ_TLS_CA")
    scheme, context = ("https", ssl.create_default_context(cafile=ca)) if ca else ("http", None)
    try:
        with urlopen(f"{scheme}://localhost:{PORT}/readyz", timeout=SECONDS, context=context):  # noqa: S310 - its own
            return 0
    except (URLError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
