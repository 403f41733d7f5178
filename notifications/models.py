"""Who can be reached, who must not be, and every text that was ever meant for somebody."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Untextable(models.TextChoices):
    """Why a number gets no texts. Empty where it does."""

    LANDLINE = "landline", _("landline")
    UNREACHABLE = "unreachable", _("number not reachable")


class Contact(models.Model):
    """A citizen we can reach. The number is E.164; it is null once the person was erased."""

    phone = models.CharField(max_length=16, null=True)  # noqa: DJ001
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    untextable = models.CharField(max_length=12, choices=Untextable, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phone"], name="contact_phone_once"),
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(phone__isnull=True) & ~Q(email=""),
                name="contact_email_once",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="contact_phone_is_e164",
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    @property
    def address(self) -> str:
        """Where news go: the number, else the e-mail address, else nowhere (empty)."""
        return self.phone if self.phone and not self.untextable else self.email


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

# A receipt is evidence: it settles a text that waits for its second chance, too.
UNSETTLED = frozenset({S.SENDING, S.UNKNOWN, S.QUEUED, S.PARKED})

# From where each status may be entered. Receipts only move forward.
EARLIER: dict[str, frozenset[str]] = {
    S.SENDING: frozenset({S.QUEUED}),
    S.SENT: UNSETTLED,
    S.DELIVERED: UNSETTLED | {S.SENT},
    S.UNDELIVERED: UNSETTLED | {S.SENT},
    S.FAILED: UNSETTLED | {S.SENT},
    S.UNKNOWN: frozenset({S.SENDING}),
    S.QUEUED: frozenset({S.SENDING, S.UNKNOWN, S.PARKED, S.UNDELIVERED}),
    S.PARKED: frozenset({S.SENDING, S.UNKNOWN}),
    S.CANCELLED: frozenset({S.QUEUED, S.PARKED}),
    S.SUPPRESSED: frozenset({S.QUEUED, S.SENDING}),
    S.SUPERSEDED: frozenset({S.QUEUED}),
    S.EXPIRED: frozenset({S.QUEUED}),
}


class Importance(models.IntegerChoices):
    """What may wait for the morning, and for how long a text is worth sending."""

    CRITICAL = 0, _("urgent")  # crews, danger: at any hour, ahead of everything else
    REPLY = 1, _("reply")  # an answer to what the citizen did just now: at any hour
    NORMAL = 2, _("normal")
    INFO = 3, _("for information")  # never sent twice, not even after a doubt


class MessageQuerySet(models.QuerySet["Message"]):
    def about(self, topic: str) -> "MessageQuerySet":
        return self.filter(topic=topic)


class Message(models.Model):
    """One text to one person, its words fixed when the fact happened. The row is the queue."""

    dedupe_key = models.CharField(max_length=120)
    topic = models.CharField(max_length=40)  # what it is about, in the caller's own terms
    kind = models.CharField(max_length=30)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    staff_phone = models.CharField(max_length=16, blank=True)  # crews are never Contacts
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    body = models.TextField()
    segments = models.PositiveSmallIntegerField()
    importance = models.PositiveSmallIntegerField(choices=Importance, default=Importance.NORMAL)
    gateway = models.CharField(max_length=20)  # its name in notifications/gateways/routes.py
    status = models.CharField(max_length=12, choices=MessageStatus, default=S.QUEUED)
    created_at = models.DateTimeField()
    run_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # not worth sending afterwards
    attempts = models.PositiveSmallIntegerField(default=0)  # that count against the limit
    lease = models.UUIDField(null=True)  # the token of the attempt that holds it
    lease_until = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)  # unknown, or sent: when to ask the gateway
    looks = models.PositiveSmallIntegerField(default=0)  # that found nothing, cleanly
    resent = models.BooleanField(default=False)  # after a doubt or a lost delivery: once
    doubled = models.BooleanField(default=False)  # evidence came late: it was said twice
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dedupe_key"], name="message_dedupe_key_once"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, staff_phone="")
                | (Q(contact__isnull=True) & ~Q(staff_phone="")),
                name="message_has_one_recipient",
            ),
            models.CheckConstraint(condition=Q(segments__gt=0), name="message_has_words"),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease__isnull=False, lease_until__isnull=False),
                name="message_in_flight_has_a_lease",
            ),
            # Texts to one person arrive in the order in which they were meant.
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(status__in=["sending", "unknown"]),
                name="one_text_in_flight_per_contact",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "gateway",
                "importance",
                "run_at",
                "id",
                condition=Q(status="queued"),
                name="message_waiting",
            ),
            models.Index(
                "look_at",
                condition=Q(status__in=["unknown", "sent"], look_at__isnull=False),
                name="message_to_look_up",
            ),
            models.Index(
                "contact", "sent_at", condition=Q(sent_at__isnull=False), name="message_sent_to"
            ),
            models.Index("id", condition=Q(status="parked"), name="message_parked"),
            models.Index("lease_until", condition=Q(status="sending"), name="message_in_flight"),
            models.Index("topic", "id", name="message_by_topic"),
            models.Index(F("created_at").desc(), F("id").desc(), name="message_log"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} ({self.kind})"

    @property
    def recipient(self) -> str:
        """E.164 or an e-mail address; empty where there is neither, or the person was erased."""
        return self.staff_phone or (self.contact.address if self.contact else "")


class Attempt(models.Model):
    """One try to hand over one text, committed before the gateway is spoken to."""

    class Outcome(models.TextChoices):
        OPEN = "", _("no answer recorded")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    token = models.UUIDField(unique=True)
    gateway = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=20, blank=True)  # the gateway's own
    sid = models.CharField(max_length=64, null=True)  # noqa: DJ001 the gateway's id of the text

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gateway", "sid"], name="gateway_id_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk} of message {self.message_id}"


class Receipt(models.Model):
    """What a gateway told us about a text, once, however often it is repeated."""

    gateway = models.CharField(max_length=20)
    sid = models.CharField(max_length=64)
    status = models.CharField(max_length=30)  # in the gateway's own words
    code = models.CharField(max_length=20, blank=True)
    attempt = models.ForeignKey(Attempt, models.CASCADE, null=True, related_name="receipts")
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["gateway", "sid", "status", "code"], name="receipt_once"
            ),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk} ({self.status})"


class GatewayHealth(models.Model):
    """The breaker of one gateway: while it is open, one text in a while tries the way."""

    name = models.CharField(max_length=20, primary_key=True)
    failures = models.PositiveIntegerField(default=0)  # one after the other
    tried = models.PositiveIntegerField(default=0)  # in the present window
    failed = models.PositiveIntegerField(default=0)  # of these
    opened_at = models.DateTimeField(null=True)
    closed_until = models.DateTimeField(null=True)  # nothing is handed over before
    reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """The words of one kind of text in one language, as the city wrote them; the last one counts.

    Where there is none, the file in templates/texts/ does.
    """

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    words = models.TextField(blank=True)  # empty: the file's words again
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index("kind", "language", F("id").desc(), name="last_wording")]

    def __str__(self) -> str:
        return f"wording {self.pk} ({self.kind}, {self.language})"
