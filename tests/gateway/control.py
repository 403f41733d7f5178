"""What tests ask of the gateway, and what it does in the name of the outside world.

GET /control/texts (a JSON object per line; ?to= of one number) and /control/summary;
POST /control/faults (settings.py), /control/refuse {seconds}, /control/reset,
/control/inbound and /control/call {url, fields}, /control/callback {sid, status, error}.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from tests.gateway.callbacks import Callback, Postman, sign_form
from tests.gateway.line import Line, NoReply, Reply
from tests.gateway.protocol import Answer, Request
from tests.gateway.state import State
from tests.gateway.texts import Text

OUR_NUMBER = "+14155550100"
STOP = {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"}
START = {"start", "unstop"}
LINES_AT_ONCE = 500


class Control:
    def __init__(self, state: State, postman: Postman) -> None:
        self._state = state
        self._postman = postman
        self.refuse: Callable[[float], None] = lambda seconds: None

    async def answer(self, request: Request) -> Answer:
        given, state = request.json, self._state
        match request.method, request.path.removeprefix("/control/"):
            case "GET", "texts":
                texts = state.texts.of(request.query.get("to", ""))
                return Answer(stream=write_lines(texts), type="application/x-ndjson")
            case "GET", "summary":
                return reply(summarise(state))
            case "POST", "faults":
                return self._change(given)
            case "POST", "refuse":
                self.refuse(float(given.get("seconds", 1)))
                return reply({})
            case "POST", "reset":
                state.reset()
                return reply({})
            case "POST", "inbound":
                return await self._say(given, self._inbound(given.get("fields", {})))
            case "POST", "call":
                return await self._say(given, self._call(given.get("fields", {})))
            case "POST", "callback":
                return await self._call_back(given)
        return reply({"error": "There is no such thing here."}, 404)

    def _change(self, given: dict[str, Any]) -> Answer:
        try:
            self._state.settings.change(given)
        except ValueError as error:
            return reply({"error": str(error)}, 400)
        return reply({})

    def _inbound(self, given: dict[str, str]) -> dict[str, str]:
        """A citizen's text. The gateway, too, obeys STOP and START."""
        sid = "SM" + uuid.uuid4().hex
        ends = {"From": "+14155550101", "To": OUR_NUMBER, "Body": "", "ApiVersion": "2010-04-01"}
        blank = dict.fromkeys(("FromCity", "FromState", "FromZip", "ToCity", "ToState"), "")
        counts = {"NumMedia": "0", "NumSegments": "1", "FromCountry": "US", "ToCountry": "US"}
        ours = {"MessageSid": sid, "SmsSid": given.get("MessageSid", sid), "SmsStatus": "received"}
        fields = {**ours, "AccountSid": self._state.settings.account_sid, **ends, **blank, **counts}
        fields |= given
        if fields["Body"].strip().casefold() in STOP:
            self._state.opted_out.add(fields["From"])
        if fields["Body"].strip().casefold() in START:
            self._state.opted_out.discard(fields["From"])
        return fields

    def _call(self, given: dict[str, str]) -> dict[str, str]:
        ends = {"From": "+14155550101", "To": OUR_NUMBER, "Direction": "inbound"}
        call = {"CallSid": "CA" + uuid.uuid4().hex, "CallStatus": "ringing"}
        account = {"AccountSid": self._state.settings.account_sid, "ApiVersion": "2010-04-01"}
        return {**call, **account, **ends, **given}

    async def _say(self, given: dict[str, Any], fields: dict[str, str]) -> Answer:
        """Posted and signed; what was answered comes back, beside the fields."""
        url, line = str(given.get("url", "")), Line()
        token = str(given.get("auth_token", self._state.settings.auth_token))
        try:
            answered = await line.post(url, *sign_form(token, url, fields))
        except NoReply as error:
            return reply({"error": error.reason}, 502)
        finally:
            line.close()
        return reply(describe(answered) | {"fields": fields})

    async def _call_back(self, given: dict[str, Any]) -> Answer:
        """About a text that was accepted: any status, at any time."""
        text = self._state.texts.get(str(given.get("sid")))
        if text is None:
            return reply({"error": "No such text."}, 404)
        said = Callback(text, str(given.get("status", "")), str(given.get("error", "")))
        answered = await self._postman.make(said)
        return reply(describe(answered)) if answered else reply({"error": "No answer."}, 502)


def summarise(state: State) -> dict[str, Any]:
    return {
        **state.texts.count(),
        "requests": dict(state.requests),
        "faults": dict(state.struck),
        "callbacks": dict(state.callbacks),
        "opted_out": sorted(state.opted_out),
    }


def write_lines(texts: Iterator[Text]) -> Iterator[bytes]:
    lines: list[str] = []
    for text in texts:
        lines.append(json.dumps(text.describe(), ensure_ascii=False) + "\n")
        if len(lines) == LINES_AT_ONCE:
            yield "".join(lines).encode(errors="replace")
            lines.clear()
    if lines:
        yield "".join(lines).encode(errors="replace")


def describe(answered: Reply) -> dict[str, Any]:
    return {"status": answered.status, "body": answered.body.decode(errors="replace")}


def reply(said: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(said, ensure_ascii=False).encode(errors="replace"))
