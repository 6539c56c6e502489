"""`kiezctl token`: a token of the local issuer, for trying out."""

import re
from datetime import timedelta
from typing import Annotated

import typer

import lor
from kiezctl.home import find_home
from kiezctl.issuer import ROLES, Grant, open_issuer
from kiezctl.trouble import Trouble

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def token(
    role: Annotated[list[str], typer.Option(help=f"Repeat for several: {', '.join(ROLES)}.")],
    region: Annotated[
        list[str] | None, typer.Option(help="Bound to this region key and below; repeat for several.")
    ] = None,
    actor: Annotated[list[str] | None, typer.Option(help="Bound to this actor's id; repeat for several.")] = None,
    sub: Annotated[str, typer.Option(help="Who it stands for.")] = "someone@kiezwerk.example",
    ttl: Annotated[str, typer.Option(help="How long it holds: 30m, 8h, 2d.")] = "8h",
) -> None:
    """Print a token, and nothing else: `TOKEN=$(kiezctl token --role fund_office --region 11)`."""
    for name in role:
        if name not in ROLES:
            raise Trouble(f"There is no role {name}; they are {', '.join(ROLES)}.")
    for key in region or ():
        if not lor.is_known(key):
            raise Trouble(f"{key} is no region key; Lichtenberg is 11, Neu-Lichtenberg 114009.")
    span = _span(ttl)
    grants = (Grant(name, tuple(region or ()), tuple(actor or ())) for name in role)
    print(open_issuer(find_home()).token(sub, *grants, ttl=span))


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9]\d{0,4})([mhd])", text)
    if not found:
        raise Trouble(f"{text} is no span; write it like 30m, 8h or 2d.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})
