"""The problem itself, its append-only history, and who is told about it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from common.fields import TransactionId
from common.numbers import make_token
from common.triggers import append_only
from notifications.models import Contact
from tickets.models.catalogue import Category, Priority
from tickets.models.geo import around
from tickets.models.places import District, Unit
from tickets.rules import OPEN, RULES, Status


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    WEB = "web", _("Web")
    TEXT = "text", _("Text")
    OPEN311 = "open311", _("Open311")
    PATROL = "patrol", _("Patrol")
    IMPORT = "import", _("Import")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def open(self) -> TicketQuerySet:
        return self.filter(status__in=OPEN)

    def awaiting_triage(self) -> TicketQuerySet:
        return self.filter(status="received")

    def awaiting_dispatch(self) -> TicketQuerySet:
        return self.filter(status="accepted")

    def overdue(self, now: datetime) -> TicketQuerySet:
        return self.open().filter(due_at__lt=now)

    def newest_first(self) -> TicketQuerySet:
        return self.order_by("-opened_at", "-pk")

    def near(self, lon: float, lat: float, metres: float) -> TicketQuerySet:
        """Within a square of this half side around a place (degrees WGS84)."""
        return self.filter(around(lon, lat, metres))

    def family(self, *root_ids: int) -> TicketQuerySet:
        """Tickets and those merged into them. Ask for rows about it by `ticket__in`: an OR over
        `ticket` and `ticket__merged_into` reads both tables to their ends."""
        return self.filter(Q(pk__in=root_ids) | Q(merged_into__in=root_ids))

    def for_list(self) -> TicketQuerySet:
        """With everything a row of a list shows, in one query; a district's shape is none of it."""
        shown = self.select_related("category", "unit", "district", "owner")
        return shown.defer("district__geometry")


# The foreign key of migration 0002 ties the status to a move; this one, to the last one made.
NEVER_BACK = pgtrigger.Trigger(
    name="ticket_goes_forward",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("moves", "status"),
    condition=pgtrigger.Q(new__moves__lt=pgtrigger.F("old__moves")),
    func="RAISE EXCEPTION 'ticket %: a move is never unmade', OLD.id;",
)


class Ticket(models.Model):
    """One problem, however many people report it. Only tickets.workflow writes its status."""

    number = models.CharField(max_length=12)
    token = models.CharField(max_length=16, default=make_token)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_index=False)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    moves = models.PositiveIntegerField(default=1)  # which event of its chain made the status
    last_seq = models.PositiveIntegerField(default=1)  # newest event, moving or not
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    district = models.ForeignKey(District, models.SET_NULL, null=True, related_name="+")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    by_staff = models.BooleanField(default=False)  # the city's own find: no citizen waited
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_index=False
    )
    waiting_until = models.DateTimeField(null=True)
    flags = ArrayField(models.CharField(max_length=30), default=list)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints: ClassVar = [
            # A unique field would bring a second index, for LIKE; reports pay for every index.
            models.UniqueConstraint(fields=["number"], name="ticket_number_once"),
            models.UniqueConstraint(fields=["token"], name="ticket_token_once"),
            models.CheckConstraint(
                condition=~Q(status__in=OPEN) | Q(unit__isnull=False), name="open_ticket_has_unit"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="merged_ticket_names_its_root",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                # A comparison with NULL is no refusal: half a place has to be named.
                | Q(lon__isnull=False, lat__isnull=False)
                & Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="ticket_is_on_the_planet",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("opened_at").desc(), F("id").desc(), name="ticket_newest"),
            models.Index("status", F("opened_at").desc(), F("id").desc(), name="ticket_by_status"),
            models.Index("unit", F("opened_at").desc(), F("id").desc(), name="ticket_by_unit"),
            models.Index(
                "category", F("opened_at").desc(), F("id").desc(), name="ticket_by_category"
            ),
            models.Index(
                F("due_at").asc(nulls_last=True),
                "id",
                condition=Q(status__in=OPEN),
                name="ticket_promises",
            ),
            models.Index("id", condition=Q(status="resolved"), name="ticket_solved"),
            models.Index(
                "merged_into", condition=Q(merged_into__isnull=False), name="ticket_children"
            ),
            GistIndex(Func("lon", "lat", function="point"), name="ticket_place"),
        ]
        triggers: ClassVar = [NEVER_BACK]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def topic(self) -> str:
        """What its texts are filed under in the outbox."""
        return f"ticket:{self.pk}"

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now


