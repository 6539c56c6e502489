"""Probes: does something on this machine answer yet?"""

import asyncio
import ssl
from urllib.parse import urlsplit

from kiezctl.ports import HOST


async def connect(port: int) -> None:
    """Open and close a connection; raises OSError while nobody listens."""
    _, writer = await asyncio.open_connection(HOST, port)
    writer.close()
    await writer.wait_closed()


async def get(url: str, tls: ssl.SSLContext | None = None) -> str:
    """The body of a small page of http:// or https://, over TLS with a context for it.

    Raises OSError while nobody listens, ValueError when the answer is not 200.
    """
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    context = tls if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=context)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {parts.hostname}\r\n\r\n".encode())
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    finally:
        writer.close()
    status = head.partition("\r\n")[0]
    if " 200 " not in status:
        raise ValueError(f"{path} answered {status or 'nothing'}")
    return body
