"""Redis is killed, and comes back empty, while a thousand texts wait."""

from notifications.models import Importance, Message
from tests.gateway.run import RunningGateway
from tests.matrix.texts import CROWD, queue, settled
from tests.matrix.town import Town, until


def test_all_arrive_once(town: Town, gateway: RunningGateway) -> None:
    gateway.faults(latency_ms=100)
    texts: list[Message] = []
    for number in range(25):
        words = f"Ticket {number}: the light is on again."
        texts += queue(*CROWD, body=words, importance=Importance.CRITICAL)
    until(lambda: gateway.summary()["accepted"] > 100)
    town.kill_redis()
    assert gateway.summary()["accepted"] < 1000
    town.start_redis()
    settled(*texts)
    assert (gateway.summary()["accepted"], gateway.summary()["doubled"]) == (1000, 0)
    assert not any(text.resent for text in texts)
