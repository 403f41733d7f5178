"""One kept connection to whoever is called back, which can only be somebody on this machine."""

import asyncio
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

OURSELVES = {"127.0.0.1", "localhost", "::1"}
PATIENCE = 15  # seconds, like Twilio


class NoReply(Exception):
    """`reason` is ct (no connection), rt (no answer) or outside (never called)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Reply:
    status: int
    body: bytes


class Line:
    def __init__(self) -> None:
        self._place = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        address = urlsplit(url)
        if address.scheme != "http" or address.hostname not in OURSELVES:
            raise NoReply("outside")
        path = f"{address.path or '/'}?{address.query}".removesuffix("?")
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {address.netloc}",
            "User-Agent: TwilioProxy/1.1",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        try:
            message = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
            async with asyncio.timeout(PATIENCE):
                return await self._say(address, message)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            refused = isinstance(error, ConnectionRefusedError)
            raise NoReply("ct" if refused else "rt") from error

    async def _say(self, address: SplitResult, message: bytes) -> Reply:
        kept = self._place == address.netloc and self._reader and not self._reader.at_eof()
        if not kept:
            await self._dial(address)
        try:
            return await self._exchange(message)
        except (ConnectionError, asyncio.IncompleteReadError):
            if not kept:
                raise
        # The other side had closed the kept connection meanwhile.
        await self._dial(address)
        return await self._exchange(message)

    async def _dial(self, address: SplitResult) -> None:
        self.close()
        self._reader, self._writer = await asyncio.open_connection(
            address.hostname, address.port or 80
        )
        self._place = address.netloc

    async def _exchange(self, message: bytes) -> Reply:
        assert self._reader
        assert self._writer
        self._writer.write(message)
        await self._writer.drain()
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = b""
        if "chunked" in headers.get("transfer-encoding", ""):
            while size := int(await self._reader.readuntil(b"\r\n"), 16):
                body += (await self._reader.readexactly(size + 2))[:-2]
            await self._reader.readexactly(2)
        elif "content-length" in headers:
            body = await self._reader.readexactly(int(headers["content-length"]))
        elif status != 204:
            body = await self._reader.read()
        if headers.get("connection") == "close":
            self.close()
        return Reply(status, body)

    def close(self) -> None:
        if self._writer:
            self._writer.close()
        self._place, self._reader, self._writer = "", None, None
