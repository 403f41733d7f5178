"""For monitors: is the process alive, and can it do its work?"""

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from common.access import public


@public
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@public
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Ready means: a report can be taken and its text be sent soon."""
    failures = [name for name, works in PARTS.items() if not works()]
    text = "ready\n" if not failures else f"not ready: {', '.join(failures)}\n"
    return HttpResponse(text, content_type="text/plain", status=503 if failures else 200)


def database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_works() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except (OperationalError, OSError):
        return False
    return True


PARTS = {"database": database_works, "broker": broker_works}
