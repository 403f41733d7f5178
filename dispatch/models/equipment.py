"""Trucks and tools: what holds them over a time range, and which job they served."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from common.numbers import make_token
from dispatch.models.crews import Crew, same
from dispatch.models.orders import WorkOrder
from dispatch.models.stock import Place


class Equipment(Named):
    code = models.SlugField(unique=True)
    kind = models.SlugField()  # aerial_lift, generator, …: what an order may ask for
    home = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=16, unique=True, default=make_token)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("pieces of equipment")


class Occupancy(models.Model):
    """What holds a piece of equipment from when to when; an open end means “still”.

    Half-open ranges: a hand-over at an instant is legal. A fact that collides with another is
    stored all the same, disputed, and shown to a person.
    """

    class Kind(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        CUSTODY = "custody", _("With a crew")
        DOWNTIME = "downtime", _("Out of service")

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="occupancies")
    kind = models.CharField(max_length=8, choices=Kind)
    period = DateTimeRangeField()
    crew = models.ForeignKey(Crew, models.PROTECT, null=True, related_name="+")
    order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="+")
    disputed = models.BooleanField(default=False)
    forgotten = models.BooleanField(default=False)  # ended by the next custody, not by a return
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "occupancies"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="equipment_in_one_place",
                expressions=[same("equipment"), ("period", RangeOperators.OVERLAPS)],
                condition=Q(disputed=False, kind__in=("custody", "downtime")),
            ),
            ExclusionConstraint(
                name="equipment_reserved_once",
                expressions=[same("equipment"), ("period", RangeOperators.OVERLAPS)],
                condition=Q(disputed=False, kind="reserved"),
            ),
            models.CheckConstraint(
                condition=Q(kind="downtime") | Q(crew__isnull=False), name="occupancy_has_crew"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment} {self.kind}"


class Need(models.Model):
    """One of the jobs a reservation is for: a crew keeps one truck over several of its jobs."""

    reservation = models.ForeignKey(Occupancy, models.CASCADE, related_name="needs")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="+")
    period = DateTimeRangeField()

    def __str__(self) -> str:
        return f"{self.reservation} for {self.order}"


class EquipmentUse(models.Model):
    """A fact: this piece served this job from when to when."""

    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="uses")
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="equipment_uses")
    period = DateTimeRangeField()
    disputed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.equipment} for {self.order}"
