from tickets.models.catalogue import Category, Priority, Question, Responsibility
from tickets.models.places import District, MapLayer, TownVersion, Unit
from tickets.models.ticket import (
    Channel,
    Photo,
    Subscriber,
    Ticket,
    TicketEvent,
    TicketQuerySet,
    Words,
)
from tickets.rules import OPEN, Status

__all__ = [
    "OPEN",
    "Category",
    "Channel",
    "District",
    "MapLayer",
    "Photo",
    "Priority",
    "Question",
    "Responsibility",
    "Status",
    "Subscriber",
    "Ticket",
    "TicketEvent",
    "TicketQuerySet",
    "TownVersion",
    "Unit",
    "Words",
]
