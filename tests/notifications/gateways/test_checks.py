"""What is misconfigured about gateways is said before a citizen notices."""

from typing import Any

import pytest
from django.core.checks.registry import registry
from pytest_django import Settings

from config import check_gateways
from tests.notifications.gateways.conftest import ACCOUNT, KEY, TOKEN

OURS = [
    check_gateways.check_twilio,
    check_gateways.check_receipts,
    check_gateways.check_json_gateway,
    check_gateways.check_routes,
    check_gateways.check_mail,
]

TWILIO = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": "+14155550100",
    "PUBLIC_BASE_URL": "https://hotline.example.org",
}
JSON = {"JSON_GATEWAY_URL": "https://gateway.example.org/api", "JSON_GATEWAY_KEY": KEY}
MAIL = {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": "Hotline <hotline@example.org>"}
SERVICE = "MG" + "2" * 32


@pytest.mark.parametrize(
    "given",
    [
        {},
        TWILIO,
        {**TWILIO, "TWILIO_FROM": "Hotline 311"},
        {**TWILIO, "TWILIO_FROM": "12345"},
        {**TWILIO, "TWILIO_FROM": "", "TWILIO_MESSAGING_SERVICE_SID": SERVICE},
        JSON,
        {**TWILIO, **JSON, **MAIL, "TEXT_ROUTES": ["+86=json", "+=twilio", "+1415 = printing"]},
    ],
)
def test_what_is_right_is_not_complained_about(configured: Settings, given: dict[str, Any]) -> None:
    assert complaints(configured, given) == {}


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"TWILIO_ACCOUNT_SID": ACCOUNT}, "E011", "TWILIO_AUTH_TOKEN is not"),
        ({"TWILIO_ACCOUNT_SID": ACCOUNT}, "E012", "neither TWILIO_FROM nor"),
        ({"TWILIO_AUTH_TOKEN": TOKEN}, "E010", "TWILIO_ACCOUNT_SID is not"),
        ({"TWILIO_FROM": "Hotline"}, "E010", "TWILIO_ACCOUNT_SID is not"),
        ({"TWILIO_MESSAGING_SERVICE_SID": SERVICE}, "E011", "TWILIO_AUTH_TOKEN is not"),
        ({**TWILIO, "TWILIO_ACCOUNT_SID": "SK" + "0" * 32}, "E013", "not AC"),
        ({**TWILIO, "TWILIO_MESSAGING_SERVICE_SID": "Hotline"}, "E014", "not MG"),
        ({**TWILIO, "TWILIO_FROM": "415 555 0100"}, "E015", "cannot be a sender"),
        ({**TWILIO, "TWILIO_FROM": "City Hotline"}, "E015", "cannot be a sender"),
        ({**TWILIO, "TWILIO_FROM": "市民热线"}, "E015", "cannot be a sender"),
        ({**TWILIO, "TWILIO_API_BASE": "api.twilio.com"}, "E016", "no address"),
        ({**TWILIO, "PUBLIC_BASE_URL": "https://my_city.example.org"}, "E017", "underscore"),
        ({**TWILIO, "PUBLIC_BASE_URL": "http://hotline.example.org"}, "W017", "https://"),
        ({"JSON_GATEWAY_URL": JSON["JSON_GATEWAY_URL"]}, "E018", "JSON_GATEWAY_KEY is not"),
        ({"JSON_GATEWAY_KEY": KEY}, "E018", "JSON_GATEWAY_URL is not"),
        ({**JSON, "JSON_GATEWAY_URL": "gateway.example.org"}, "E019", "no address"),
        ({**JSON, "JSON_GATEWAY_URL": "https://gateway.example.org/?a=1"}, "E019", "no address"),
        ({**TWILIO, "TEXT_ROUTES": ["86=twilio"]}, "E020", "no beginning of a phone number"),
        ({**TWILIO, "TEXT_ROUTES": ["+86=json"]}, "E021", "no gateway 'json'"),
        ({**TWILIO, **MAIL, "TEXT_ROUTES": ["+86=mail"]}, "E021", "no gateway 'mail'"),
        ({**TWILIO, "TEXT_ROUTES": ["+86"]}, "E021", "no gateway ''"),
        ({**MAIL, "DEFAULT_FROM_EMAIL": ""}, "E022", "no sender"),
        ({**MAIL, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": True}, "E023", "exclude each other"),
    ],
)
def test_what_is_wrong_is_named(
    configured: Settings, given: dict[str, Any], code: str, words: str
) -> None:
    assert words in complaints(configured, given)[f"hotline.{code}"]


def test_django_asks_them_all() -> None:
    assert {check for check in OURS if check in registry.registered_checks} == set(OURS)


def complaints(settings: Settings, given: dict[str, Any]) -> dict[str, str]:
    for name, value in given.items():
        setattr(settings, name, value)
    return {str(one.id): one.msg for check in OURS for one in check()}
