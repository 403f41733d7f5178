"""Crews, equipment and materials are edited here; orders, stock and use only looked at."""

from django.contrib import admin

from common.read_only import ReadOnly
from dispatch.models import (
    Crew,
    CrewMembership,
    Equipment,
    Item,
    Member,
    MemberSkill,
    Place,
    Shift,
    Skill,
    StockLevel,
    StockMove,
    WorkOrder,
)


class MembershipInline(admin.TabularInline[CrewMembership, Crew]):
    model = CrewMembership
    extra = 0


class MemberSkillInline(admin.TabularInline[MemberSkill, Member]):
    model = MemberSkill
    extra = 0


@admin.register(Crew)
class CrewAdmin(admin.ModelAdmin[Crew]):
    list_display = ("code", "name_en", "name_zh", "unit", "active")
    list_filter = ("unit", "active")
    list_select_related = ("unit",)
    inlines = (MembershipInline,)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ("name", "user")
    list_select_related = ("user",)
    search_fields = ("name",)
    inlines = (MemberSkillInline,)


@admin.register(CrewMembership)
class CrewMembershipAdmin(admin.ModelAdmin[CrewMembership]):
    list_display = ("member", "crew", "period")
    list_filter = ("crew",)
    list_select_related = ("member", "crew")


@admin.register(Shift)
class ShiftAdmin(admin.ModelAdmin[Shift]):
    list_display = ("crew", "period")
    list_filter = ("crew",)
    list_select_related = ("crew",)


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin[Skill]):
    list_display = ("code", "name_en", "name_zh")


@admin.register(Equipment)
class EquipmentAdmin(admin.ModelAdmin[Equipment]):
    list_display = ("code", "kind", "name_en", "name_zh", "home", "active")
    list_filter = ("kind", "active")
    list_select_related = ("home",)
    search_fields = ("code", "name_en", "name_zh")
    readonly_fields = ("token",)


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin[Item]):
    list_display = ("code", "name_en", "name_zh", "measure")
    search_fields = ("code", "name_en", "name_zh")


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin[Place]):
    list_display = ("code", "kind", "name_en", "name_zh", "crew")
    list_filter = ("kind",)
    list_select_related = ("crew",)


@admin.register(WorkOrder)
class WorkOrderAdmin(ReadOnly):
    list_display = ("pk", "ticket", "kind", "unit", "crew", "status", "outcome", "created_at")
    list_filter = ("status", "kind")
    list_select_related = ("ticket", "unit", "crew")
    search_fields = ("ticket__number__exact",)
    ordering = ("-pk",)


@admin.register(StockLevel)
class StockLevelAdmin(ReadOnly):
    list_display = ("place", "item", "quantity")
    list_filter = ("place",)
    list_select_related = ("place", "item")
    ordering = ("place", "item")


@admin.register(StockMove)
class StockMoveAdmin(ReadOnly):
    list_display = ("item", "quantity", "source", "target", "occurred_at")
    list_select_related = ("item", "source", "target")
    ordering = ("-pk",)
