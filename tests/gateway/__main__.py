import argparse
import asyncio
import contextlib
import gc
import json
import signal

from tests.gateway import __doc__ as gateway_words
from tests.gateway.door import Door
from tests.gateway.gateway import Gateway
from tests.gateway.settings import Settings
from tests.gateway.state import State


async def run(port: int, settings: Settings) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    gateway = Gateway(State(settings))
    door = Door(port, gateway.answer)
    gateway.control.refuse = door.shut_for
    await door.open()
    gateway.postman.start()
    gc.freeze()
    print(f"Listening: http://127.0.0.1:{door.port}", flush=True)
    await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.gateway", description=gateway_words)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--options", type=json.loads, default={}, help="JSON, see settings.py")
    arguments = parser.parse_args()
    settings = Settings()
    try:
        settings.change(arguments.options)
    except ValueError as error:
        parser.error(str(error))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(arguments.port, settings))


main()
