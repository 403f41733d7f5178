"""Who can go: crews, the people in them, what they can do and when."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Func, Value
from django.db.models.expressions import F
from django.utils.translation import gettext_lazy as _

from common.bilingual import Named
from tickets.models import Unit


def same(column: str) -> tuple[Func, str]:
    """“The same id”, for an exclusion constraint without the btree_gist extension."""
    bounds = Value("[]")
    return Func(
        F(column), F(column), bounds, function="int8range", output_field=models.Field()
    ), "&&"


class Skill(Named):
    code = models.SlugField(unique=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")


class Crew(Named):
    """A team that is sent out; `phone` gets its orders as texts and is no citizen's."""

    code = models.SlugField(unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    phone = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("crew")
        verbose_name_plural = _("crews")


class Member(models.Model):
    name = models.CharField(max_length=120)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    skills = models.ManyToManyField(Skill, through="MemberSkill")

    class Meta:
        verbose_name = _("member of a crew")
        verbose_name_plural = _("members of crews")

    def __str__(self) -> str:
        return self.name


class MemberSkill(models.Model):
    """A certificate: held from, and until where it expires."""

    member = models.ForeignKey(Member, models.CASCADE)
    skill = models.ForeignKey(Skill, models.CASCADE)
    valid = DateTimeRangeField()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return f"{self.member}: {self.skill}"


class Shift(models.Model):
    """A crew at work over a time range."""

    crew = models.ForeignKey(Crew, models.CASCADE, related_name="shifts")
    period = DateTimeRangeField()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="crew_in_one_shift",
                expressions=[same("crew"), ("period", "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crew}: {self.period}"


class CrewMembership(models.Model):
    """A person in a crew over a time range: in one crew at a time."""

    crew = models.ForeignKey(Crew, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    period = DateTimeRangeField()

    class Meta:
        verbose_name = _("membership in a crew")
        verbose_name_plural = _("memberships in crews")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="person_in_one_crew",
                expressions=[same("member"), ("period", "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.crew}"
