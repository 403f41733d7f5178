"""What the gateway tells us of texts and calls that come in: signed, or refused.

Once it is signed and readable the answer is a success whatever we make of it: the gateway would
only say it again, or read an error message to a caller.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hotline.texts import Incoming, take_text
from notifications.webhooks import can_be_kept, signed_by_twilio

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # whatever we say is in the outbox


@signed_by_twilio
def text_came_in(request: HttpRequest) -> HttpResponse:
    told = request.POST
    sid, number = told.get("MessageSid", ""), told.get("From", "").strip()
    if not (0 < len(sid) <= 64 and 0 < len(number) <= 40 and can_be_kept(sid + number)):
        return HttpResponse(status=400)
    if "Body" not in told:
        return HttpResponse(status=400)
    incoming = Incoming(
        sid=sid,
        number=number,
        body=told["Body"],
        media=_count(told.get("NumMedia", "")),
        keyword=_keyword(told.get("OptOutType", "").upper()),
    )
    take_text(incoming, now=timezone.now())
    return xml(NOTHING)


def xml(answer: str) -> HttpResponse:
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")


def _keyword(told: str) -> str:
    return told if told in {"STOP", "START", "HELP"} else ""


def _count(told: str) -> int:
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 4 else 0
