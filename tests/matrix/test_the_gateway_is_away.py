"""The failure matrix: what is proven not to have been accepted waits, and goes once."""

from notifications.models import GatewayHealth, Importance
from tests.gateway.run import RunningGateway
from tests.matrix.texts import CROWD, WORDS, queue, settled, status, tries
from tests.matrix.town import Town, until


def test_connections_are_refused(town: Town, gateway: RunningGateway, phone: str) -> None:
    gateway.faults({"kind": "refuse", "seconds": 1, "count": 1})  # once it has taken the first
    settled(*queue(phone))
    (text,) = queue(phone, body="Nobody opens.")
    settled(text)
    assert (tries(text)[0].outcome, tries(text)[0].code) == ("refused", "ConnectError")
    assert (text.resent, [said["body"] for said in gateway.texts()]) == (False, [WORDS, text.body])


def test_too_many(town: Town, gateway: RunningGateway, phone: str) -> None:
    gateway.faults({"kind": "too_many", "count": 1, "seconds": 1})
    (text,) = queue(phone)
    settled(text)
    first, second = tries(text)
    assert (first.outcome, first.code, second.outcome) == ("refused", "20429", "accepted")
    assert (text.resent, text.attempts, len(gateway.texts())) == (False, 1, 1)


def test_our_account_is_refused_until_somebody_mends_it(
    town: Town, gateway: RunningGateway
) -> None:
    gateway.faults({"kind": "reject", "code": "20003"})
    texts = queue(*CROWD[:10], importance=Importance.CRITICAL)
    until(lambda: GatewayHealth.objects.filter(name="twilio", opened_at__isnull=False).exists())
    until(lambda: {status(text) for text in texts} == {"queued"})
    assert gateway.texts() == []
    gateway.faults()  # the right password
    settled(*texts)
    assert (gateway.summary()["accepted"], gateway.summary()["doubled"]) == (10, 0)
    assert {text.attempts for text in texts} == {1}
