"""Names that exist in both languages of the city."""

from django.db import models
from django.utils.translation import get_language


def pick(en: str, zh: str) -> str:
    """The text of the language in force; the other one where it is empty."""
    chinese = (get_language() or "en").startswith("zh")
    return (zh or en) if chinese else (en or zh)


class Named(models.Model):
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return pick(self.name_en, self.name_zh)
