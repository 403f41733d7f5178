"""Addresses typed by hand, and methods that no page uses."""

import pytest
from django.test import Client

from common.models import User

ADDRESSES = [
    "/t/%00/",
    "/board/assign/%00/",
    "/console/tickets/%00/",
    "/console/tickets/%F0%9F%98%80/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_names_nothing_is_not_found(
    client: Client, dispatcher: User, address: str
) -> None:
    client.force_login(dispatcher)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/console/", "/console/texts/", "/console/tickets/x/"])
def test_lists_are_only_read(client: Client, dispatcher: User, address: str) -> None:
    client.force_login(dispatcher)
    assert client.delete(address).status_code == 405
