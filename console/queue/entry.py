"""One line of the life of a ticket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tickets.models import Photo, Status

LATE = timedelta(minutes=1)


@dataclass
class Entry:
    at: datetime
    recorded_at: datetime
    drawing: str
    title: str
    kind: str  # event, voice, inbound, text or crew-text: how it looks
    who: str = ""
    status: str = ""  # where the ticket (or the text) is from here on
    status_label: str = ""
    public: str = ""
    internal: str = ""
    details: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    photo: Photo | None = None
    href: str = ""  # where there is more about it

    @property
    def learnt_later(self) -> bool:
        return abs(self.recorded_at - self.at) > LATE

    def moves_to(self, status: str) -> None:
        self.status, self.status_label = status, str(Status(status).label)
