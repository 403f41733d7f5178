from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_cheaper_reports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.F("id"), condition=models.Q(("status", "resolved")), name="ticket_solved"
            ),
        ),
    ]
