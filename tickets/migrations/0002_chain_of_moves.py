"""The chain of moves as foreign keys: no gap, a true predecessor, and a status that follows it."""

from django.db import migrations

FORWARD = [
    "CREATE SEQUENCE ticket_serial AS bigint MAXVALUE 9999999 CYCLE",
    """ALTER TABLE tickets_ticketevent ADD COLUMN previous_move integer
        GENERATED ALWAYS AS (NULLIF(move - 1, 0)) STORED""",
    """ALTER TABLE tickets_ticketevent ADD CONSTRAINT event_follows_its_predecessor
        FOREIGN KEY (ticket_id, previous_move, from_status)
        REFERENCES tickets_ticketevent (ticket_id, move, to_status)""",
    """ALTER TABLE tickets_ticket ADD CONSTRAINT ticket_is_where_its_last_move_led
        FOREIGN KEY (id, moves, status)
        REFERENCES tickets_ticketevent (ticket_id, move, to_status)
        DEFERRABLE INITIALLY DEFERRED""",
]
BACKWARD = [
    "ALTER TABLE tickets_ticket DROP CONSTRAINT ticket_is_where_its_last_move_led",
    "ALTER TABLE tickets_ticketevent DROP CONSTRAINT event_follows_its_predecessor",
    "ALTER TABLE tickets_ticketevent DROP COLUMN previous_move",
    "DROP SEQUENCE ticket_serial",
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
