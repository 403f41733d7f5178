"""What a gateway's refusal makes of a text: one table, and the waits between two tries."""

from notifications.claim import Claimed, Result
from notifications.gateways import Refusal, Verdict
from notifications.health import Seen
from notifications.models import Attempt, MessageStatus

S = MessageStatus
A = Attempt.Outcome
MOST_ATTEMPTS = 8
LONGEST_WAIT = 15 * 60  # seconds

NEXT = {
    Verdict.RETRY: (A.REFUSED, S.QUEUED),
    Verdict.AMBIGUOUS: (A.UNCERTAIN, S.UNKNOWN),
    Verdict.PERMANENT: (A.REFUSED, S.PARKED),
    Verdict.NUMBER: (A.REFUSED, S.FAILED),
    Verdict.OPTED_OUT: (A.REFUSED, S.SUPPRESSED),
    Verdict.ACCOUNT: (A.REFUSED, S.QUEUED),
}
# What the refusal says about the gateway; every other answer shows that it works.
BAD = {Verdict.AMBIGUOUS: Seen.BAD, Verdict.RETRY: Seen.BAD, Verdict.ACCOUNT: Seen.CLOSED}


def judge(refusal: Refusal, text: Claimed, *, probe: bool, look: float, dice: float) -> Result:
    """The result of a refused attempt. `look` are the seconds until an unknown one is looked up,
    `dice` between 0.5 and 1.5 spreads the next tries of many texts."""
    outcome, status = NEXT[refusal.verdict]
    # A gateway that is away for hours, or asks for a pause, must not use up the attempts.
    counts = not (probe or refusal.verdict is Verdict.ACCOUNT or refusal.retry_after)
    if status == S.QUEUED and counts and text.attempts >= MOST_ATTEMPTS:
        status = S.PARKED
    if status == S.UNKNOWN:
        delay = look
    elif refusal.retry_after:
        delay = refusal.retry_after.total_seconds()
    else:
        delay = min(LONGEST_WAIT, 2**text.attempts) * dice
    return Result(
        text.lease,
        outcome,
        status,
        str(refusal)[:200],
        refusal.code[:20],
        refusal.http_status,
        delay=delay,
        counts=counts,
    )


def seen(refusal: Refusal | None) -> Seen:
    """What an answer tells about the gateway itself. Being asked to slow down is no failure."""
    if refusal is None:
        return Seen.GOOD
    return Seen.GOOD if refusal.retry_after else BAD.get(refusal.verdict, Seen.GOOD)
