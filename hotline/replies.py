"""What citizens are answered: one text per text, in their language, by the outbox, at any hour.

Never by the gateway's own way of answering: that would be a text that nobody keeps or counts.
"""

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from hotline.models import InboundText
from hotline.standings import Standing
from notifications import outbox
from notifications.fitting import fits
from notifications.models import Contact, Importance, Message
from notifications.reach import reach
from notifications.texts import write_text

LATELY = timedelta(hours=1)
MOST = 10  # answers to one number within LATELY: two machines must not talk for ever
SHOWN = 3  # tickets named in one text


def reply(
    text: InboundText,
    name: str,
    *,
    now: datetime,
    about: Standing | None = None,
    those: list[Standing] | None = None,
    **facts: Any,
) -> None:
    """Answer with templates/texts/<name>.<language>.txt, about one ticket, or naming some."""
    if texts_lately(text, now=now) > MOST:
        return
    contact = text.contact or _meet(text, now)
    facts |= {
        "about": about,
        "those": (those or [])[:SHOWN],
        "link": _link(about, contact) if about else "",
        "phone": settings.HOTLINE_PHONE,
        "brief": False,
    }
    body = write_text(name, contact.language, **facts)
    if not fits(body):  # the names of kinds of problems are the town's own
        body = write_text(name, contact.language, **(facts | {"brief": True}))
    message = Message(
        dedupe_key=f"reply:{text.provider_sid}:{name}",
        topic=about.ticket.topic if about else f"text:{text.pk}",
        kind=name,
        contact=contact,
        language=contact.language,
        body=body,
        importance=Importance.REPLY,
    )
    outbox.enqueue([message], now=now)


def texts_lately(text: InboundText, *, now: datetime, **like: Any) -> int:
    """How many came from the same number within the hour, this one included where it is `like`."""
    same = InboundText.objects.filter(number=text.number, received_at__gt=now - LATELY, **like)
    return same.count()


def guess_language(text: InboundText) -> str:
    """Of somebody we do not know."""
    han = any(unicodedata.name(c, "").startswith("CJK UNIFIED") for c in text.body)
    return "zh-hans" if han or text.number.startswith("+86") else "en"


def _meet(text: InboundText, now: datetime) -> Contact:
    """Somebody who texts us for the first time becomes a contact when there is something to say."""
    text.contact = outbox.find_or_add_contact(
        text.number, name="", language=guess_language(text), now=now
    )
    text.save(update_fields=["contact"])
    return text.contact


def _link(about: Standing, contact: Contact) -> str:
    return f"{settings.PUBLIC_BASE_URL}/t/{about.token}/" if reach(contact.address).link else ""