def _legal_moves() -> Q:
    legal = Q(move__isnull=True)
    for action, rule in RULES.items():
        legal |= Q(kind=action, from_status__in=sorted(rule.from_), to_status=rule.to)
    return legal


class TicketEvent(models.Model):
    """What happened, when, and when we learnt of it. Append-only; there is no other history.

    A moving event has its place in the chain (`move`, from 1) and both statuses; migration 0002
    ties it by foreign keys to its true predecessor, and the ticket to its last move. Status follows
    `seq` (the order of recording), history and clocks follow (`occurred_at`, `seq`).
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    move = models.PositiveIntegerField(null=True)
    from_status = models.CharField(max_length=12, null=True)  # noqa: DJ001 - null in composite key
    to_status = models.CharField(max_length=12, null=True)  # noqa: DJ001
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    job = models.BigIntegerField(null=True)  # the work order it tells of
    reason = models.CharField(max_length=40, blank=True)  # a code from a list, never words
    data = models.JSONField(default=dict)  # codes and numbers, never words of a person
    applied = models.BooleanField(default=True)  # false: a fact whose move was not legal
    flags = ArrayField(models.CharField(max_length=30), default=list)
    tx = TransactionId()

    class Meta:
        verbose_name = _("event of a ticket")
        verbose_name_plural = _("events of tickets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="event_seq_in_ticket"),
            models.UniqueConstraint(
                fields=["ticket", "move", "to_status"], name="event_move_in_ticket"
            ),
            models.UniqueConstraint(fields=["ticket", "move"], name="event_one_per_move"),
            models.CheckConstraint(
                condition=Q(move__isnull=True, from_status__isnull=True, to_status__isnull=True)
                | Q(move__isnull=False, from_status__isnull=False, to_status__isnull=False),
                name="event_moves_wholly_or_not",
            ),
            models.CheckConstraint(
                condition=Q(move__isnull=True)
                | Q(move=1, from_status="")
                | (Q(move__gt=1) & ~Q(from_status="")),
                name="event_first_move_opens",
            ),
            models.CheckConstraint(condition=_legal_moves(), name="event_move_is_legal"),
            models.CheckConstraint(
                condition=Q(reason__regex=r"^[a-z0-9_]*$"), name="event_reason_is_a_code"
            ),
        ]
        indexes: ClassVar = [
            models.Index("tx", "id", name="event_cursor"),
            models.Index("kind", "occurred_at", name="event_by_kind"),
        ]
        triggers: ClassVar = [append_only("ticket_event")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.seq}"


class Words(models.Model):
    """The erasable text of an event or a report, apart from the row that must stay."""

    event = models.OneToOneField(TicketEvent, models.CASCADE, null=True, related_name="words")
    public = models.TextField(blank=True)
    internal = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"words {self.pk}"


class Subscriber(models.Model):
    """Somebody who is told about a ticket; the token of their link opens their own words too."""

    class Answer(models.TextChoices):
        NONE = "", _("no answer")
        YES = "yes", _("fixed")
        NO = "no", _("not fixed")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="subscribers", db_index=False)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    token = models.CharField(max_length=16, default=make_token)
    answer = models.CharField(max_length=3, choices=Answer, default=Answer.NONE, blank=True)
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="subscribed_once"),
            models.UniqueConstraint(fields=["token"], name="subscriber_token_once"),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Photo(models.Model):
    """A picture of the problem or of the work; re-encoded, without the camera's metadata."""

    class Moment(models.TextChoices):
        REPORT = "report", _("with the report")
        BEFORE = "before", _("before the work")
        AFTER = "after", _("after the work")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="photos")
    moment = models.CharField(max_length=8, choices=Moment)
    job = models.BigIntegerField(null=True)
    file = models.FileField(upload_to="photos/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "sha256"], name="photo_once_per_ticket"),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"
