"""The clock of the town, twenty times as fast: `celery --app tests.matrix.clock beat`."""

from config.celery import app

for entry in app.conf.beat_schedule.values():
    entry["schedule"] = 0.5
