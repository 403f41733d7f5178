import sys
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from hotline.imports.load import Summary, load
from hotline.imports.profile import Profile
from hotline.imports.profile import load as load_profile
from hotline.imports.reader import Export, FileRefused, Rejected, open_export
from hotline.imports.rejects import RejectsFile
from hotline.imports.rows import FLAGS
from hotline.imports.sections import ProfileError
from tickets.models import District

SHOWN = 10


class Command(BaseCommand):
    help = "Bring another system's reports in, with their times and history. Texts nobody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file of any usual encoding")
        parser.add_argument("--profile", required=True, help="a shipped profile, or a .toml file")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--rejects", type=Path, help="where refused rows go; else FILE.rejects.csv, here"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            profile = load_profile(options["profile"])
            export = open_export(options["file"], profile)
            rejects = _rejects(options)
        except (ProfileError, FileRefused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The refused rows cannot be written: {error}") from error
        if not District.objects.exists():
            self.stderr.write("There are no districts yet; import_districts should come first.")
        with rejects or nullcontext():
            self._load(export, profile, rejects, dry_run=options["dry_run"])

    def _load(
        self, export: Export, profile: Profile, rejects: RejectsFile | None, *, dry_run: bool
    ) -> None:
        summary = Summary()
        shown = count()

        def refuse(row: Rejected) -> None:
            if rejects:
                rejects.add(row)
            if next(shown) < SHOWN:
                bar.write(f"line {row.line}: {row.reason}", file=sys.stderr)

        with tqdm(total=export.count_lines(), unit=" lines", disable=None) as bar:
            try:
                load(
                    export,
                    profile,
                    now=timezone.now(),
                    summary=summary,
                    refuse=refuse,
                    progress=lambda line: bar.update(line - bar.n),
                    dry_run=dry_run,
                )
            except KeyboardInterrupt:
                bar.close()
                self._say(summary, rejects, dry_run=dry_run)
                raise CommandError("Interrupted. Run it again to continue.") from None
        self._say(summary, rejects, dry_run=dry_run)

    def _say(self, summary: Summary, rejects: RejectsFile | None, *, dry_run: bool) -> None:
        where = f" → {rejects.path}" if rejects and rejects.rows else ""
        self.stdout.write(f"{summary.read:>9,} read")
        self.stdout.write(f"{summary.added:>9,} {'would be added' if dry_run else 'added'}")
        self.stdout.write(f"{summary.known:>9,} there already")
        self.stdout.write(f"{summary.refused:>9,} refused{where}")
        for flag, many in summary.flags.most_common():
            self.stdout.write(f"{many:>9,} flagged {flag}: {FLAGS[flag]}")


def _rejects(options: dict[str, Any]) -> RejectsFile | None:
    """A dry run leaves nothing behind, unless a place for it was named."""
    if options["rejects"] is None and options["dry_run"]:
        return None
    return RejectsFile(options["rejects"] or Path(f"{options['file'].name}.rejects.csv"))
