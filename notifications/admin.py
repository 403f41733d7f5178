from django.contrib import admin

from common.read_only import ReadOnly
from notifications.models import Message


@admin.register(Message)
class MessageAdmin(ReadOnly):
    """The state of the texts; what they say and to whom is in the console's log, masked."""

    fields = (
        *("topic", "kind", "language", "segments", "status", "created_at", "run_at"),
        *("attempts", "sent_at", "delivered_at", "error"),
    )
    list_display = ("kind", "status", "attempts", "created_at", "sent_at", "error")
    list_filter = ("status",)
    ordering = ("-created_at", "-pk")
