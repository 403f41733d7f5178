import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets.districts import NotDistricts, import_districts


class Command(BaseCommand):
    help = "Add or update the city's districts from a GeoJSON file of polygons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name-field", required=True, help="the property that holds the name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            geojson = json.loads(options["file"].read_text(encoding="utf-8-sig"))
            many = import_districts(geojson, name_field=options["name_field"])
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, NotDistricts) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        self.stdout.write(f"{many} districts.")
