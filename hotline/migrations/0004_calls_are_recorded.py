import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("hotline", "0003_call_backs_say_why")]

    operations = [
        migrations.AddField(
            "call",
            "language",
            models.CharField(
                blank=True,
                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                max_length=10,
            ),
        ),
        migrations.AddField("call", "missed_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recordings",
                        to="hotline.call",
                    ),
                ),
                ("sid", models.CharField(max_length=64, unique=True)),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("file", models.FileField(blank=True, upload_to="recordings/%Y/%m/")),
                ("recorded_at", models.DateTimeField()),
                ("look_at", models.DateTimeField(null=True)),
                ("looks", models.PositiveSmallIntegerField(default=0)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        "look_at", condition=Q(look_at__isnull=False), name="recording_to_fetch"
                    )
                ],
            },
        ),
    ]
