"""Python reads this first: every clock of the process is wrong by CLOCK_IS_WRONG_BY seconds."""

import os
import time
from datetime import datetime, timedelta

from django.utils import timezone

WRONG = float(os.environ["CLOCK_IS_WRONG_BY"])
seconds, now = time.time, timezone.now


def wrong_seconds() -> float:
    return seconds() + WRONG


def wrong_now() -> datetime:
    return now() + timedelta(seconds=WRONG)


time.time, timezone.now = wrong_seconds, wrong_now
