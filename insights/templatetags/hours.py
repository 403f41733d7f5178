from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def spell_hours(hours: float | None) -> str:
    """`25 min`, `5.5 h`, `3.1 d`: the unit that reads best; a dash where nothing was measured."""
    if hours is None:
        return "–"
    if hours < 1:
        return _("%(n)s min") % {"n": number_format(round(hours * 60), 0)}
    if hours < 48:
        return _("%(n)s h") % {"n": number_format(hours, 1)}
    return _("%(n)s d") % {"n": number_format(hours / 24, 1)}


@register.filter
def percent(share: float | None) -> str:
    return "–" if share is None else f"{number_format(share * 100, 1)} %"
