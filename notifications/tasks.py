"""Celery is only the nudge: every task may be lost, doubled or late, and nothing is."""

import logging
import threading

from celery import shared_task

from notifications import delivery, sweep

logger = logging.getLogger(__name__)

SOON = 0.25  # seconds: what is reported together is one nudge; a worker costs as much as five texts
_asked = threading.Event()


def wake() -> None:
    """Ask a worker to look at the outbox, from a thread of its own: nobody waits for the broker.

    Called after a commit. Whatever is committed while a nudge is pending is seen by its worker.
    """
    if not _asked.is_set():
        _asked.set()
        threading.Timer(SOON, _nudge).start()


def _nudge() -> None:
    _asked.clear()
    try:
        drain.apply_async(retry=False)
    except Exception as error:  # the broker is down: the sweep finds every text
        logger.warning("no nudge: %s", error)


@shared_task
def drain(**_: object) -> None:
    _again_if_more(delivery.drain())


@shared_task(name="notifications.tasks.sweep")
def sweep_up(**_: object) -> None:
    _again_if_more(sweep.sweep())


def _again_if_more(tried: int) -> None:
    """A turn is bounded; what a storm left behind does not wait for the next sweep."""
    if tried >= delivery.MOST_AT_ONCE:
        wake()
