"""Town data is edited in the administration; nothing that a service must check is."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, CrewMembership, Equipment, Item
from tickets import services as tickets
from tickets.models import Category, Ticket, TicketEvent

TICKET_LIFE = ["ticket", "ticketevent", "workorder", "stocklevel", "stockmove", "message"]


@pytest.fixture
def town(
    client: Client,
    operator: User,
    ticket: Ticket,
    crew: Crew,
    lift: Equipment,
    materials: dict[str, Item],
) -> Client:
    """Somebody may do everything, and there is one of most things."""
    tickets.accept(ticket, by=operator)
    dispatch.assign(ticket, crew=crew, by=operator)
    client.force_login(User.objects.create_superuser("boss", password="correct horse"))
    return client


def test_every_page_of_it_opens(town: Client) -> None:
    for model in admin.site._registry:
        meta = model._meta
        name = f"admin:{meta.app_label}_{meta.model_name}"
        assert town.get(reverse(f"{name}_changelist")).status_code == 200, name
        assert town.get(reverse(f"{name}_changelist"), {"q": "x"}).status_code == 200, name
        adding = town.get(reverse(f"{name}_add")).status_code
        assert adding == (403 if meta.model_name in TICKET_LIFE else 200), name
        first = model._default_manager.order_by("pk").first()
        if first is not None:
            assert town.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200, name


def test_a_life_cannot_be_changed_or_deleted(town: Client, ticket: Ticket) -> None:
    for thing in (ticket, TicketEvent.objects.latest("pk")):
        name = f"admin:tickets_{thing._meta.model_name}"
        changed = town.post(reverse(f"{name}_change", args=[thing.pk]), {"status": "closed"})
        assert changed.status_code == 403
        deleted = town.post(reverse(f"{name}_delete", args=[thing.pk]), {"post": "yes"})
        assert deleted.status_code == 403


def inline(prefix: str, total: int, **fields: Any) -> dict[str, Any]:
    first = {f"{prefix}-0-{name}": value for name, value in fields.items()}
    return {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": 0} | first


def test_a_new_kind_with_its_question(town: Client) -> None:
    kind = {"name_en": "Cable down", "code": "cable-down", "priority": "high", "position": 1}
    question = {"code": "sparks", "text_en": "Sparks?", "kind": "yes_no", "position": 1}
    asked = inline("questions", 1, options="[]", **question)
    response = town.post(reverse("admin:tickets_category_add"), kind | asked)
    assert response.status_code == 302, response.context["errors"]
    assert Category.objects.get(code="cable-down").questions.get().text_en == "Sparks?"


def test_nobody_is_put_into_two_crews_at_once(town: Client, other_crew: Crew) -> None:
    member = CrewMembership.objects.filter(crew__code="lights-1").get().member
    since = {"period_0_0": "2026-01-01", "period_0_1": "08:00:00"}
    crossing = {"crew": other_crew.pk, "member": member.pk, **since}
    response = town.post(reverse("admin:dispatch_crewmembership_add"), crossing)
    assert response.status_code == 200 and CrewMembership.objects.count() == 2


def test_who_has_left_is_made_inactive_not_deleted(town: Client, operator: User) -> None:
    assert town.get(reverse("admin:common_user_delete", args=[operator.pk])).status_code == 403


def test_the_staff_of_the_desk_do_not_come_in(client: Client, operator: User) -> None:
    client.force_login(operator)
    assert client.get("/admin/").status_code == 302
