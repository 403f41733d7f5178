"""What citizens say: their reports, their calls, their texts, their verdict."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hotline.meanings import Sort
from notifications.models import Contact
from tickets.models import Channel, Ticket, Words

LONGEST_RING = timedelta(minutes=5)  # afterwards somebody hung up and nobody told us


class CallQuerySet(models.QuerySet["Call"]):
    def ringing(self, now: datetime) -> CallQuerySet:
        """Through the language menu, not yet answered, not yet over; the longest waiting first."""
        lately = self.filter(rang_at__gt=now - LONGEST_RING).exclude(language="")
        still = lately.filter(answered_at=None, missed_at=None, ended_at=None)
        return still.order_by("rang_at", "pk")


class Call(models.Model):
    """One phone call, whether or not a ticket came of it."""

    class Outcome(models.TextChoices):
        REPORTED = "reported", _("Report taken")
        JOINED = "joined", _("Joined a known problem")
        INFORMATION = "information", _("Information given")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        TRANSFERRED = "transferred", _("Transferred")
        CALL_BACK = "call_back", _("To be called back")

    number = models.CharField(max_length=16, blank=True)  # E.164; empty: hidden
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)  # nobody answered in time
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    provider_sid = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    # Chosen by the caller at the beginning; empty where the telephone system did not ask.
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(F("rang_at").desc(), F("id").desc(), name="call_log")]

    def __str__(self) -> str:
        return f"call {self.pk}"


class Recording(models.Model):
    """What a caller said after the tone. It lies at the gateway until we have fetched it."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="recordings")
    sid = models.CharField(max_length=64, unique=True)  # the gateway's
    seconds = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="recordings/%Y/%m/", blank=True)
    recorded_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True)  # when to fetch it, or to delete it there
    looks = models.PositiveSmallIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True)  # at the gateway

    class Meta:
        indexes: ClassVar = [
            models.Index("look_at", condition=Q(look_at__isnull=False), name="recording_to_fetch"),
        ]

    def __str__(self) -> str:
        return f"recording {self.pk}"


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def owed(self) -> CallBackQuerySet:
        """Whom we still have to call, the most urgent first."""
        return self.filter(done_at=None).order_by("due_at", "pk")


class CallBack(models.Model):
    """A call we owe to somebody, or a message that somebody without a number left."""

    class Reason(models.TextChoices):
        ASKED = "asked", _("asked to be called")
        MISSED = "missed", _("called, and nobody answered")
        MESSAGE = "message", _("left a spoken message")
        NOT_ARRIVED = "not_arrived", _("a text did not arrive")
        NO_TEXTS = "no_texts", _("the number gets no texts")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("spoken to")
        NOT_REACHED = "not_reached", _("not reached")
        WRONG_NUMBER = "wrong_number", _("wrong number")
        NOT_NEEDED = "not_needed", _("not needed any more")

    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    call = models.ForeignKey(Call, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.ASKED)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CallBackQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "ticket"],
                condition=Q(done_at__isnull=True, contact__isnull=False),
                nulls_distinct=False,
                name="one_call_back_owed",
            ),
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(contact__isnull=True),
                name="one_call_back_without_number",
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(call__isnull=False),
                name="call_back_is_owed_to_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index("due_at", "id", condition=Q(done_at__isnull=True), name="call_back_due"),
        ]

    def __str__(self) -> str:
        return f"call back {self.pk}"


class Report(models.Model):
    """A citizen's own words through one channel. Every report belongs to one ticket."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    call = models.OneToOneField(Call, models.PROTECT, null=True, related_name="+")
    words = models.OneToOneField(Words, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    answers = models.JSONField(default=dict)  # question code → answer
    dangerous = models.BooleanField(default=False)
    said_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # The sender's own id of this report: a form sent twice, a row imported twice is one report.
    sender_key = models.UUIDField(null=True, unique=True)
    source = models.CharField(max_length=40, blank=True)
    foreign_id = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "foreign_id"],
                condition=~Q(foreign_id=""),
                name="foreign_report_once",
            ),
        ]
        indexes: ClassVar = [models.Index("ticket", "id", name="report_by_ticket")]

    def __str__(self) -> str:
        return f"report {self.pk}"


class InboundTextQuerySet(models.QuerySet["InboundText"]):
    def waiting(self) -> InboundTextQuerySet:
        """What only a person can deal with, the oldest first."""
        return self.filter(state=InboundText.State.WAITING).order_by("received_at", "pk")


class InboundText(models.Model):
    """What a citizen sent us by text, once, whatever the gateway repeats."""

    class State(models.TextChoices):
        NEW = "new", _("not read yet")
        DONE = "done", _("dealt with")
        ASKED = "asked", _("we asked which report is meant")
        WAITING = "waiting", _("waits for the desk")
        REPORTED = "reported", _("became a report")
        DISMISSED = "dismissed", _("put aside")

    class Dismissal(models.TextChoices):
        ANSWERED = "answered", _("answered otherwise")
        NOT_OURS = "not_ours", _("not for us")
        NONSENSE = "nonsense", _("makes no sense")
        SPAM = "spam", _("advertising")

    provider_sid = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=40)  # as the gateway gave it: names and short codes, too
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    body = models.TextField(blank=True)
    media = models.PositiveSmallIntegerField(default=0)  # pictures and the like, left there
    keyword = models.CharField(max_length=5, blank=True)  # to which the gateway itself replied
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    meaning = models.CharField(max_length=10, choices=Sort, blank=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    dismissal = models.CharField(max_length=10, choices=Dismissal, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True)

    objects = InboundTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(report__isnull=False),
                name="reported_text_has_a_report",
            ),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(dismissal=""),
                name="dismissed_text_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index("number", F("received_at").desc(), name="text_from_number"),
            models.Index(
                "state",
                "received_at",
                condition=Q(state__in=["new", "asked", "waiting"]),
                name="text_to_deal_with",
            ),
        ]

    def __str__(self) -> str:
        return f"inbound text {self.pk}"


class Feedback(models.Model):
    """The citizen's verdict, once per ticket and person: contacted? resolved? satisfied?"""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    contacted = models.BooleanField(null=True)
    resolved = models.BooleanField(null=True)
    satisfied = models.PositiveSmallIntegerField(null=True)  # 1 to 5
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="feedback_once"),
            models.CheckConstraint(
                condition=Q(satisfied__isnull=True) | Q(satisfied__gte=1, satisfied__lte=5),
                name="satisfied_from_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"feedback {self.pk}"
