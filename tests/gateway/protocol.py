"""As much HTTP/1.1 as the clients of a gateway speak: keep-alive, bodies with a length."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl

LONGEST_HEAD = 64 * 1024


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    reader: asyncio.StreamReader

    @cached_property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @cached_property
    def json(self) -> dict[str, Any]:
        """Empty where the body is no JSON object."""
        try:
            given = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return given if isinstance(given, dict) else {}

    async def wait(self, seconds: float | None) -> bool:
        """Whether the client is still there afterwards; None waits until it goes."""
        try:
            async with asyncio.timeout(seconds):
                await self.reader.read(1)
        except TimeoutError:
            return True
        return False


class Ending(Enum):
    WHOLE = auto()
    TRUNCATED = auto()
    RESET = auto()
    SILENT = auto()  # closed without an answer


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = Ending.WHOLE
    stream: Iterator[bytes] | None = None  # instead of the body


Handler = Callable[[Request], Awaitable[Answer]]


async def read(reader: asyncio.StreamReader) -> Request | None:
    """None when the client has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return None
    return Request(method, target, headers, body, reader)


async def write(writer: asyncio.StreamWriter, answer: Answer, *, last: bool) -> None:
    if answer.ending is Ending.SILENT:
        return
    if answer.ending is Ending.RESET:
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        return
    how_long = f"Content-Length: {len(answer.body)}"
    lines = [
        f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}",
        f"Content-Type: {answer.type}",
        "Transfer-Encoding: chunked" if answer.stream else how_long,
        *(f"{name}: {value}" for name, value in answer.headers.items()),
        *(["Connection: close"] if last else []),
    ]
    body = answer.body
    if answer.ending is Ending.TRUNCATED:
        body = body[: len(body) // 2]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    for part in answer.stream or ():
        writer.write(b"%x\r\n%b\r\n" % (len(part), part))
        await writer.drain()
    if answer.stream:
        writer.write(b"0\r\n\r\n")
    await writer.drain()
