"""Time in the demo town: every life is a generator that says when it goes on.

Lives are woken in the order of time, so that events, numbers and stock follow each other as they
would have; what lies after the present never happens, which leaves a town in the middle of its day.
"""

import heapq
from collections.abc import Generator
from datetime import datetime
from itertools import count
from typing import TypeVar

T = TypeVar("T")
Steps = Generator[datetime, datetime, T]  # yields when to go on, is sent what time it is, ends in T
Life = Steps[None]


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._turn = count()  # at the same moment: who asked first

    def start(self, life: Life) -> None:
        """Run a life up to its first wish; from now on it takes its turns."""
        self._keep(life, next(life))

    def run(self, until: datetime) -> None:
        while self._waiting and self._waiting[0][0] <= until:
            self.now, _, life = heapq.heappop(self._waiting)
            try:
                wish = life.send(self.now)
            except StopIteration:
                continue
            self._keep(life, wish)

    def _keep(self, life: Life, wish: datetime) -> None:
        heapq.heappush(self._waiting, (max(wish, self.now), next(self._turn), life))
