"""The town is read once, and anew after any edit, whoever made it and however."""

import pytest
from django.db import connection, transaction

from tests.raw_sql import sql
from tickets.models import Category, District, Question, Unit
from tickets.town import town

EDITS = [
    "UPDATE tickets_category SET name_en = 'Lamps'",
    "INSERT INTO tickets_question (category_id, code, text_en, text_zh, kind, options, required,"
    " danger_answer, position) SELECT id, 'q', 'Q?', '', 'text', '[]', false, '', 1"
    " FROM tickets_category LIMIT 1",
    "DELETE FROM tickets_responsibility",
    "UPDATE tickets_unit SET name_en = 'Lights'",
    "UPDATE tickets_district SET name_en = 'North'",
]


def test_nothing_edited_is_nothing_read(lights_out: Category) -> None:
    assert town() is town()


@pytest.mark.parametrize("edit", EDITS)
def test_raw_sql_is_noticed_too(edit: str, lights_out: Category) -> None:
    before = town()
    sql(edit)
    assert town() is not before


def test_an_edit_that_was_undone_does_not_stay(lights_out: Category) -> None:
    """The next edit must not look like the one that was rolled back."""
    try:
        with transaction.atomic():
            Category.objects.update(name_en="Never")
            assert town().kinds[0].name_en == "Never"
            raise InterruptedError
    except InterruptedError:
        pass
    assert town().kinds[0].name_en != "Never"
    Category.objects.update(name_en="Lamps")
    assert town().kinds[0].name_en == "Lamps"


def test_kinds_bring_their_questions(lights_out: Category) -> None:
    Question.objects.create(category=lights_out, code="b", text_en="B?", kind="text", position=9)
    kind = next(k for k in town().kinds if k.code == lights_out.code)
    with connection.execute_wrapper(_refuse):
        assert [q.code for q in kind.questions.all()][-1] == "b"


def test_a_map_that_cannot_be_read_costs_no_report(lights_out: Category) -> None:
    District.objects.create(code="broken", name_en="Broken", geometry={"type": "Blob"})
    assert town().locator.find(125.0, 43.0) is None


def test_a_default_unit_is_known(power: Unit) -> None:
    Unit.objects.filter(pk=power.pk).update(is_default=True)
    assert town().default == power


def _refuse(execute: object, sql: str, *rest: object) -> None:
    raise AssertionError(f"not read in advance: {sql}")
