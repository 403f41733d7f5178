"""What is misconfigured about calls and answers that come in, in plain words."""

import re

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LINE = re.compile(r"\+[1-9][0-9]{6,14}|client:[\w.@-]{1,121}|sip:[^\s@]+@[^\s@]+")


@register()
def check_desk(**_: object) -> list[CheckMessage]:
    wrong = [line for line in settings.HOTLINE_DESK_NUMBER if not LINE.fullmatch(line)]
    return [
        Error(
            f"HOTLINE_DESK_NUMBER has {line!r}, which cannot be rung.",
            hint="Write +14155550100, client:desk or sip:desk@example.org, commas between them.",
            id="hotline.E024",
        )
        for line in wrong
    ]


@register()
def check_patience(**_: object) -> list[CheckMessage]:
    """A ticket that closes before anybody can have read that it is solved helps nobody."""
    return [
        Error(f"{name} is {getattr(settings, name)}: it must be a day at least.", id="hotline.E025")
        for name in ("HOTLINE_SILENCE_DAYS", "HOTLINE_REOPEN_DAYS")
        if getattr(settings, name) < 1
    ]
