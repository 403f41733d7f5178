"""Which gateway a text takes."""

import os
from typing import Any

import pytest
from pytest_django import Settings

from notifications.gateways import routes
from tests.notifications.gateways.conftest import ACCOUNT, KEY, TOKEN

TWILIO = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_FROM": "Hotline"}
JSON = {"JSON_GATEWAY_URL": "https://gateway.example.org", "JSON_GATEWAY_KEY": KEY}
MAIL = {"EMAIL_HOST": "mail.example.org"}
ABROAD, AT_HOME, ADDRESS = "+14155550123", "+8613800000000", "li.wei@example.org"


@pytest.mark.parametrize(
    ("given", "there", "ways"),
    [
        ({}, {"printing"}, ("printing", "printing", "printing")),
        (TWILIO, {"printing", "twilio"}, ("twilio", "twilio", "printing")),
        (JSON, {"printing", "json"}, ("json", "json", "printing")),
        (
            {**TWILIO, **JSON, **MAIL},
            {"printing", "twilio", "json", "mail"},
            ("twilio", "json", "mail"),
        ),
        ({**TWILIO, "TWILIO_AUTH_TOKEN": ""}, {"printing"}, ("printing", "printing", "printing")),
        (
            {**TWILIO, **JSON, "TEXT_ROUTES": ["+=json", "+1=twilio", "+1415=printing"]},
            {"printing", "twilio", "json"},
            ("printing", "json", "printing"),
        ),
        ({**TWILIO, "TEXT_ROUTES": ["+86=json"]}, {"printing", "twilio"}, ("twilio", "json", None)),
        (
            {**TWILIO, "TEXT_ROUTES": ["nonsense", "86=json", "+86", "=json", ""]},
            {"printing", "twilio"},
            ("twilio", "twilio", None),
        ),
    ],
)
def test_the_longest_beginning_decides(
    configured: Settings, given: dict[str, Any], there: set[str], ways: tuple[str | None, ...]
) -> None:
    for name, value in given.items():
        setattr(configured, name, value)
    assert set(routes.gateways()) == there
    assert {name: gateway.name for name, gateway in routes.gateways().items()} == {
        name: name for name in there
    }
    for address, way in zip((ABROAD, AT_HOME, ADDRESS), ways, strict=True):
        assert routes.route(address) == (way or "printing")


def test_a_gateway_that_is_gone_is_not_there(configured: Settings) -> None:
    assert routes.gateway("printing").name == "printing"
    with pytest.raises(KeyError):
        routes.gateway("json")


def test_a_gateway_is_made_once(configured: Settings) -> None:
    assert routes.gateway("printing") is routes.gateway("printing")


def test_a_worker_that_was_forked_makes_its_own_connections(configured: Settings) -> None:
    mine = routes.gateways()
    child = os.fork()
    if not child:
        failed = True
        try:
            failed = routes.gateways() is mine
        finally:
            os._exit(failed)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert routes.gateways() is mine
