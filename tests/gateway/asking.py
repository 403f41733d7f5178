"""A client that hides nothing, and somebody who is called back."""

import base64
import json
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.gateway.run import RunningGateway
from tests.gateway.signatures import signed_headers

PHONE = "+14155550123"
OTHER = "+14155550124"
SENDER = "+14155550100"
SERVICE = "MG" + "0" * 32
PATIENCE = 30


@dataclass
class Said:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.body)
        return said


@dataclass
class Client:
    gateway: RunningGateway
    timeout: float = PATIENCE

    @property
    def messages(self) -> str:
        return f"/2010-04-01/Accounts/{self.gateway.account_sid}/Messages"

    def create(self, to: str = PHONE, body: str = "Hi.", **more: str) -> Said:
        sender = {} if "MessagingServiceSid" in more else {"From": SENDER}
        form = {"To": to, **sender, "Body": body, **more}
        return self.ask("POST", f"{self.messages}.json", urlencode(form).encode(), self.login())

    def list(self, **query: str) -> list[dict[str, Any]]:
        said = self.ask("GET", f"{self.messages}.json?{urlencode(query)}", headers=self.login())
        found: list[dict[str, Any]] = said.json["messages"]
        return found

    def get(self, sid: str) -> Said:
        return self.ask("GET", f"{self.messages}/{sid}.json", headers=self.login())

    def create_json(self, reference: str, to: str = PHONE, text: str = "Hi.", **more: Any) -> Said:
        given = {"reference": reference, "to": to, "text": text, "valid_for": 3600, **more}
        body = json.dumps(given).encode()
        return self.ask("POST", "/json/texts", body, signed_headers(self.gateway.key, body))

    def get_json(self, path: str) -> Said:
        return self.ask("GET", path, headers=signed_headers(self.gateway.key, path.encode()))

    def login(self) -> dict[str, str]:
        login = f"{self.gateway.account_sid}:{self.gateway.auth_token}"
        return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Said:
        """Whatever goes wrong with the connection comes out as http.client raises it."""
        connection = HTTPConnection(self.gateway.address, timeout=self.timeout)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return Said(answer.status, answer.read(), dict(answer.headers))
        finally:
            connection.close()


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Listener:
    """Somebody who is called back and answers with `answers`, one after the other, then 204."""

    heard: list[Heard] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    url: str = ""

    def statuses(self) -> list[str]:
        return [each.fields["MessageStatus"] for each in self.heard]

    def start(self) -> ThreadingHTTPServer:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append(Heard(self.path, dict(self.headers), body))
                status = listener.answers.pop(0) if listener.answers else 204
                said = b"" if status == 204 else b"<Response/>"
                self.send_response(status)
                if said:
                    self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        return server
