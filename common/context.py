from django.conf import settings
from django.http import HttpRequest

from common.bilingual import pick


def town(request: HttpRequest) -> dict[str, object]:
    """What every page says of the city: its name and the number to ring."""
    return {
        "city_name": pick(settings.HOTLINE_CITY_NAME_EN, settings.HOTLINE_CITY_NAME_ZH),
        "hotline_phone": settings.HOTLINE_PHONE,
    }
