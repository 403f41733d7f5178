"""What waits for somebody at the desk: stopped texts, citizens' texts, calls to make."""

from django.db import connection

MOST = 99

COUNT = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM notifications_message
            WHERE status = 'parked' LIMIT %(most)s) a),
       (SELECT count(*) FROM (SELECT 1 FROM hotline_inboundtext
            WHERE state = 'waiting' LIMIT %(most)s) b),
       (SELECT count(*) FROM (SELECT 1 FROM hotline_callback
            WHERE done_at IS NULL LIMIT %(most)s) c)
"""


def backlog() -> dict[str, str]:
    """`3`, `99+`, or nothing where nothing waits; one statement that never counts far."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"most": MOST + 1})
        counts = zip(("parked", "incoming", "calls"), cursor.fetchone(), strict=True)
    return {name: _say(many) for name, many in counts}


def _say(many: int) -> str:
    return f"{MOST}+" if many > MOST else str(many or "")
