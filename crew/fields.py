"""What people in gloves pick and type: a piece, a material, a moment, a quantity."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dispatch.models import Equipment, Item
from dispatch.payloads import MOST

LIKE_A_THOUSAND = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


CHOOSE = gettext_lazy("Choose…")


class PieceField(forms.ModelChoiceField[Equipment]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj}"


class ItemField(forms.ModelChoiceField[Item]):
    """A material, with what the books say is on the truck (`there`)."""

    def label_from_instance(self, obj: Any) -> str:
        counted = obj.measure == Item.Measure.EACH
        measure = "" if counted else f" {obj.get_measure_display()}"
        return _("%(item)s – %(there)s on the truck") % {
            "item": obj,
            "there": plain(obj.there) + measure,
        }


class MomentField(forms.DateTimeField):
    """Date and time of the city, in the phone's own control."""

    def __init__(self, **kwargs: Any) -> None:
        control = forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M"
        )
        super().__init__(widget=control, **kwargs)


class QuantityField(forms.DecimalField):
    """More than nothing, with a point or a comma before the decimals."""

    default_error_messages = {  # noqa: RUF012
        "invalid": gettext_lazy("Please write a number, such as 3 or 12.5."),
        "thousand": gettext_lazy("Is that a thousand? Write 1000 or 1.0, please."),
    }

    def __init__(self, **kwargs: Any) -> None:
        control = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=control, max_value=MOST, decimal_places=3, **kwargs)

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip().replace("，", ",").replace("．", ".")  # noqa: RUF001
        if LIKE_A_THOUSAND.fullmatch(typed):
            raise forms.ValidationError(self.error_messages["thousand"], code="thousand")
        return super().to_python(typed.replace(",", "."))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and value <= 0:
            raise forms.ValidationError(_("It must be more than nothing."), code="min_value")


def plain(quantity: Decimal) -> str:
    """70, not 70.000 and not 7E+1."""
    return format(quantity.normalize(), "f")
