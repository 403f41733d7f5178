"""What benchmarks/storm.py does once its town stands: texts fall, workers die, all is counted."""

import random
import statistics
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from notifications import outbox
from notifications.models import Attempt, Importance, Message, MessageStatus
from tests.matrix.town import Town

S = MessageStatus
UNDER_WAY = [S.QUEUED, S.SENDING, S.UNKNOWN]
AMBIGUOUS = 0.027  # of the answers
CRASHED = 0.008  # of the texts are in flight while their worker is killed
KINDS = ("error_before", "close_before", "error_after", "hang_after", "reset_after", "truncated")
IMPORTANCE = [*[Importance.NORMAL] * 7, Importance.REPLY, Importance.CRITICAL, Importance.INFO]
MOST_EACH = 4  # texts to one person; more would have to wait for an hour
TOGETHER = 10  # texts of one transaction
PATIENCE = 300  # seconds after the last text
Said = list[dict[str, Any]]
Weather = list[dict[str, Any]]


def weather(*, doubt: float = AMBIGUOUS, receipts: float = 0.14, lists: float = 0.05) -> Weather:
    """How much of what is lost. Receipts: one of a text's two; both of 2 %. Lists that never show
    a text are worse than slow ones."""
    return [
        *({"kind": kind, "rate": doubt / len(KINDS)} for kind in KINDS),
        {"kind": "callback_lost", "rate": receipts},
        {"kind": "unlisted", "rate": lists},
    ]


def rain(town: Town, *, texts: int, rate: float, seed: int, faults: Weather) -> dict[str, Any]:
    """So many texts at so many a second; returns the figures."""
    town.gateway.faults(*faults, seed=seed, latency_ms=50)
    batch = uuid.uuid4().hex
    begun = time.monotonic()
    killed = fall(town, batch, texts=texts, rate=rate, dice=random.Random(seed))
    took = time.monotonic() - begun
    under_way = Message.objects.filter(topic=batch, status__in=UNDER_WAY)
    wait_while(under_way.exists)
    wait_while(lambda: town.gateway.summary()["callbacks_pending"])
    bodies = set(Message.objects.filter(topic=batch).values_list("body", flat=True))
    said = [text for text in town.gateway.texts() if text["body"] in bodies]
    return {"texts": texts, "queued, texts/s": texts / took, **killed, **count(batch, said)}


def fall(town: Town, batch: str, *, texts: int, rate: float, dice: random.Random) -> dict[str, Any]:
    """Queue them, and kill all workers at once whenever too few texts have been hit so far."""
    kills = hit = queued = 0
    begun = time.monotonic()
    for handful in handfuls(texts, dice):
        time.sleep(max(0.0, begun + queued / rate - time.monotonic()))
        queue(batch, handful)
        queued += len(handful)
        if queued % 100 == 0 and hit < CRASHED * queued:
            struck = strike(town, batch)
            kills, hit = kills + bool(struck), hit + struck
    return {"times all workers were killed": kills, "texts in flight then": hit}


def strike(town: Town, batch: str) -> int:
    """Kill every worker at once, in the middle of it; how many texts were in flight."""
    ours = Message.objects.filter(topic=batch)
    flying, waiting = ours.filter(status=S.SENDING), ours.filter(status=S.QUEUED)
    wait_while(lambda: waiting.exists() and not flying.exists(), pause=0.01)
    town.kill_workers()
    hit = flying.count()
    town.start_worker()
    return hit


def handfuls(texts: int, dice: random.Random) -> Iterator[list[tuple[str, str, Importance]]]:
    """Phone, words, importance: half of them to people who were told something before."""
    first, people, handful = dice.randrange(100), list[tuple[str, int]](), []
    for number in range(texts):
        phone, had = f"+1415555{first:02d}{number:06d}", 0  # too many digits to be anybody's
        if people and dice.random() < 0.5:
            phone, had = people.pop(dice.randrange(len(people)))
        if had + 1 < MOST_EACH:
            people.append((phone, had + 1))
        words = f"Ticket {first}-{number}: the light is on again."
        handful.append((phone, words, dice.choice(IMPORTANCE)))
        if len(handful) == TOGETHER or number + 1 == texts:
            yield handful
            handful = []


def queue(batch: str, handful: list[tuple[str, str, Importance]]) -> None:
    now = timezone.now()
    facts: dict[str, Any] = {"topic": batch, "kind": "storm", "language": "en"}
    with transaction.atomic():
        messages = []
        for phone, words, importance in handful:
            contact = outbox.find_or_add_contact(phone, name="", language="en", now=now)
            key = f"{batch}:{words[:40]}"
            told = {"body": words, "importance": importance, "dedupe_key": key}
            messages.append(Message(contact=contact, **told, **facts))
        outbox.enqueue(messages, now=now)


def wait_while(condition: Callable[[], object], *, pause: float = 0.2) -> None:
    deadline = time.monotonic() + PATIENCE
    while condition() and time.monotonic() < deadline:
        time.sleep(pause)


def count(batch: str, said: Said) -> dict[str, Any]:
    ours = Message.objects.filter(topic=batch)
    statuses = Counter(ours.values_list("status", flat=True))
    times = Counter(text["body"] for text in said)
    silent = [one for one in ours if one.body not in times]
    return {
        "people": ours.values("contact").distinct().count(),
        "answers in doubt or lost": in_doubt(batch).count(),
        "sent once more after three looks": ours.filter(resent=True).count(),
        "duplicates at the gateway": sum(many - 1 for many in times.values()),
        "marked as said twice": ours.filter(doubled=True).count(),
        "never sent": len(silent),
        "never sent and not parked": sum(one.status != S.PARKED for one in silent),
        "parked": statuses[S.PARKED],
        "under way or unknown at the end": sum(statuses[status] for status in UNDER_WAY),
        "duplicates of blind retry": blind_retry(batch, said),
        **time_to_accepted(ours, said),
    }


def time_to_accepted(ours: QuerySet[Message], said: Said) -> dict[str, float]:
    first = {text["body"]: float(text["accepted_at"]) for text in reversed(said)}
    waits = sorted(
        first[one.body] - one.created_at.timestamp() for one in ours if one.body in first
    )
    return {
        "accepted after, p50 s": statistics.median(waits),
        "accepted after, p99 s": waits[int(len(waits) * 0.99)],
        "accepted after, longest s": waits[-1],
    }


def in_doubt(batch: str) -> QuerySet[Attempt]:
    """Attempts of which their worker never wrote a clear answer down."""
    lost = Q(finished_at=None) | ~Q(code="")
    return Attempt.objects.filter(lost, message__topic=batch)


def blind_retry(batch: str, said: Said) -> int:
    """What somebody who tries again until there is a yes would have said twice, on the same dice:
    the first attempts in doubt that the gateway had accepted."""
    tries = Attempt.objects.filter(message__topic=batch)
    first = tries.order_by("message", "pk").distinct("message")
    accepted = {text["token"] for text in said}
    unsure = in_doubt(batch).filter(pk__in=first.values("pk"))
    return sum(attempt.token.hex in accepted for attempt in unsure)
