from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.restore import Fate, reconcile_restored


class Command(BaseCommand):
    help = (
        "After a database was restored from a backup, before workers start: "
        "look up at the gateways which of its waiting texts have been sent already."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        many = reconcile_restored()
        self.stdout.write(
            f"Texts that had been sent: {many[Fate.SENT]}; that go with the first worker: "
            f"{many[Fate.WAITS]}; that wait for a person: {many[Fate.PARKED]}."
        )
        if many[Fate.NOT_ASKED]:
            raise CommandError(
                f"Texts that could not be looked up: {many[Fate.NOT_ASKED]}. Do this again before "
                "workers start, or they may be said twice."
            )
