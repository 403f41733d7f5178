"""A run that comes twice, is broken off, or meets another one."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from hotline.imports import load as loading
from hotline.imports.profile import Profile
from hotline.imports.reader import open_export
from hotline.models import Report
from tests.hotline.imports.conftest import HEADER, NOW, Import, counts, line
from tickets import history
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_running_it_twice_adds_nothing(bring_in: Import) -> None:
    lines = [line(id=str(number)) for number in range(1, 8)]
    bring_in(*lines)
    before = counts()
    said = bring_in(*lines, line(id="8"))
    assert "1 added" in said
    assert "7 there already" in said
    assert counts() == tuple(b + n for b, n in zip(before, (1, 1, 3, 2, 0), strict=True))


def test_an_interrupted_run_keeps_its_batches_and_is_continued(
    bring_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 3)
    real, calls = history.replay, Counter[str]()

    def interrupted(*args: Any, **kwargs: Any) -> list[Ticket]:
        calls["replay"] += 1
        if calls["replay"] == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(history, "replay", interrupted)
    lines = [line(id=str(number)) for number in range(1, 9)]
    with pytest.raises(CommandError, match="Run it again to continue"):
        bring_in(*lines)
    assert (Report.objects.count(), Ticket.objects.count()) == (3, 3)
    said = bring_in(*lines)
    assert "5 added" in said
    assert "3 there already" in said
    assert Report.objects.count() == Ticket.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_time_add_every_row_once(
    profile: Profile, write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 5)
    many = [line(id=str(number)) for number in range(1, 41)]
    export = open_export(write("\n".join([HEADER, *many]) + "\n"), profile)
    start = Barrier(2)

    def run(summary: loading.Summary) -> loading.Summary:
        start.wait()
        try:
            loading.load(
                export, profile, now=NOW, summary=summary, refuse=print, progress=lambda line: None
            )
        finally:
            connection.close()
        return summary

    with ThreadPoolExecutor() as pool:
        first, second = pool.map(run, [loading.Summary(), loading.Summary()])
    assert first.added + second.added == first.known + second.known == 40
    assert Report.objects.count() == Ticket.objects.count() == 40
