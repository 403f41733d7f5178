"""By the clock: what was left behind, what nobody objected to, whom we still have to call."""

from celery import shared_task
from django.utils import timezone

from hotline import call_backs, recordings, texts
from tickets import feedback


@shared_task
def read_what_was_left(**_: object) -> None:
    texts.sweep(now=timezone.now())


@shared_task
def close_silent(**_: object) -> None:
    feedback.close_silent(now=timezone.now())


@shared_task
def owe_for_lost_news(**_: object) -> None:
    call_backs.owe_for_lost_news(now=timezone.now())


@shared_task
def fetch_recordings(**_: object) -> None:
    recordings.fetch_waiting(now=timezone.now())
