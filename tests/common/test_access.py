"""Who may open which screen."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from common import access
from common.access import StaffRequest
from common.models import Role, User

DOORS = {
    "desk_only": {"operator", "dispatcher", "supervisor", "administrator"},
    "dispatch_only": {"dispatcher", "supervisor", "administrator"},
    "staff_only": {"operator", "dispatcher", "supervisor", "administrator", "auditor"},
    "figures_only": {"dispatcher", "supervisor", "administrator", "auditor"},
    "crew_only": {"crew"},
}


def screen(request: StaffRequest, number: str) -> HttpResponse:
    """A screen."""
    return HttpResponse(f"{request.user.role} sees {number}")


def request_of(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/console/?page=2")
    request.user = user
    return request


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_for_its_roles_and_no_other(door: str, role: str) -> None:
    view = getattr(access, door)(screen)
    request = request_of(User(username="somebody", role=role))
    if role in DOORS[door]:
        assert view(request, "7").content.decode() == f"{role} sees 7"
    else:
        with pytest.raises(PermissionDenied):
            view(request, "7")


@pytest.mark.parametrize("door", DOORS)
def test_who_is_not_signed_in_is_sent_to_the_door_and_back(door: str) -> None:
    answer = getattr(access, door)(screen)(request_of(AnonymousUser()), "7")
    assert answer.status_code == 302
    assert answer.url.endswith("?next=/console/%3Fpage%3D2")


def test_a_door_keeps_the_name_of_the_screen_and_says_whom_it_admits() -> None:
    view = access.crew_only(screen)
    assert (view.__name__, view.__doc__) == ("screen", "A screen.")
    assert view.access == (Role.CREW,)  # type: ignore[attr-defined]


def test_a_public_screen_is_open_to_all_and_says_so() -> None:
    def everybody(request: HttpRequest) -> HttpResponse:
        return HttpResponse("everybody")

    view = access.public(everybody)
    assert view.access == "public"  # type: ignore[attr-defined]
    assert view(request_of(AnonymousUser())).content == b"everybody"
