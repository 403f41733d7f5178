"""The nudge. Everything durable is a row in PostgreSQL; a lost task is found again by a sweep."""

import os
import warnings

from celery import Celery
from celery.signals import setup_logging

from config.environment import envsecret

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Root in a container is common, and our messages carry no pickles.
warnings.filterwarnings("ignore", message="You're running the worker with superuser")

BEAT_SCHEDULE = {
    "send what was left behind": {"task": "notifications.tasks.sweep", "schedule": 10.0},
    "read what was left unread": {"task": "hotline.tasks.read_what_was_left", "schedule": 60.0},
    "fetch what callers said": {"task": "hotline.tasks.fetch_recordings", "schedule": 60.0},
    "call whom no text reaches": {"task": "hotline.tasks.owe_for_lost_news", "schedule": 300.0},
    "close what nobody objects to": {"task": "hotline.tasks.close_silent", "schedule": 600.0},
}

app = Celery("hotline")
app.config_from_object(
    {
        "broker_url": envsecret("REDIS_URL", "redis://localhost:6379/0"),
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        # Acknowledged early: the row is the queue, so a killed worker loses a nudge, never a text.
        # Late acknowledgement with a Redis broker starts a long task twice.
        "task_acks_late": False,
        "worker_prefetch_multiplier": 1,
        "worker_max_tasks_per_child": 2_000,
        "worker_hijack_root_logger": False,
        "broker_connection_retry_on_startup": True,
        # A request never waits for a dead broker: one try, one second.
        "task_publish_retry": False,
        "broker_connection_timeout": 1,
        "broker_transport_options": {
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
            "retry_on_timeout": False,
            "max_retries": 0,
        },
        "beat_schedule": BEAT_SCHEDULE,
        "timezone": "UTC",
    }
)
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Celery would install its own handlers; the settings have already said how to log."""
