"""Texts per second through the outbox, against a gateway that answers in 50 ms.

The running system (worker, beat, PostgreSQL, Redis) hands over what is queued; the gateway is a
process of its own on the same machine. In the same run a bare loop makes the same HTTP calls, with
as many threads and no database: what a worker could do at most. Then texts trickle in, 50 a
second, and the time from their commit to the gateway is taken.
"""

import argparse
import contextlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psycopg

from benchmarks.intake import _count
from benchmarks.statements import run_in_town
from benchmarks.town import Town, report, running_town
from config import processes
from config.instance import open_instance
from tests.gateway.run import RunningGateway, running_gateway

GOAL = 300
LATENCY_MS = 50
THREADS = 64  # two workers with 32 calls each
TRICKLE = 50  # texts per second
WARM = 1_000

# Numbers with too many digits to be anybody's.
QUEUE = """
WITH people AS (
    INSERT INTO notifications_contact (phone, email, name, language, untextable, created_at)
    SELECT '+1415555' || lpad((%(from)s + n)::text, 7, '0'), '', '', 'en', '', now()
    FROM generate_series(1, %(many)s) n RETURNING id
)
INSERT INTO notifications_message (dedupe_key, topic, kind, contact_id, staff_phone, language,
    body, segments, importance, gateway, status, created_at, run_at, expires_at, attempts, looks,
    resent, doubled, error)
SELECT 'bench:' || id, 'ticket:0', 'open', id, '', 'en', 'We have your report ' || id || '.',
    1, 2, 'twilio', 'queued', now(), now(), now() + interval '1 day', 0, 0, false, false, ''
FROM people
"""

# 50 a second through the front door; one transaction each, as services do it.
TRICKLE_IN = """
import time
from django.utils import timezone
from notifications import outbox
from notifications.models import Message
begun, many = time.monotonic(), {many}
for n in range(many):
    time.sleep(max(0, begun + n / {rate} - time.monotonic()))
    now = timezone.now()
    contact = outbox.find_or_add_contact(f"+1415556{{n:07d}}", name="", language="en", now=now)
    text = Message(dedupe_key=f"trickle:{{n}}", topic="ticket:0", kind="open", contact=contact,
        language="en", body=f"We have your report {{n}}.")
    outbox.enqueue([text], now=now)
time.sleep(1)  # the last nudge
"""

COUNT = """
from datetime import timedelta
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from notifications import delivery, outbox
from notifications.models import Contact, Message
now, many, hour = timezone.now(), 100, timedelta(hours=1)
people = [outbox.find_or_add_contact(f"+1415557{n:07d}", name="", language="en", now=now)
    for n in range(many)]
with CaptureQueriesContext(connection) as queries:
    for contact in people:
        outbox.enqueue([Message(dedupe_key=f"count:{contact.pk}", topic="ticket:0", kind="open",
            contact=contact, language="en", body="We have your report.")], now=now, wait=hour)
    Message.objects.filter(kind="open", run_at__gt=now).update(run_at=now)  # before a worker looks
    delivery.drain()
print("statements:", len([q for q in queries if q["sql"] not in ("BEGIN", "COMMIT")]) / many)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20, help="of the trickle")
    options = parser.parse_args()
    quiet = [{"kind": "no_receipt"}]  # receipts are another load, on the web server
    with running_gateway(latency_ms=LATENCY_MS, faults=quiet) as gateway:
        bare = _bare_loop(gateway, min(options.texts, 5_000))
        os.environ.update(_settings(gateway))
        with running_town() as town:
            figures = _measure(town, options.texts, options.seconds)
            gateway_has = gateway.summary()
    report(
        "texts",
        {
            "texts queued": options.texts,
            "texts/s": figures.pop("rate"),
            "goal, texts/s": GOAL,
            "bare loop, calls/s": bare,
            **figures,
            "sent twice": gateway_has["doubled"],
        },
    )


def _settings(gateway: RunningGateway) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": gateway.account_sid,
        "TWILIO_AUTH_TOKEN": gateway.auth_token,
        "TWILIO_FROM": "+14155550100",
        "TWILIO_API_BASE": gateway.base_url,
        "TEXT_HOURS": "00:00-24:00",
    }


def _measure(town: Town, texts: int, seconds: float) -> dict[str, Any]:
    url = open_instance(town.data).database_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(QUEUE, {"from": 5_000_000, "many": WARM})
        _wait(connection)
        before = _worker_memory(town)
        connection.execute(QUEUE, {"from": 0, "many": texts})
        _wait(connection)
        row = connection.execute(
            "SELECT count(*) / extract(epoch FROM max(finished_at) - min(started_at)) FROM"
            " (SELECT * FROM notifications_attempt ORDER BY id OFFSET %s) AS tries",
            [WARM],
        ).fetchone()
        assert row
        grown = _worker_memory(town) - before
        run_in_town(town.data, TRICKLE_IN.format(many=int(TRICKLE * seconds), rate=TRICKLE))
        _wait(connection)
        waits = connection.execute(
            "SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP"
            " (ORDER BY extract(epoch FROM a.started_at - m.created_at))"
            " FROM notifications_message m JOIN notifications_attempt a ON a.message_id = m.id"
            " WHERE m.dedupe_key LIKE 'trickle:%'"
        ).fetchone()
        assert waits
    statements = run_in_town(town.data, COUNT)
    return {
        "rate": float(row[0]),
        f"p50 s, commit to gateway at {TRICKLE}/s": float(waits[0][0]),
        f"p99 s, commit to gateway at {TRICKLE}/s": float(waits[0][1]),
        "SQL statements per text": float(statements.split("statements:")[1]),
        "worker memory grown by, MB": grown,
        "attempts": _count(url, "notifications_attempt"),
    }


def _wait(connection: "psycopg.Connection[Any]") -> None:
    """Until nothing waits to be sent."""
    while connection.execute(
        "SELECT 1 FROM notifications_message WHERE status IN ('queued', 'sending') LIMIT 1"
    ).fetchone():
        time.sleep(0.2)


def _bare_loop(gateway: RunningGateway, many: int) -> float:
    """The same calls without an outbox, per second."""
    url = f"{gateway.base_url}/2010-04-01/Accounts/{gateway.account_sid}/Messages.json"
    limits = httpx.Limits(max_connections=THREADS, max_keepalive_connections=THREADS)
    credentials = (gateway.account_sid, gateway.auth_token)
    with (
        httpx.Client(auth=credentials, limits=limits, timeout=10) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):

        def call(n: int) -> None:
            form = {"To": "+14155550101", "From": "+14155550100", "Body": f"Report {n}."}
            client.post(url, data=form).raise_for_status()

        begun = time.perf_counter()
        list(threads.map(call, range(many)))
        rate = many / (time.perf_counter() - begun)
    gateway.reset()
    gateway.faults({"kind": "no_receipt"})
    return rate


def _worker_memory(town: Town) -> float:
    """MB of all processes of Celery's worker that serve this town."""
    tag, pages = f"{processes.TAG}={town.data}".encode(), 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (process / "cmdline").read_bytes().split(b"\0")
            if b"worker" in command and tag in (process / "environ").read_bytes():
                pages += int((process / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
