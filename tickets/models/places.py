"""The city: its districts, the departments that answer, and what a map of it shows."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named


class District(Named):
    """A polygon of the city (GeoJSON, WGS84)."""

    code = models.SlugField(unique=True)
    geometry = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)  # tells processes to load the shapes anew

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")


class Unit(Named):
    """A department that answers for tickets, with the person on duty."""

    code = models.SlugField(unique=True)
    duty = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_default = models.BooleanField(default=False)  # takes what nobody else answers for

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_unit"
            ),
        ]


class MapLayer(models.Model):
    """A GeoJSON layer the pages draw under everything else: streets, say."""

    code = models.SlugField(unique=True)
    geojson = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("map layer")
        verbose_name_plural = _("map layers")

    def __str__(self) -> str:
        return self.code
