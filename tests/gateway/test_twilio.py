"""The Messages API, as far as Hotline speaks it."""

import time
from email.utils import parsedate_to_datetime

import pytest

from tests.gateway.asking import OTHER, PATIENCE, PHONE, SERVICE, Client
from tests.gateway.run import RunningGateway

FOREVER = 3600


def test_it_works(client: Client, gateway: RunningGateway) -> None:
    said = client.create(
        body="您好", StatusCallback="http://127.0.0.1:9/s/abc/", ValidityPeriod="60"
    )
    assert said.status == 201
    text = said.json
    assert (text["to"], text["body"], text["direction"]) == (PHONE, "您好", "outbound-api")
    assert (text["status"], text["num_segments"], text["error_code"]) == ("queued", "1", None)
    assert text["sid"].startswith("SM")
    assert parsedate_to_datetime(text["date_created"]).utcoffset() is not None
    [accepted] = gateway.texts()
    assert (accepted["sid"], accepted["token"], accepted["valid_for"]) == (text["sid"], "abc", 60)


def test_a_messaging_service_counts_segments_later(client: Client) -> None:
    first = client.create(MessagingServiceSid=SERVICE).json
    assert (first["status"], first["num_segments"], first["from"]) == ("accepted", "0", None)
    assert client.get(first["sid"]).json["num_segments"] == "1"


def test_the_same_request_again_is_another_text(client: Client, gateway: RunningGateway) -> None:
    client.create()
    client.create()
    summary = gateway.summary()
    assert (summary["accepted"], summary["doubled"]) == (2, 1)
    assert summary["doubles"] == [{"to": PHONE, "body": "Hi.", "times": 2}]


def test_a_text_becomes_delivered(client: Client, gateway: RunningGateway) -> None:
    gateway.faults(sent_after=0, delivered_after=0)
    sid = client.create().json["sid"]
    assert client.get(sid).json["status"] == "delivered"


def test_the_fate_of_a_number(client: Client, gateway: RunningGateway) -> None:
    gateway.faults(
        {"kind": "undelivered", "to": "123$", "code": 30003},
        {"kind": "no_receipt", "to": "124$"},
        sent_after=0,
        delivered_after=0,
    )
    lost = client.get(client.create(PHONE).json["sid"]).json
    assert (lost["status"], lost["error_code"]) == ("undelivered", 30003)
    silent = client.get(client.create(OTHER).json["sid"]).json
    assert (silent["status"], silent["error_code"]) == ("sent", None)


def test_lists_are_newest_first_and_in_pages(client: Client) -> None:
    for number in range(5):
        client.create(body=f"Text {number}")
    client.create(OTHER)
    assert [text["body"] for text in client.list(To=PHONE, PageSize="2")] == ["Text 4", "Text 3"]
    assert [text["body"] for text in client.list(To=PHONE, PageSize="2", Page="2")] == ["Text 0"]
    assert len(client.list()) == 6


def test_a_list_points_at_its_next_page(client: Client) -> None:
    for number in range(3):
        client.create(body=f"Text {number}")
    first = client.ask("GET", f"{client.messages}.json?PageSize=2", headers=client.login()).json
    second = client.ask("GET", first["next_page_uri"], headers=client.login()).json
    assert [text["body"] for text in second["messages"]] == ["Text 0"]
    assert second["next_page_uri"] is None


def test_a_list_may_lag_behind(client: Client, gateway: RunningGateway) -> None:
    gateway.faults(list_lag=FOREVER)
    sid = client.create().json["sid"]
    assert client.list(To=PHONE) == []
    assert client.get(sid).status == 200
    gateway.faults(list_lag=0.2)
    deadline = time.monotonic() + PATIENCE
    while not client.list(To=PHONE):
        assert time.monotonic() < deadline


def test_a_list_may_be_blind_for_a_number(client: Client, gateway: RunningGateway) -> None:
    gateway.faults({"kind": "unlisted", "to": "123$"})
    client.create(PHONE)
    client.create(OTHER)
    assert [text["to"] for text in client.list()] == [OTHER]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "4155550123"}, 21211),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"From": ""}, 21603),
        ({"MessagingServiceSid": "MGnone"}, 21701),
        ({"ValidityPeriod": "36001"}, 90007),
        ({"StatusCallback": "http://under_score.example/"}, 21609),
        ({"StatusCallback": "http://[broken/"}, 21609),
    ],
)
def test_a_bad_text_is_refused(client: Client, change: dict[str, str], code: int) -> None:
    said = client.create(**change)
    assert said.status == 400
    assert said.json.keys() == {"code", "message", "more_info", "status"}
    assert said.json["code"] == code
    assert client.list() == []


@pytest.mark.parametrize(
    ("reason", "code"), [("landline", 21614), ("opted_out", 21610), (30999, 30999), ("", 21211)]
)
def test_chosen_numbers_are_refused(
    client: Client, gateway: RunningGateway, reason: str | int, code: int
) -> None:
    gateway.faults({"kind": "reject", "to": "123$", "code": reason})
    assert client.create(PHONE).json["code"] == code
    assert client.create(OTHER).status == 201


def test_a_stranger_is_refused(client: Client) -> None:
    client.gateway.auth_token, ours = "x" * 32, client.gateway.auth_token
    said = client.create()
    client.gateway.auth_token = ours
    assert (said.status, said.json["code"]) == (401, 20003)


def test_what_is_not_there(client: Client) -> None:
    assert client.get("SM" + "0" * 32).json["code"] == 20404
    other = client.messages.replace("AC0", "AC1") + ".json"
    assert client.ask("GET", other, headers=client.login()).status == 404
