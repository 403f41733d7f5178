import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("hotline", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField("inboundtext", "number", models.CharField(max_length=40)),
        migrations.AddField("inboundtext", "media", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("inboundtext", "keyword", models.CharField(blank=True, max_length=5)),
        migrations.AddField(
            "inboundtext",
            "state",
            models.CharField(
                choices=[
                    ("new", "not read yet"),
                    ("done", "dealt with"),
                    ("asked", "we asked which report is meant"),
                    ("waiting", "waits for the desk"),
                    ("reported", "became a report"),
                    ("dismissed", "put aside"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "inboundtext",
            "meaning",
            models.CharField(
                blank=True,
                choices=[
                    ("stop", "wants no texts"),
                    ("start", "wants texts again"),
                    ("help", "asks for help"),
                    ("status", "asks where it stands"),
                    ("number", "a ticket number"),
                    ("misread", "a misread ticket number"),
                    ("digit", "an answer from 1 to 5"),
                    ("yes", "fixed"),
                    ("no", "not fixed"),
                    ("thanks", "thanks"),
                    ("words", "words"),
                    ("blank", "blank"),
                    ("repeat", "said twice"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            "inboundtext",
            "report",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hotline.report",
            ),
        ),
        migrations.AddField(
            "inboundtext",
            "dismissal",
            models.CharField(
                blank=True,
                choices=[
                    ("answered", "answered otherwise"),
                    ("not_ours", "not for us"),
                    ("nonsense", "makes no sense"),
                    ("spam", "advertising"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            "inboundtext",
            "handled_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("inboundtext", "handled_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "inboundtext",
            models.Index("number", F("received_at").desc(), name="text_from_number"),
        ),
        migrations.AddIndex(
            "inboundtext",
            models.Index(
                "state",
                "received_at",
                condition=Q(state__in=["new", "asked", "waiting"]),
                name="text_to_deal_with",
            ),
        ),
        migrations.AddConstraint(
            "inboundtext",
            models.CheckConstraint(
                condition=~Q(state="reported") | Q(report__isnull=False),
                name="reported_text_has_a_report",
            ),
        ),
        migrations.AddConstraint(
            "inboundtext",
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(dismissal=""),
                name="dismissed_text_says_why",
            ),
        ),
    ]
