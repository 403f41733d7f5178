from typing import ClassVar

from django.conf import settings
from django.db import models

from common.triggers import append_only
from dispatch.models.orders import WorkOrder


class Operation(models.Model):
    """One thing a crew's phone did, under the phone's own id: it counts once, for ever."""

    id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)  # the same id with other content is refused
    kind = models.CharField(max_length=20)
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload = models.JSONField(null=True)  # kept until retention; the rest stays
    result = models.JSONField()

    class Meta:
        triggers: ClassVar = [append_only("operation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
