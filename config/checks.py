"""What is misconfigured, in plain words (`check`, `check --deploy`, and before every command)."""

import os
import zoneinfo
from collections.abc import Sequence
from urllib.parse import urlsplit

import phonenumbers
from celery import current_app
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from config.environment import envsecret


@register()
def check_secret_key(**_: object) -> list[CheckMessage]:
    if envsecret("SECRET_KEY") or not envsecret("DATABASE_URL"):
        return []
    return [
        Error(
            "DATABASE_URL is set but SECRET_KEY is not: every process would make its own key and "
            "nobody would stay signed in.",
            hint="Set SECRET_KEY, or SECRET_KEY_FILE to a file that holds it.",
            id="hotline.E001",
        )
    ]


@register()
def check_database(**_: object) -> list[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        return []
    return [
        Error(
            "DATABASE_URL names another database than PostgreSQL.",
            hint="Write postgresql://user:password@host/name.",
            id="hotline.E002",
        )
    ]


@register()
def check_city(**_: object) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if settings.HOTLINE_PHONE_REGION not in phonenumbers.SUPPORTED_REGIONS:
        problems.append(
            Error(
                f"HOTLINE_PHONE_REGION is {settings.HOTLINE_PHONE_REGION!r}, which is no country.",
                hint="Two capital letters, such as CN or US.",
                id="hotline.E003",
            )
        )
    if settings.TIME_ZONE not in zoneinfo.available_timezones():
        problems.append(
            Error(
                f"HOTLINE_TIME_ZONE is {settings.TIME_ZONE!r}, which is no time zone.",
                hint="A name such as Asia/Shanghai or America/New_York.",
                id="hotline.E004",
            )
        )
    return problems


@register()
def check_addresses(**_: object) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    public = urlsplit(settings.PUBLIC_BASE_URL)
    if public.scheme not in {"http", "https"} or not public.hostname:
        problems.append(
            Error(
                f"PUBLIC_BASE_URL is {settings.PUBLIC_BASE_URL!r}: links in texts would not work.",
                hint="Write https://hotline.example.org, without a path.",
                id="hotline.E005",
            )
        )
    broker = urlsplit(str(current_app.conf.broker_url))
    if broker.scheme not in {"redis", "rediss", "redis+socket", "memory"}:
        problems.append(
            Error(
                "REDIS_URL does not begin with redis://, rediss:// or redis+socket://.",
                id="hotline.E006",
            )
        )
    return problems


@register(Tags.security, deploy=True)
def check_deployment(**_: object) -> Sequence[CheckMessage]:
    """What is fine on a desk and wrong in a city."""
    rules: list[tuple[str, bool, str]] = [
        ("W001", bool(os.environ.get("DATABASE_URL")), "DATABASE_URL is not set."),
        ("W002", bool(os.environ.get("REDIS_URL")), "REDIS_URL is not set."),
        (
            "W003",
            bool(envsecret("HOTLINE_HASH_KEY")),
            "HOTLINE_HASH_KEY is not set: a new SECRET_KEY would forget who must not be texted.",
        ),
        (
            "W004",
            settings.PUBLIC_BASE_URL.startswith("https://"),
            "PUBLIC_BASE_URL does not begin with https://.",
        ),
    ]
    return [Warning(text, id=f"hotline.{code}") for code, fine, text in rules if not fine]
