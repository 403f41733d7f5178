"""Materials: what there is, where it lies, and the ledger of every move."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from common.triggers import append_only
from dispatch.models.crews import Crew
from dispatch.models.orders import WorkOrder


class Item(Named):
    """A material; quantities are decimals in its own unit of measure."""

    class Measure(models.TextChoices):
        EACH = "each", _("each")
        METRE = "metre", _("m")
        KILOGRAM = "kilogram", _("kg")
        LITRE = "litre", _("l")

    code = models.SlugField(unique=True)
    measure = models.CharField(max_length=8, choices=Measure)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")


class Place(Named):
    """A depot, or a crew's truck: crews consume from trucks only."""

    class Kind(models.TextChoices):
        DEPOT = "depot", _("Depot")
        TRUCK = "truck", _("Truck")

    code = models.SlugField(unique=True)
    kind = models.CharField(max_length=5, choices=Kind)
    crew = models.OneToOneField(Crew, models.PROTECT, null=True, blank=True, related_name="truck")

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="truck", crew__isnull=False) | Q(kind="depot", crew__isnull=True),
                name="truck_belongs_to_a_crew",
            ),
        ]


class StockLevel(models.Model):
    """How much of an item lies at a place now: always the sum of its moves."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="levels")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    may_be_negative = models.BooleanField(default=False)  # a truck's, until it is counted
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("level of stock")
        verbose_name_plural = _("levels of stock")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "item"], name="one_level_per_place_and_item"),
            models.CheckConstraint(
                condition=Q(may_be_negative=True) | Q(quantity__gte=0),
                name="depot_stock_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} at {self.place}"


class StockMove(models.Model):
    """The ledger: from a place or from outside, to a place or used up. Append-only."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    source = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("move of stock")
        verbose_name_plural = _("moves of stock")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="move_moves_something"),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | Q(target__isnull=False),
                name="move_touches_a_place",
            ),
        ]
        triggers: ClassVar = [append_only("stock_move")]

    def __str__(self) -> str:
        return f"move {self.pk}"


class MaterialUse(models.Model):
    """A fact: this job consumed so much of an item."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="material_uses")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    move = models.OneToOneField(StockMove, models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="use_uses_something"),
        ]

    def __str__(self) -> str:
        return f"{self.item} for {self.order}"
