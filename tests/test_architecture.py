"""The rules of the house, so that no reviewer has to remember them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from config.celery import BEAT_SCHEDULE, app

ROOT = Path(__file__).parents[1]
APPS = ("common", "notifications", "tickets", "dispatch", "hotline", "console", "crew", "insights")
FACES = ("console", "crew", "insights", "hotline/citizen")
TEXTS = {
    f"notifications/{name}.py"
    for name in ("outbox", "consent", "receipts", "reconcile", "restore", "sweep", "parked")
}
OWNERS = {"tickets/workflow.py", "tickets/history.py", "dispatch/orders.py", *TEXTS}
WRITES = {"save", "create", "delete", "get_or_create", "update_or_create", "bulk_create"}


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (p for p in (ROOT / folder).rglob("*.py") if "migrations" not in p.parts)


FILES = sorted(files(*APPS, "config"))
NAMES = [str(path.relative_to(ROOT)) for path in FILES]


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def writes_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        written = [ast.unparse(part) for target in targets for part in ast.walk(target)]
        return any(part.endswith(".status") and part != "self.status" for part in written)
    if isinstance(node, ast.Call) and any(k.arg == "status" for k in node.keywords):
        called = ast.unparse(node.func).split(".")[-1]
        return called in {"update", "create", "Ticket", "WorkOrder", "Message"}
    return False


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_status_is_written_by_its_owner_alone(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in OWNERS:
        assert [ast.unparse(node) for node in nodes(path) if writes_status(node)] == []


def test_views_and_forms_write_nothing_themselves() -> None:
    for path in files(*FACES):
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in WRITES, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_functions_and_files_can_be_read_at_a_glance(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= (400 if "models" in path.parts else 300)
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{path}:{node.name}"


def views(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.app_name != "admin":
            yield from views(pattern.url_patterns)


def test_every_screen_says_who_may_open_it() -> None:
    every = views(get_resolver().url_patterns)
    assert [view for view in every if not hasattr(view.callback, "access")] == []


def test_every_task_of_the_clock_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_imports_go_down_only() -> None:
    lint = str(Path(sys.executable).with_name("lint-imports"))
    checked = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
