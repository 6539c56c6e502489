"""The operator's command: it runs the whole system on one machine, and looks after one that runs."""

import sys

# Before anything else is imported: on an older Python the first import would fail in words that help nobody.
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"This is Python {sys.version.split()[0]}; Kiezwerk needs 3.11, 3.12 or 3.13.")
