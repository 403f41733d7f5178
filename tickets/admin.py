"""Town data is edited here; tickets and their history are only looked at (their services write)."""

from django.contrib import admin

from common.read_only import ReadOnly
from tickets.models import (
    Category,
    District,
    MapLayer,
    Question,
    Responsibility,
    Ticket,
    TicketEvent,
    Unit,
)


class QuestionInline(admin.TabularInline[Question, Category]):
    model = Question
    extra = 0


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    list_display = ("code", "name_en", "name_zh", "parent", "priority", "active", "position")
    list_filter = ("active", "is_group", "priority")
    search_fields = ("code", "name_en", "name_zh")
    ordering = ("position", "pk")
    inlines = (QuestionInline,)


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin[Unit]):
    list_display = ("code", "name_en", "name_zh", "duty", "is_default")
    search_fields = ("code", "name_en", "name_zh")
    ordering = ("name_en", "pk")


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin[District]):
    list_display = ("code", "name_en", "name_zh", "updated_at")
    search_fields = ("code", "name_en", "name_zh")
    ordering = ("name_en", "pk")


@admin.register(MapLayer)
class MapLayerAdmin(admin.ModelAdmin[MapLayer]):
    list_display = ("code", "updated_at")


@admin.register(Responsibility)
class ResponsibilityAdmin(admin.ModelAdmin[Responsibility]):
    list_display = ("category", "district", "unit")
    list_filter = ("unit", "district")
    list_select_related = ("category", "district", "unit")


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    list_display = ("number", "category", "status", "priority", "unit", "opened_at", "due_at")
    list_select_related = ("category", "unit")
    list_filter = ("status", "priority")
    search_fields = ("number__exact",)
    ordering = ("-opened_at", "-pk")


@admin.register(TicketEvent)
class TicketEventAdmin(ReadOnly):
    list_display = ("ticket", "seq", "kind", "occurred_at", "recorded_at", "actor", "applied")
    list_select_related = ("ticket", "actor")
    search_fields = ("ticket__number__exact",)
    ordering = ("-pk",)
