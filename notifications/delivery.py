"""Claim, commit, speak to the gateway, record. No transaction is open during a call.

Threads do nothing but speak to gateways; what they bring back is written down by the one that
waits for them.
"""

import logging
import random
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications import consent, health, quiet
from notifications.claim import Claimed, Result, claim, record
from notifications.gateways import Outgoing, Refusal, Verdict
from notifications.gateways.routes import gateway, gateways, route, takes
from notifications.models import Attempt, Message, MessageStatus
from notifications.receipts import CONFIRM_AFTER, mark_doubled, number_is_dead
from notifications.verdicts import judge, seen

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500  # texts of one turn
CALLS = 32  # to one gateway at a time
PATIENCE = 0.5  # seconds without any answer until we look what else has come


@dataclass(frozen=True)
class Call:
    """A claimed text, what the gateway said to it, and what is to be written down."""

    text: Claimed
    result: Result
    refusal: Refusal | None = None
    spoken: bool = True  # to the gateway


class Lane:
    """What is under way through one gateway."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.calls: set[Future[Call]] = set()
        self.dry = False  # fewer texts were due than there was room for

    def fill(self, most: int) -> int:
        """Claim texts by handfuls, not for every call that ends; how many were claimed."""
        room = min(CALLS - len(self.calls), most)
        if not room or (self.calls and (self.dry or room < CALLS // 2)):
            return 0
        started, claimed = _start(self.name, room)
        self.calls |= started
        self.dry = claimed < room
        return claimed

    def end(self, calls: set[Future[Call]]) -> None:
        if calls:
            self.calls -= calls
            _write_down(self.name, [call.result() for call in calls])


def drain() -> int:
    """Send what is due; returns how many texts were tried.

    Any number of workers may drain at once: each text is claimed by one of them, and a gateway
    that hangs holds up no other.
    """
    lanes, tried = [Lane(name) for name in gateways()], 0
    while True:
        for lane in lanes:
            tried += lane.fill(MOST_AT_ONCE - tried)
        waiting = set[Future[Call]]().union(*(lane.calls for lane in lanes))
        if not waiting:
            return tried
        done, _ = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        for lane in lanes:
            lane.dry = lane.dry and bool(done)  # after a silence there may be more
            lane.end(lane.calls & done)


def first_look() -> float:
    """Seconds until the fate of an uncertain text is asked for."""
    return float(settings.TEXT_LOOK_SECONDS[0])


def _start(name: str, room: int) -> tuple[set[Future[Call]], int]:
    """Claim texts of one gateway and hand them to threads; how many were claimed."""
    allowed, probe = health.allowance(name, most=room)
    until = _clock() + settings.TEXT_LEASE_SECONDS / 2  # from here: we may be frozen anywhere
    try:
        with transaction.atomic():
            night = quiet.is_night(timezone.now())
            claimed = claim(name, most=allowed, night=night) if allowed else []
    except IntegrityError:  # another worker has just claimed a text to one of these people
        return set(), 0
    silent = consent.opted_out({text.to for text in claimed if text.to}) if claimed else set()
    barred = [text for text in claimed if not text.to or text.to in silent]
    if barred:
        record(Result(t.lease, Attempt.Outcome.REFUSED, MessageStatus.SUPPRESSED) for t in barred)
    astray = [text for text in claimed if text not in barred and not takes(name, text.to)]
    _send_elsewhere(astray)
    ours = [text for text in claimed if text not in barred and text not in astray]
    return {_threads().submit(_call, text, until, probe) for text in ours}, len(claimed)


def _send_elsewhere(texts: Sequence[Claimed]) -> None:
    """The number died after the way was chosen; the address that is left belongs to another."""
    for text in texts:
        back = Result(text.lease, Attempt.Outcome.REFUSED, MessageStatus.QUEUED, counts=False)
        with transaction.atomic():
            Message.objects.filter(pk=text.id, lease=text.lease).update(gateway=route(text.to))
            record([back])


def _call(text: Claimed, until: float, probe: bool) -> Call:
    """Speak to the gateway. A worker that was frozen since its claim does not speak any more."""
    if _clock() > until:
        late = Result(text.lease, Attempt.Outcome.REFUSED, MessageStatus.QUEUED, counts=False)
        return Call(text, late, spoken=False)
    valid_for = max(text.expires_at - timezone.now(), timedelta(seconds=1))
    outgoing = Outgoing(text.to, text.body, text.lease.hex, valid_for)
    try:
        sid = gateway(text.gateway).send(outgoing)
    except Exception as error:
        if not isinstance(error, Refusal):  # nobody can tell what happened
            logger.exception("%s: a text ended in an unforeseen way", text.gateway)
            error = Refusal(type(error).__name__, Verdict.AMBIGUOUS)
        dice = random.uniform(0.5, 1.5)
        return Call(text, judge(error, text, probe=probe, look=first_look(), dice=dice), error)
    accepted, delay = Attempt.Outcome.ACCEPTED, CONFIRM_AFTER.total_seconds()
    return Call(text, Result(text.lease, accepted, MessageStatus.SENT, sid=sid, delay=delay))


def _write_down(name: str, calls: Sequence[Call]) -> None:
    """Close the attempts, move the texts, and keep what this told about numbers and gateway."""
    ours = record(call.result for call in calls)
    late = [call.text.id for call in calls if call.text.lease not in ours]
    if late:  # receipts were faster, or the lease had run out
        mark_doubled(late)
    refusals = [call.refusal for call in calls if call.refusal]
    for call in calls:
        if call.refusal and call.refusal.verdict is Verdict.NUMBER:
            number_is_dead(call.text.to, code=call.refusal.code)
        elif call.refusal and call.refusal.verdict is Verdict.OPTED_OUT:
            consent.opt_out(call.text.to, source=name, now=timezone.now())
    spoken = [seen(call.refusal) for call in calls if call.spoken]
    health.note(name, spoken, reason=str(*refusals[-1:]))
    if pauses := [refusal.retry_after for refusal in refusals if refusal.retry_after]:
        health.pause(name, max(pauses))


def _clock() -> float:
    """Seconds that also pass while the process, or the machine, sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@cache
def _threads() -> ThreadPoolExecutor:
    """One pool per process, made after the fork; a thread costs nothing while it waits."""
    return ThreadPoolExecutor(CALLS * max(1, len(gateways())), thread_name_prefix="gateway")
