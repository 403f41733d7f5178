from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.models import User


@admin.register(User)
class PeopleAdmin(UserAdmin[User]):
    list_display = ("username", "first_name", "last_name", "role", "language", "is_active")
    list_filter = ("role", "language", "is_active")
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("At work"), {"fields": ("role", "language")}))
    add_fieldsets = (
        *UserAdmin.add_fieldsets,
        (_("At work"), {"fields": ("role", "language")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Histories name people for ever: who has left is made inactive."""
        return False
