"""Celery is only the nudge: every task may be lost, doubled or late, and nothing is."""

from celery import shared_task

from notifications import delivery


def wake(message_ids: list[int]) -> None:
    """Ask a worker to send these now; a broker that is down costs a few seconds, no text."""
    deliver.apply_async(kwargs={"message_ids": message_ids}, retry=False)


@shared_task
def deliver(*, message_ids: list[int], **_: object) -> None:
    for message_id in message_ids:
        delivery.deliver(message_id)


@shared_task
def sweep(**_: object) -> None:
    delivery.sweep()
