"""Who can be reached, who must not be, and every text that was ever meant for somebody."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """A citizen we can reach. The number is E.164; it is null once the person was erased."""

    phone = models.CharField(max_length=16, null=True, unique=True)  # noqa: DJ001
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="contact_phone_is_e164",
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Suppression(models.Model):
    """A number that must never be texted again; a keyed hash outlives the person's erasure."""

    phone_hash = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=20)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"suppression {self.pk} ({self.source})"


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    UNDELIVERED = "undelivered", _("not delivered")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("unknown")
    PARKED = "parked", _("needs a person")
    CANCELLED = "cancelled", _("cancelled")
    SUPPRESSED = "suppressed", _("suppressed")
    SUPERSEDED = "superseded", _("superseded")
    EXPIRED = "expired", _("expired")


S = MessageStatus

# From where each status may be entered. Receipts only move forward.
EARLIER: dict[str, frozenset[str]] = {
    S.SENDING: frozenset({S.QUEUED}),
    S.SENT: frozenset({S.SENDING, S.UNKNOWN}),
    S.DELIVERED: frozenset({S.SENDING, S.UNKNOWN, S.SENT}),
    S.UNDELIVERED: frozenset({S.SENDING, S.UNKNOWN, S.SENT}),
    S.FAILED: frozenset({S.SENDING, S.UNKNOWN, S.SENT}),
    S.UNKNOWN: frozenset({S.SENDING}),
    S.QUEUED: frozenset({S.SENDING, S.UNKNOWN, S.PARKED}),
    S.PARKED: frozenset({S.UNKNOWN}),
    S.CANCELLED: frozenset({S.QUEUED, S.PARKED}),
    S.SUPPRESSED: frozenset({S.QUEUED}),
    S.SUPERSEDED: frozenset({S.QUEUED}),
    S.EXPIRED: frozenset({S.QUEUED}),
}


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> "MessageQuerySet":
        return self.filter(status=S.QUEUED, run_at__lte=now)

    def about(self, topic: str) -> "MessageQuerySet":
        return self.filter(topic=topic)


class Message(models.Model):
    """One text to one person, its words fixed when the fact happened. The row is the queue."""

    dedupe_key = models.CharField(max_length=120, unique=True)
    topic = models.CharField(max_length=40)  # what it is about, in the caller's own terms
    kind = models.CharField(max_length=30)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    staff_phone = models.CharField(max_length=16, blank=True)  # crews are never Contacts
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    body = models.TextField()
    segments = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=MessageStatus, default=S.QUEUED)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    provider_sid = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, staff_phone="")
                | (Q(contact__isnull=True) & ~Q(staff_phone="")),
                name="message_has_one_recipient",
            ),
            models.CheckConstraint(condition=Q(segments__gt=0), name="message_has_words"),
        ]
        indexes: ClassVar = [
            models.Index("run_at", "id", condition=Q(status="queued"), name="message_waiting"),
            models.Index("lease_until", condition=Q(status="sending"), name="message_in_flight"),
            models.Index("topic", "id", name="message_by_topic"),
            models.Index(F("created_at").desc(), F("id").desc(), name="message_log"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} ({self.kind})"

    @property
    def recipient(self) -> str:
        """E.164, or empty where the person was erased."""
        return self.staff_phone or (self.contact.phone or "" if self.contact else "")
