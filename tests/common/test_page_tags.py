from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from common.models import Role, User
from common.templatetags.page import ago, may_open


def draw(source: str, **context: object) -> str:
    return Template("{% load page %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=3, minutes=20), "3 hours ago"),
        (timedelta(days=-2, minutes=-1), "in 2 days"),
    ],
)
def test_time_is_told_in_one_unit(distance: timedelta, words: str) -> None:
    with translation.override("en"):
        assert ago(timezone.now() - distance).replace("\xa0", " ") == words


def test_a_moment_is_shown_in_the_citys_time() -> None:
    moment = datetime.fromisoformat("2025-07-31T11:10:00+00:00")
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        drawn = draw('{% when at "exact" %}', at=moment)
    assert 'datetime="2025-07-31T19:10:00+08:00"' in drawn
    assert "31 Jul 2025, 19:10" in drawn


def test_no_moment_is_a_dash() -> None:
    assert "–" in draw("{% when at %}", at=None)


def test_an_entry_is_offered_to_those_who_may_open_it() -> None:
    def door(role: str) -> str:
        return may_open(Context({"user": User(role=role)}), "console:desk")

    assert door(Role.OPERATOR) == "/desk/"
    assert door(Role.CREW) == ""
    assert may_open(Context({"user": AnonymousUser()}), "console:desk") == ""
    assert may_open(Context({"user": AnonymousUser()}), "citizen:home") == "/"
    assert may_open(Context(), "no:such_page") == ""


def test_the_current_entry_is_marked() -> None:
    request = RequestFactory().get("/")
    request.resolver_match = type("Match", (), {"view_name": "citizen:home"})()
    drawn = draw("{% nav_item 'citizen:home' 'Home' 'map' %}", request=request)
    assert 'aria-current="page"' in drawn
