"""A server on loopback that misbehaves as it is told, and remembers what it was asked."""

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2]))


Behaviour = Callable[[socket.socket, Asked], None]


def says(status: int, told: object = None, **headers: str) -> Behaviour:
    """A whole answer, in JSON unless it is bytes already."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return lambda connection, asked: connection.sendall(answer)


def closes(connection: socket.socket, asked: Asked) -> None:
    """Reads everything, says nothing."""


def resets(connection: socket.socket, asked: Asked) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def truncates(connection: socket.socket, asked: Asked) -> None:
    connection.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 400\r\n\r\n{"sid": "SM')


def hangs(connection: socket.socket, asked: Asked) -> None:
    """Until the other side has had enough."""
    connection.recv(1)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.deaf = False  # closes at once, without reading
        self.behave: Callable[[Asked], Behaviour] = lambda asked: closes

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def always(self, behaviour: Behaviour) -> None:
        self.behave = lambda asked: behaviour

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what is tested here."""


class Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        if not self.server.deaf:
            asked = read(self.rfile)
            self.server.asked.append(asked)
            self.server.behave(asked)(self.connection, asked)


def read(stream: BufferedIOBase) -> Asked:
    method, target, _ = stream.readline().decode().split(" ")
    headers = {}
    while line := stream.readline().decode().strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(method, target, headers, stream.read(int(headers.get("content-length", 0))))
