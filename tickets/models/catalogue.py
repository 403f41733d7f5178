"""What one can complain about, what we then ask, and who answers for it where."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named, pick
from tickets.models.places import District, Unit, noticed


class Priority(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency")
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")
    LOW = "low", _("Low")


class CategoryQuerySet(models.QuerySet["Category"]):
    def reportable(self) -> "CategoryQuerySet":
        """What a report may name: active kinds, not the groups above them."""
        return self.filter(active=True, is_group=False).order_by("position", "pk")


class Category(Named):
    """A kind of complaint, or a group of kinds; `code` is its Open311 service code."""

    code = models.SlugField(max_length=80, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="kinds")
    is_group = models.BooleanField(default=False)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    resolve_within_hours = models.PositiveIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        triggers: ClassVar = [noticed("category")]


class Question(models.Model):
    """Something we ask about a kind of complaint; one answer of it may mean danger."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("choice")
        TEXT = "text", _("text")
        NUMBER = "number", _("number")

    category = models.ForeignKey(Category, models.CASCADE, related_name="questions")
    code = models.SlugField()
    text_en = models.CharField(max_length=200)
    text_zh = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    options = models.JSONField(default=list, blank=True)  # [{"code", "en", "zh"}, …]
    required = models.BooleanField(default=False)
    danger_answer = models.CharField(max_length=50, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["category", "code"], name="question_code_in_category"),
        ]
        triggers: ClassVar = [noticed("question")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return pick(self.text_en, self.text_zh)

    def means_danger(self, answer: object) -> bool:
        return bool(self.danger_answer) and str(answer) == self.danger_answer

    def choices(self) -> list[tuple[str, str]]:
        if self.kind == self.Kind.YES_NO:
            return [("yes", str(_("Yes"))), ("no", str(_("No")))]
        return [(o["code"], pick(o.get("en", ""), o.get("zh", ""))) for o in self.options]


class Responsibility(models.Model):
    """Which unit answers for a category, everywhere or in one district."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="+")
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["category", "district"],
                nulls_distinct=False,
                name="one_unit_for_category_and_district",
            ),
        ]
        triggers: ClassVar = [noticed("responsibility")]

    def __str__(self) -> str:
        return f"{self.category} → {self.unit}"
