"""What citizens say: their reports, their calls, their texts, their verdict."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from notifications.models import Contact
from tickets.models import Channel, Ticket, Words


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
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    provider_sid = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001

    class Meta:
        indexes: ClassVar = [models.Index(F("rang_at").desc(), F("id").desc(), name="call_log")]

    def __str__(self) -> str:
        return f"call {self.pk}"


class CallBack(models.Model):
    """A call we owe to somebody."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

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


class InboundText(models.Model):
    """What a citizen sent us by text, once, whatever the gateway repeats."""

    provider_sid = models.CharField(max_length=64, unique=True)
    number = models.CharField(max_length=16)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    body = models.TextField(blank=True)
    received_at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="+")

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
