"""Who may open which screen: one decorator on every view; a test checks that none forgot."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from common.models import Role, User

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class StaffRequest(HttpRequest):
    """The request behind the door: somebody with the right role is signed in."""

    user: User
    htmx: HtmxDetails


def public(view: V) -> V:
    """Anybody, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def roles(
    *allowed: Role,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponseBase]], Callable[..., HttpResponseBase]
]:
    """Only these roles; strangers are sent to the sign-in page, other staff get a 403."""

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.role not in allowed:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


desk_only = roles(Role.OPERATOR, Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR)
dispatch_only = roles(Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR)
staff_only = roles(
    Role.OPERATOR, Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR
)
figures_only = roles(Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
crew_only = roles(Role.CREW)
