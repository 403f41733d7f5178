"""What every page draws: icons, times, form controls, and the entries a person may open."""

from datetime import datetime

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One drawing of img/icons.svg; it never speaks, the words beside it do."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"icon-{size}" if size else "",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def may_open(context: Context, view_name: str) -> str:
    """The address of a screen if the person signed in may open it, else an empty string."""
    try:
        href = reverse(view_name)
    except NoReverseMatch:
        return ""
    access = getattr(resolve(href).func, "access", ())
    role = getattr(context.get("user"), "role", None)
    return href if access == "public" or role in access else ""


@register.inclusion_tag("includes/nav_item.html", takes_context=True)
def nav_item(context: Context, view_name: str, label: str, drawing: str) -> dict[str, object]:
    """One entry of a navigation bar; nothing at all for those who may not open it."""
    match = getattr(context.get("request"), "resolver_match", None)
    current = match is not None and match.view_name == view_name
    href = may_open(context, view_name)
    return {"href": href, "label": label, "drawing": drawing, "current": current}


@register.filter
def ago(at: datetime) -> str:
    """`3 hours ago`, `in 2 days`, `just now`: one unit is enough beside the exact time."""
    now = timezone.now()
    distance = abs((now - at).total_seconds())
    if distance < 60:
        return gettext("just now")
    if at > now:
        return gettext("in %(time)s") % {"time": timesince(now, at, depth=1)}
    return gettext("%(time)s ago") % {"time": timesince(at, now, depth=1)}


@register.inclusion_tag("includes/when.html")
def when(at: datetime | None, style: str = "both") -> dict[str, object]:
    """A moment in the city's time: `both` forms, or only `exact`, or `relative`."""
    return {"at": at, "style": style}


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget of a field in the look of the pages."""
    widget = field.field.widget
    look = "form-control"
    if isinstance(widget, CheckboxInput):
        look = "form-check-input"
    elif isinstance(widget, Select) and not field.use_fieldset:
        look = "form-select"
    own = str(widget.attrs.get("class", ""))
    wrong = "is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": " ".join(filter(None, (look, own, wrong)))})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)
