"""The SDK's client, with the network taken out of its hands."""

import logging
from urllib.parse import urlsplit

import httpx
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from notifications.gateways import wire


class Network(HttpClient):
    """What the SDK speaks through: it keeps nothing, logs nothing, and answers success or Refusal.

    The SDK's own one waits for ever, keeps the last answer, logs addresses with phone numbers in
    them, loses Retry-After and cannot tell a refused connection from a lost answer.
    """

    def __init__(self, http: httpx.Client, base: str) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self.http = http
        self.base = base

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        asked = urlsplit(uri)
        url = self.base + asked.path + (f"?{asked.query}" if asked.query else "")
        more = {"params": params or None, "data": data or None, "headers": headers, "auth": auth}
        answer = wire.ask(self.http, method, url, **more)
        if not answer.fine:
            code = answer.fields.get("code")
            raise wire.refusal(answer, str(code) if code else "")
        if not answer.fields:
            raise wire.unclear(answer)
        return Response(answer.status, answer.text, answer.headers)


def make_client(http: httpx.Client, *, account: str, token: str, base: str) -> Client:
    return Client(account, token, http_client=Network(http, base))
