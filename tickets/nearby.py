"""Open tickets about the same kind of problem at the same place: is this one known already?"""

import re
from dataclasses import dataclass
from math import cos, hypot, radians

from django.db.models import Q

from tickets.models import Category, Ticket, TicketQuerySet
from tickets.models.geo import METRES_PER_DEGREE
from tickets.services import Location

CLOSE_BY = 250.0  # metres
MOST = 8
CANDIDATES = 100  # newest first; more than these in one place are not read while on the phone

# Runs of letters or of Chinese characters; the words and endings that say nothing of the place.
WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+|[\u3400-\u9fff]+")
SAYS_NOTHING = re.compile(
    "and|the|near|next|opposite|behind|front|corner|crossing|crossroads|junction|intersection|"
    "outside|between|street|road|avenue|ave|lane|drive|for|with",
    re.IGNORECASE,
)
CONNECTS = re.compile(
    r"[与及跟在的]|(?<=[路街道巷桥])[和到]"  # 和 alone also begins names: 和平大街
    r"|交叉路?口|十字路口|路口|附近|旁边|对面|门口|[东南西北]侧"
)


@dataclass(frozen=True)
class Found:
    ticket: Ticket
    metres: int | None  # None: found by the words of its address


def nearby(category: Category, location: Location) -> list[Found]:
    """Within 250 m of the point; by the words of the address where either side has no point.

    The same kind first, then others of its group; among them the nearest, then the newest.
    """
    alike = Ticket.objects.open().filter(_kinds(category)).select_related("category")
    found: list[Found] = []
    by_words = _named_like(alike, location.address)
    if location.lon is not None and location.lat is not None:
        around = alike.near(location.lon, location.lat, CLOSE_BY).newest_first()[:CANDIDATES]
        found = [Found(t, metres_between(location, t)) for t in around]
        found = [f for f in found if (f.metres or 0) <= CLOSE_BY]
        by_words = by_words.filter(lon__isnull=True)
    found += [Found(t, None) for t in by_words.newest_first()[:MOST]]
    found.sort(key=lambda f: (f.ticket.category_id != category.pk, f.metres or 0))
    return found[:MOST]


def significant_words(address: str) -> list[str]:
    """The names in an address: “corner of Chuangye Ave 12” → Chuangye; “创业大街与…” → 创业大街."""
    runs = WORD.findall(CONNECTS.sub(" ", address[:300]))
    long = [w for w in runs if len(w) > (2 if w.isascii() else 1)]
    return [w for w in long if not SAYS_NOTHING.fullmatch(w)]


def metres_between(location: Location, ticket: Ticket) -> int | None:
    """As the crow flies; exact enough for a few hundred metres."""
    if None in (location.lon, location.lat, ticket.lon, ticket.lat):
        return None
    assert location.lon is not None and location.lat is not None
    assert ticket.lon is not None and ticket.lat is not None
    x = (ticket.lon - location.lon) * cos(radians(location.lat))
    return round(hypot(x, ticket.lat - location.lat) * METRES_PER_DEGREE)


def _kinds(category: Category) -> Q:
    alike = Q(category=category)
    return alike | Q(category__parent=category.parent_id) if category.parent_id else alike


def _named_like(tickets: TicketQuerySet, address: str) -> TicketQuerySet:
    words = significant_words(address)
    for word in words:
        tickets = tickets.filter(address__icontains=word)
    return tickets if words else tickets.none()
