"""The mail sink as a process: `python -m kiezctl.mail_sink <folder> <SMTP port> <HTTP port>`."""

import asyncio
import sys
from pathlib import Path

import uvicorn

from kiezctl.mail_sink.mailbox import Mailbox
from kiezctl.mail_sink.page import Pages
from kiezctl.mail_sink.smtp import listen
from kiezctl.ports import HOST


async def run(folder: Path, smtp_port: int, http_port: int) -> None:
    """Take and show mail until the process is told to end."""
    mailbox = Mailbox(folder)
    smtp = await listen(mailbox, HOST, smtp_port)
    config = uvicorn.Config(
        Pages(mailbox).app(), host=HOST, port=http_port, log_level="warning", timeout_graceful_shutdown=1
    )
    async with smtp:
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
