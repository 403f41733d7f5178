"""Pictures from strangers: decoded, turned, shrunk, and without what the camera knew."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from tickets.models import Photo, Ticket
from tickets.photos import LONGEST_SIDE, MOST_BYTES, NotAPhoto, add_photo, read_photo

ORIENTATION, MAKER = 0x0112, 0x010F


def picture(
    width: int = 40, height: int = 20, kind: str = "JPEG", turned: bool = False
) -> SimpleUploadedFile:
    out, exif = io.BytesIO(), Image.Exif()
    exif[MAKER] = "Somebody's phone"
    if turned:
        exif[ORIENTATION] = 6
    Image.new("RGB", (width, height), "red").save(out, kind, exif=exif)
    return SimpleUploadedFile("lamp", out.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_clean_jpeg(kind: str) -> None:
    clean = Image.open(io.BytesIO(read_photo(picture(kind=kind))))
    assert (clean.format, clean.size, dict(clean.getexif())) == ("JPEG", (40, 20), {})


def test_it_stands_upright_and_is_no_larger_than_needed() -> None:
    clean = Image.open(io.BytesIO(read_photo(picture(4000, 2000, turned=True))))
    assert clean.size == (LONGEST_SIDE // 2, LONGEST_SIDE)


def test_what_is_no_photo_is_refused_in_words() -> None:
    whole = picture().read()
    for content in (b"", b"GIF89a not really", b"<svg/>", whole[: len(whole) // 2]):
        with pytest.raises(NotAPhoto, match="not a photo we can read"):
            read_photo(SimpleUploadedFile("lamp.jpg", content))
    huge = SimpleUploadedFile("lamp.jpg", b"")
    huge.size = MOST_BYTES + 1
    with pytest.raises(NotAPhoto, match="larger than 12 MB"):
        read_photo(huge)


def test_a_bomb_of_pixels_is_not_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(out, "PNG")
    with pytest.raises(NotAPhoto, match="pixels|not a photo"):
        read_photo(SimpleUploadedFile("lamp.png", out.getvalue()))


def test_the_same_picture_is_kept_once(
    ticket: Ticket, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    jpeg = read_photo(picture())
    first = add_photo(ticket, jpeg, moment="report", taken_at=now)
    assert add_photo(ticket, jpeg, moment="after", taken_at=now) == first
    assert Photo.objects.get().file.read() == jpeg
    assert len(list(tmp_path.rglob("*.jpg"))) == 1
