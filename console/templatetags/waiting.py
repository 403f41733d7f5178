"""What waits: in the head of every staff page, and behind the tabs of the screens about texts."""

from django import template
from django.template import Context
from django.utils import timezone

from common.models import Role
from console.texts import wording
from console.texts.backlog import backlog
from notifications.stuck import MOST, stuck

register = template.Library()


@register.inclusion_tag("console/texts/stuck.html", takes_context=True)
def stuck_texts(context: Context) -> dict[str, object]:
    """One query on a whole page; none for crews, and none where htmx asks for a part of one."""
    request, user = context.get("request"), context.get("user")
    if getattr(user, "role", Role.CREW) == Role.CREW or getattr(request, "htmx", False):
        return {}
    found = stuck(timezone.now())
    return {"stuck": found, "most": MOST, "broken": [wording.gateway(n) for n in found.broken]}


@register.simple_tag
def to_deal_with() -> dict[str, str]:
    """How much waits, by the tab; empty where nothing does."""
    return backlog()
