"""The city: its districts, the departments that answer, and what a map of it shows."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named


class TownVersion(models.Model):
    """One row that changes with every edit of what reports are checked and routed by.

    Its value comes from a sequence: an edit that was rolled back does not give its number to the
    next one.
    """

    version = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.version)


def noticed(table: str) -> pgtrigger.Trigger:
    """Whoever edits this table, however, makes every process read the town anew."""
    return pgtrigger.Trigger(
        name=f"{table}_noticed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func="""
            INSERT INTO tickets_townversion (id, version) VALUES (1, nextval('town_version'))
                ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
            RETURN NULL;
        """,
    )


class District(Named):
    """A polygon of the city (GeoJSON, WGS84)."""

    code = models.SlugField(unique=True)
    geometry = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)  # tells browsers to load the map anew

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        triggers: ClassVar = [noticed("district")]


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
        triggers: ClassVar = [noticed("unit")]


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
