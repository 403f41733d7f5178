"""A mail server on loopback that answers each command as it is told, or hangs up."""

import socketserver
import threading

HANGS_UP = ""
USUAL = {
    "HELLO": "220 here",
    "EHLO": "250 here",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "DATA": "354 go on",
    ".": "250 taken",
    "RSET": "250 fine",
    "QUIT": "221 bye",
}


class PostOffice(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.answers = dict(USUAL)
        self.letters: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Clerk(socketserver.StreamRequestHandler):
    server: PostOffice

    def handle(self) -> None:
        word = "HELLO"
        while answer := self.server.answers[word]:
            self.wfile.write(answer.encode() + b"\r\n")
            if answer.startswith("354"):
                self.server.letters.append(self.read_letter())
                word = "."
            elif line := self.rfile.readline().decode():
                word = line.split()[0].upper()
            else:
                return

    def read_letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)
