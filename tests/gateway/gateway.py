"""A request on its way: which fault strikes, what the API says, what becomes of the text."""

import asyncio
from types import ModuleType

from tests.gateway import jsonapi, twilio
from tests.gateway.callbacks import Postman
from tests.gateway.control import Control
from tests.gateway.faults import Fault
from tests.gateway.protocol import Answer, Ending, Request
from tests.gateway.state import State

ENDINGS = {
    "close_after": Ending.SILENT,
    "reset_after": Ending.RESET,
    "truncated": Ending.TRUNCATED,
}
SILENCE = Answer(ending=Ending.SILENT)
BY_A_PROXY = {502, 504}  # these are pages, not JSON


class Gateway:
    def __init__(self, state: State) -> None:
        self.state = state
        self.postman = Postman(state)
        self.control = Control(state, self.postman)
        self._late: set[asyncio.Task[None]] = set()

    async def answer(self, request: Request) -> Answer:
        if request.path.startswith("/control/"):
            return await self.control.answer(request)
        api: ModuleType = jsonapi if request.path.startswith(jsonapi.ROOT) else twilio
        on = "get" if api.sid_of(request) else "create" if request.method == "POST" else "list"
        self.state.requests[on] += 1
        fault = self.state.draw_for_request(api.recipient(self.state, request), on)
        if fault and (instead := await self._strike_before(fault, api, request)):
            return instead
        answer = await self._proceed(api, request)
        if self.state.settings.latency_ms:
            await asyncio.sleep(self.state.settings.latency_ms / 1000)
        return await self._strike_after(fault, api, request, answer) if fault else answer

    async def _proceed(self, api: ModuleType, request: Request) -> Answer:
        answer: Answer
        answer, text = api.answer(self.state, request)
        if text and text.callback:
            await self.postman.tell(text)
        return answer

    async def _strike_before(
        self, fault: Fault, api: ModuleType, request: Request
    ) -> Answer | None:
        """None where the request is to go on."""
        if fault.kind == "too_many":
            answer: Answer = api.refuse("too_many")
            answer.headers["Retry-After"] = f"{fault.lasting(1):g}"
            return answer
        if fault.kind == "error_before":
            return broken(fault, api)
        if fault.kind == "hang_before" and await request.wait(fault.seconds):
            return None
        if fault.kind == "late":
            late = asyncio.create_task(self._proceed_late(fault.lasting(1), api, request))
            self._late.add(late)
            late.add_done_callback(self._late.discard)
            await request.wait(None)
        return SILENCE if fault.kind in ("hang_before", "late", "close_before") else None

    async def _proceed_late(self, seconds: float, api: ModuleType, request: Request) -> None:
        await asyncio.sleep(seconds)
        await self._proceed(api, request)

    async def _strike_after(
        self, fault: Fault, api: ModuleType, request: Request, answer: Answer
    ) -> Answer:
        if fault.kind == "error_after":
            return broken(fault, api)
        if fault.kind == "hang_after" and not await request.wait(fault.seconds):
            return SILENCE
        if fault.kind == "refuse":
            self.control.refuse(fault.lasting(1))
        answer.ending = ENDINGS.get(fault.kind, Ending.WHOLE)
        return answer


def broken(fault: Fault, api: ModuleType) -> Answer:
    status = fault.status or 500
    if status in BY_A_PROXY:
        return Answer(status, b"<html><h1>Bad Gateway</h1></html>", type="text/html")
    answer: Answer = api.refuse("internal", status)
    return answer
