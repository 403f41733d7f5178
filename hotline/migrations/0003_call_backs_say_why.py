import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


def owed_since_it_was_due(apps, schema_editor):
    """Until now nobody wrote down when a call back was promised."""
    apps.get_model("hotline", "CallBack").objects.update(created_at=F("due_at"))


# A promise that was made twice is kept once: the later ones were not needed.
DOUBLE = """
UPDATE hotline_callback c SET done_at = c.due_at, outcome = 'not_needed'
WHERE c.done_at IS NULL AND EXISTS (
    SELECT 1 FROM hotline_callback e
    WHERE e.done_at IS NULL AND e.contact_id = c.contact_id
      AND e.ticket_id IS NOT DISTINCT FROM c.ticket_id AND e.id < c.id)
"""


class Migration(migrations.Migration):
    dependencies = [("hotline", "0002_incoming_texts_are_read")]

    operations = [
        migrations.AlterField(
            "callback",
            "contact",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notifications.contact",
            ),
        ),
        migrations.AddField(
            "callback",
            "call",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hotline.call",
            ),
        ),
        migrations.AddField(
            "callback",
            "reason",
            models.CharField(
                choices=[
                    ("asked", "asked to be called"),
                    ("missed", "called, and nobody answered"),
                    ("message", "left a spoken message"),
                    ("not_arrived", "a text did not arrive"),
                    ("no_texts", "the number gets no texts"),
                ],
                default="asked",
                max_length=12,
            ),
        ),
        migrations.AddField(
            "callback",
            "outcome",
            models.CharField(
                blank=True,
                choices=[
                    ("reached", "spoken to"),
                    ("not_reached", "not reached"),
                    ("wrong_number", "wrong number"),
                    ("not_needed", "not needed any more"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField("callback", "created_at", models.DateTimeField(null=True)),
        migrations.RunPython(owed_since_it_was_due, migrations.RunPython.noop),
        migrations.AlterField("callback", "created_at", models.DateTimeField()),
        migrations.RunSQL(DOUBLE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "callback",
            models.UniqueConstraint(
                fields=["contact", "ticket"],
                condition=Q(done_at__isnull=True, contact__isnull=False),
                nulls_distinct=False,
                name="one_call_back_owed",
            ),
        ),
        migrations.AddConstraint(
            "callback",
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(contact__isnull=True),
                name="one_call_back_without_number",
            ),
        ),
        migrations.AddConstraint(
            "callback",
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(call__isnull=False),
                name="call_back_is_owed_to_somebody",
            ),
        ),
        migrations.AddIndex(
            "callback",
            models.Index("due_at", "id", condition=Q(done_at__isnull=True), name="call_back_due"),
        ),
    ]
