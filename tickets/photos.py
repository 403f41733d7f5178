"""Pictures come in from strangers: decoded, turned, shrunk and re-encoded without metadata."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from tickets.models import Photo, Ticket

LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
MOST_BYTES = 12 * 1024 * 1024


class NotAPhoto(ValueError):
    """The file cannot be shown as a picture; the text says why, for whoever sent it."""


def read_photo(upload: UploadedFile[bytes]) -> bytes:
    """A clean JPEG of what was uploaded; raises NotAPhoto."""
    if (upload.size or 0) > MOST_BYTES:
        raise NotAPhoto(_("The photo is larger than 12 MB. Please send a smaller one."))
    try:
        with Image.open(upload, formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPhoto(_("The photo has too many pixels. Please send a smaller one."))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clean = io.BytesIO()
            upright.save(clean, "JPEG", quality=82, optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, NotAPhoto):
            raise
        raise NotAPhoto(_("This file is not a photo we can read (JPEG, PNG or WebP).")) from error
    return clean.getvalue()


def add_photo(
    ticket: Ticket, jpeg: bytes, *, moment: str, taken_at: datetime, job: int | None = None
) -> Photo:
    """Keep a clean JPEG with the ticket; the same picture twice is kept once."""
    digest = hashlib.sha256(jpeg).hexdigest()
    photo = Photo.objects.filter(ticket=ticket, sha256=digest).first()
    if photo is None:
        photo = Photo(ticket=ticket, moment=moment, job=job, sha256=digest, taken_at=taken_at)
        photo.file.save(f"{digest[:32]}.jpg", ContentFile(jpeg), save=True)
    return photo
