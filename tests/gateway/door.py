"""The listening socket, which can be shut for a while: connections are refused then."""

import asyncio
import socket

from tests.gateway.protocol import LONGEST_HEAD, Ending, Handler, read, write


class Door:
    def __init__(self, port: int, handler: Handler) -> None:
        self._handler = handler
        self._idle: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        # Bound, never listening: while the door is shut nobody else is given the port.
        self._place = socket.socket()
        self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._place.bind(("127.0.0.1", port))
        self.port: int = self._place.getsockname()[1]

    async def open(self) -> None:
        self._server = await asyncio.start_server(
            self._serve,
            "127.0.0.1",
            self.port,
            reuse_port=True,
            backlog=1024,
            limit=LONGEST_HEAD,
        )

    def shut_for(self, seconds: float) -> None:
        """Whoever is being answered still gets the answer."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for writer in self._idle:
            writer.close()
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, self._open_again)

    def _open_again(self) -> None:
        self._opening = asyncio.get_running_loop().create_task(self.open())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                self._idle.add(writer)
                request = await read(reader)
                self._idle.discard(writer)
                if request is None:
                    break
                answer = await self._handler(request)
                asked = request.headers.get("connection", "").lower() == "close"
                last = asked or self._server is None or answer.ending is not Ending.WHOLE
                await write(writer, answer, last=last)
                if last:
                    break
        except ConnectionError:
            pass
        finally:
            self._idle.discard(writer)
            writer.close()
