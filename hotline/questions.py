"""What is asked about a kind of problem, as fields of a form; answers on their way to a report."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.models import Category, Question


def field_name(kind: Category, question: Question) -> str:
    """Named with its kind: an answer never turns up under a question of another kind."""
    return f"q.{kind.code}.{question.code}"  # slugs hold no dots


def field_for(question: Question) -> forms.Field:
    """Required or not is asked by the form: it depends on the chosen kind, and on what is saved."""
    if question.kind in (Question.Kind.YES_NO, Question.Kind.CHOICE):
        field: forms.Field = forms.ChoiceField(
            choices=question.choices(),
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Please choose one of the answers.")},
        )
    elif question.kind == Question.Kind.NUMBER:
        field = forms.DecimalField(
            max_digits=12,
            decimal_places=3,
            error_messages={"invalid": _("Please type a number.")},
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )
    else:
        field = forms.CharField(max_length=200)
    field.label = question.text
    field.required = False
    field.question = question  # type: ignore[attr-defined] # the template marks its danger
    return field


def plain(answer: Any) -> Any:
    """What JSON can hold."""
    if isinstance(answer, Decimal):
        return int(answer) if answer == int(answer) else float(answer)
    return answer
