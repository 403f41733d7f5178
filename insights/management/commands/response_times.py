import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights.response_times import GROUPS, SPANS, Line, Span, measure


class Command(BaseCommand):
    help = "How long citizens waited, in hours: median / p90 (n) to each step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", choices=sorted(GROUPS), default="category")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = measure(options["by"])
        if options["format"] == "json":
            rows = [
                {
                    **asdict(line),
                    "on_time_of_closed": line.on_time_of_closed,
                    "on_time_of_due": line.on_time_of_due,
                }
                for line in lines
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write("hours: median / p90 (n)")
        heads = ["", "tickets", "open", *SPANS, "on time"]
        self.stdout.write("  ".join(f"{head:>22}" for head in heads))
        for line in lines:
            self.stdout.write("  ".join(f"{cell:>22.22}" for cell in _cells(line)))


def _cells(line: Line) -> list[str]:
    who = "staff's own" if line.by_staff else "citizens"
    name = f"TOTAL {who}" if line.total else line.name or "–"
    name += " (staff)" if line.by_staff and not line.total else ""
    share = line.on_time_of_closed
    return [
        name,
        str(line.tickets),
        str(line.open),
        *(_cell(line.spans[span]) for span in SPANS),
        "–" if share is None else f"{share:.1%} of {line.on_time + line.late}",
    ]


def _cell(span: Span) -> str:
    if span.median is None or span.p90 is None:
        return "– (0)"
    return f"{span.median:.1f} / {span.p90:.1f} ({span.n})"
