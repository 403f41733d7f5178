"""The life of a ticket as one list: what was said, decided, done, used and texted, in its order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from console.queue import answers
from console.queue.dossier import Dossier, Job, Voice, say_material, say_use
from console.queue.entry import Entry
from console.queue.masking import mask_address
from console.queue.wording import EVENTS, HOW, flag
from console.texts.lists import whom
from console.texts.wording import error as say_error
from dispatch.rules import REASONS, Outcome
from notifications.models import Message
from tickets.models import Status, TicketEvent
from tickets.rules import SETTLED

MANY = 4  # citizens who were told the same at once, one by one


def tell(dossier: Dossier, names: Mapping[str, str]) -> list[Entry]:
    """Everything by the time it happened; what happened at once keeps its order of recording."""
    voices = [_voice(voice) for voice in dossier.voices]
    entries = [
        *voices,
        *_events(dossier, names, voices),
        *_texts(dossier),
        *answers.tell(dossier),
    ]
    return sorted(entries, key=lambda entry: entry.at)


def _voice(voice: Voice) -> Entry:
    report = voice.report
    return Entry(
        at=report.said_at,
        recorded_at=report.recorded_at,
        drawing="phone" if report.channel == "phone" else "user",
        title=_("Reported: %(channel)s") % {"channel": report.get_channel_display()},
        kind="voice",
        who=str(report.taken_by or ""),
        internal=report.words.internal,
        public=report.words.public,
        details=_call(voice),
        flags=[_("danger")] if report.dangerous else [],
    )


def _call(voice: Voice) -> list[str]:
    call = voice.report.call
    if call is None or call.answered_at is None:
        return []
    waited = int((call.answered_at - call.rang_at).total_seconds())
    return [
        ngettext("answered after %(n)d second", "answered after %(n)d seconds", waited)
        % {"n": waited}
    ]


def _events(dossier: Dossier, names: Mapping[str, str], voices: list[Entry]) -> Iterator[Entry]:
    """An entry per event; what only repeats its neighbour is folded into it.

    A report opens or joins the ticket; the orders' facts move it (`SETTLED`); a job that is
    planned and sent in one go was sent.
    """
    last: TicketEvent | None = None
    shown: Entry | None = None
    written = {text.received_at for text in dossier.inbound}  # told as the texts they were
    for event in dossier.events:
        if event.kind == "citizen_wrote" and event.occurred_at in written:
            continue
        together = last is not None and last.recorded_at == event.recorded_at
        said = next((v for v in voices if v.at == event.occurred_at), None)
        if event.kind in ("open", "join") and said:
            if event.to_status:
                said.moves_to(event.to_status)
        elif shown and together and event.kind in SETTLED and event.to_status:
            shown.moves_to(event.to_status)
        elif shown and together and event.kind == "dispatch" and _planned_with(event, dossier):
            shown.drawing, shown.title = _words(event, dossier, names)
        else:
            if shown:
                yield shown
            shown = _event(event, dossier, names)
        last = event
    if shown:
        yield shown


def _planned_with(event: TicketEvent, dossier: Dossier) -> bool:
    return any(
        e.kind == "plan" and e.job == event.job and e.recorded_at == event.recorded_at
        for e in dossier.events
    )


def _event(event: TicketEvent, dossier: Dossier, names: Mapping[str, str]) -> Entry:
    drawing, title = _words(event, dossier, names)
    words = getattr(event, "words", None)
    entry = Entry(
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        drawing=drawing,
        title=title,
        kind="event",
        who=str(event.actor or ""),
        public=words.public if words else "",
        internal=words.internal if words else "",
        details=_details(event, dossier),
        flags=[flag(code) for code in event.flags],
        photo=next((p for p in dossier.photos if p.pk == event.data.get("photo")), None),
    )
    if not event.applied:
        entry.flags.append(_("not applied: the order had moved on"))
    if event.to_status and str(Status(event.to_status).label) != title:
        entry.moves_to(event.to_status)
    return entry


def _words(event: TicketEvent, dossier: Dossier, names: Mapping[str, str]) -> tuple[str, str]:
    """Drawing and title; an event of a kind nobody has put into words shows its code."""
    drawing, words = EVENTS.get(event.kind, ("clock", event.kind.replace("_", " ")))
    job = dossier.jobs.get(event.job or 0)
    outcome, reason = event.data.get("outcome", ""), event.reason
    known = {
        "crew": str(job.order.crew or job.order.unit) if job else "–",
        "job": job.order.get_kind_display() if job else "–",
        "from": names.get(event.data.get("from", ""), event.data.get("from") or "–"),
        "to": names.get(event.data.get("to", ""), event.data.get("to") or "–"),
        "into": event.data.get("into", ""),
        "outcome": str(Outcome(outcome).label) if outcome in Outcome.values else "–",
        "reason": str(REASONS[reason].text) if reason in REASONS else "–",
    }
    return drawing, str(words) % known


def _details(event: TicketEvent, dossier: Dossier) -> list[str]:
    """What the event's codes and numbers stand for."""
    data, job = event.data, dossier.jobs.get(event.job or 0)
    said: list[str] = []
    if data.get("how") in HOW:
        said.append(str(HOW[data["how"]]))
    if event.kind == "hold":
        reason = REASONS.get(event.reason)
        said += [str(reason.text)] if reason else []
        said += [str(data[name]) for name in ("waiting_for", "reference") if data.get(name)]
    if job and event.kind == "order_equipment":
        said += [say_use(use) for use in job.uses if use.pk == data.get("use")]
    if job and event.kind == "order_material":
        said += _material(job, data)
    return said


def _material(job: Job, data: Mapping[str, str]) -> list[str]:
    found = [m for m in job.materials if m.item.code == data.get("code")]
    same = [m for m in found if str(m.quantity.normalize()) == data.get("quantity")] or found
    return [say_material(m) for m in same[:1]]


def _texts(dossier: Dossier) -> Iterator[Entry]:
    """Each text; what one event told many citizens at once is one line."""
    alike: dict[tuple[str, datetime], list[Message]] = defaultdict(list)
    for message in dossier.texts:
        alike[message.kind, message.created_at].append(message)
    for messages in alike.values():
        if len(messages) > MANY:
            yield _same_text(messages, dossier)
        else:
            yield from map(_text, messages)


def _same_text(messages: Sequence[Message], dossier: Dossier) -> Entry:
    first = messages[0]
    states = Counter(str(message.get_status_display()) for message in messages)
    number = dossier.ticket.number
    return Entry(
        at=first.created_at,
        recorded_at=first.created_at,
        drawing="text",
        title=_("Text to %(n)d citizens") % {"n": len(messages)},
        kind="text",
        public=first.body,
        details=[f"{many} {state}" for state, many in states.most_common()],
        href=f"{reverse('console:texts')}?{urlencode({'q': number, 'kind': first.kind})}",
    )


def _text(message: Message) -> Entry:
    """To a citizen, or to a crew: told apart at a glance."""
    crew = bool(message.staff_phone)
    title = _("Text to the crew, %(phone)s") if crew else _("Text to %(phone)s")
    return Entry(
        at=message.created_at,
        recorded_at=message.created_at,
        drawing="truck" if crew else "text",
        title=title % {"phone": mask_address(whom(message)) or "–"},
        kind="crew-text" if crew else "text",
        status=message.status,
        status_label=str(message.get_status_display()),
        public=message.body,
        details=[say_error(message.error)] if message.error else [],
        href=reverse("console:text", args=[message.pk]),
    )
