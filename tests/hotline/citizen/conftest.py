from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from tickets.models import Category, District, MapLayer, Question

SQUARE = [[[125.3, 43.8], [125.5, 43.8], [125.5, 43.9], [125.3, 43.9], [125.3, 43.8]]]


@pytest.fixture
def dark_lamps(lights_out: Category) -> Category:
    """Street lights, with a danger question that must be answered and one that need not."""
    group = Category.objects.create(
        code="lighting", name_en="Street lights", name_zh="路灯照明", is_group=True
    )
    Category.objects.filter(pk=lights_out.pk).update(parent=group)
    Question.objects.create(
        category=lights_out,
        code="wire",
        kind="yes_no",
        required=True,
        danger_answer="yes",
        text_en="Is a wire within reach?",
        text_zh="有没有电线垂下来？",
    )
    Question.objects.create(
        category=lights_out,
        code="lamps",
        kind="number",
        position=1,
        text_en="How many lamps?",
        text_zh="几盏灯？",
    )
    lights_out.refresh_from_db()
    return lights_out


@pytest.fixture
def town(db: None) -> District:
    """One district and one street to draw."""
    streets = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name_en": "Chuangye Avenue", "name_zh": "创业大道"},
                "geometry": {"type": "LineString", "coordinates": [[125.2, 43.83], [125.5, 43.83]]},
            }
        ],
    }
    MapLayer.objects.create(code="streets", geojson=streets)
    return District.objects.create(
        code="east",
        name_en="East Harbour",
        name_zh="东港",
        geometry={"type": "Polygon", "coordinates": SQUARE},
    )


@pytest.fixture
def filled(dark_lamps: Category) -> dict[str, Any]:
    """A form as a citizen fills it in."""
    return {
        "key": str(uuid4()),
        "category": dark_lamps.code,
        "q.street-light-out.wire": "no",
        "address": "Chuangye Avenue / Shenma Avenue",
        "lon": "125.4",
        "lat": "43.83",
        "words": "All the lamps are dark.",
        "phone": "+1 415 555 0101",
        "name": "Ms Lin",
        "language": "en",
    }


def picture(name: str = "lamp.png") -> ContentFile[bytes]:
    file: ContentFile[bytes] = ContentFile(b"", name=name)
    Image.new("RGB", (40, 30), "orange").save(file, "PNG")
    file.seek(0)
    return file
