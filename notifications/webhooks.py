"""What gateways tell us about texts they took: signed, or refused; kept by receipts.py.

Once a signature is right the answer is 204 whatever is told, known or not: a gateway that is
answered with an error says it again, and again.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from common.access import public
from notifications import receipts
from notifications.gateways import json_http, twilio

View = Callable[..., HttpResponse]
Check = Callable[[HttpRequest], bool]

LARGEST = 64 * 1024  # bytes; a receipt has some hundred
LENGTHS = {"sid": 64, "status": 30, "code": 20}  # of the columns


def signed(check: Check) -> Callable[[View], View]:
    """A door for POST only: what is unreadable gets a 400, what `check` finds unsigned a 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if len(request.body) > LARGEST or not is_text(request):
                return HttpResponse(status=400)
            if not check(request):
                return HttpResponse(status=403)
            return view(request, *args, **kwargs)

        return public(csrf_exempt(require_POST(guarded)))

    return decorate


signed_by_twilio = signed(twilio.verify)
signed_by_json_gateway = signed(lambda request: json_http.verify(request, now=timezone.now()))


@signed_by_twilio
def twilio_status(request: HttpRequest, token: str) -> HttpResponse:
    told = request.POST
    return take(
        "twilio",
        token,
        sid=told.get("MessageSid"),
        status=told.get("MessageStatus"),
        code=told.get("ErrorCode", ""),
    )


@signed_by_json_gateway
def json_status(request: HttpRequest, token: str) -> HttpResponse:
    try:
        told = json.loads(request.body)
        if UUID(told["reference"]) != UUID(token):  # the signature says nothing about the address
            return HttpResponse(status=400)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    code = json_http.error_code(told.get("error"))
    return take("json", token, sid=told.get("id"), status=told.get("status"), code=code)


def take(gateway: str, token: str, **told: Any) -> HttpResponse:
    if not (told["sid"] and told["status"] and all(map(can_be_kept, told.values()))):
        return HttpResponse(status=400)
    fields = {name: told[name][:length] for name, length in LENGTHS.items()}
    receipts.take_receipt(gateway, token=UUID(token).hex, now=timezone.now(), **fields)
    return HttpResponse(status=204)


def can_be_kept(value: object) -> bool:
    """A string without what PostgreSQL refuses: zero bytes and halves of characters."""
    if not isinstance(value, str) or "\0" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def is_text(request: HttpRequest) -> bool:
    """UTF-8, also behind the percent signs of a form: Django would replace what is not."""
    form = request.content_type == "application/x-www-form-urlencoded"
    try:
        (unquote_to_bytes(request.body) if form else request.body).decode()
    except UnicodeDecodeError:
        return False
    return True
