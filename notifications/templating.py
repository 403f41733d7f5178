"""Words with facts in them: `{{ number }}`, `{% if link %}`, and nothing else that Django knows.

Whoever writes the words of texts gets no way to more than the facts: no loading, no loop, no
attribute, no filter.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.template import Context, Engine, Library, Template, TemplateSyntaxError
from django.template.base import Lexer, Token, TokenType
from django.template.defaulttags import do_if
from django.utils.translation import gettext as _

from notifications.fitting import Facts
from notifications.kinds import KINDS

FOLDER = settings.BASE_DIR / "templates" / "texts"
BETWEEN = frozenset({"and", "or", "not"})
SINGLE = frozenset({"else", "endif"})
LEFT_OVER = re.compile(r"\{[{%#]|[}%#]\}")

_only_if = Library()
_only_if.tag("if", do_if)
_engine = Engine()
_engine.template_builtins = [_only_if]
_files = Engine(dirs=[str(FOLDER)])


class BadWords(Exception):
    """The words cannot be used; says why, in the language of who wrote them."""


def render(template: Template, facts: Facts) -> str:
    """Plain text: nothing is escaped as in a page."""
    written: str = template.render(Context(dict(facts), autoescape=False))
    return written


def read(kind: str, words: str) -> Template:
    """Words that somebody wrote, ready to be filled. Raises BadWords."""
    for token in Lexer(words).tokenize():
        _check(token, KINDS[kind].facts)
    try:
        return Template(words, engine=_engine)
    except TemplateSyntaxError as error:
        raise BadWords(
            _("Every if needs a fact, such as {% if link %}, and an {% endif %} after it.")
        ) from error


@lru_cache
def file_template(kind: str, language: str) -> Template:
    """The words that come with the system."""
    return _files.get_template(f"{kind}.{language}.txt")


def file_words(kind: str, language: str) -> str:
    words: str = (FOLDER / f"{kind}.{language}.txt").read_text("utf-8")
    return words.strip()


def _check(token: Token, facts: tuple[str, ...]) -> None:
    if token.token_type == TokenType.TEXT:
        found = LEFT_OVER.search(token.contents)
        if found:
            open_brace = _("“%(sign)s” stands alone. A fact is written {{ number }}.")
            raise BadWords(open_brace % {"sign": found[0]})
    elif token.token_type == TokenType.VAR:
        _check_fact(token.contents, facts)
    elif token.token_type == TokenType.BLOCK:
        _check_block(token.contents, facts)


def _check_fact(name: str, facts: tuple[str, ...]) -> None:
    if name not in facts:
        known = ", ".join(facts)
        unknown = _("“%(name)s” is no fact of this text. There are: %(known)s.")
        raise BadWords(unknown % {"name": name, "known": known})


def _check_block(contents: str, facts: tuple[str, ...]) -> None:
    first, *rest = contents.split() or [""]
    if first in SINGLE and not rest:
        return
    if first not in ("if", "elif"):
        other = _("“%(tag)s” is not possible here, only if, elif, else and endif.")
        raise BadWords(other % {"tag": f"{{% {contents} %}}"})
    for word in rest:
        if word not in BETWEEN:
            _check_fact(word, facts)
