"""Words of a text from its template: plain text, so nothing is escaped as in a page."""

from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils import translation

_engine = Engine(dirs=[str(settings.BASE_DIR / "templates" / "texts")])


def write_text(template: str, language: str, **facts: Any) -> str:
    """`templates/texts/<template>.<language>.txt`, in the language of whoever receives it."""
    with translation.override(language):
        context = Context(facts, autoescape=False)  # an engine's own setting would not reach it
        return _engine.get_template(f"{template}.{language}.txt").render(context)
