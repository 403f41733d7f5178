import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.crypto import get_random_string
from tqdm import tqdm

from hotline.demo.build import NotEmpty, build_town
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Fill an empty database with the demo town and tickets with believable lives."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, default=400, help="how many (default 400)")
        parser.add_argument("--seed", type=int, default=1, help="another number, another town")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["tickets"] < 1:
            raise CommandError("--tickets must be at least 1: the newspaper case is always there.")
        given = os.environ.get("HOTLINE_DEMO_PASSWORD")
        password = given or get_random_string(14)
        with tqdm(total=options["tickets"], unit=" tickets", disable=None) as bar:
            try:
                build_town(
                    now=timezone.now(),
                    tickets=options["tickets"],
                    seed=options["seed"],
                    password=password,
                    progress=bar.update,
                )
            except NotEmpty as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"The demo town is there, with {Ticket.objects.count()} tickets.")
        self.stdout.write("Sign in as operator, dispatcher, crew1 … crew6, supervisor or admin.")
        if not given:
            self.stdout.write(f"Password: {password}")
