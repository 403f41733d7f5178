"""The physical limit: the rows of one report, written by a bare SQL transaction."""

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

PROCESSES = 2

# The same rows under the same constraints and triggers; the ids come from the same sequences.
WRITE = """
WITH place AS (
    SELECT (SELECT min(id) FROM tickets_category WHERE NOT is_group) AS category,
        (SELECT min(id) FROM tickets_unit) AS unit
), ticket AS (
    INSERT INTO tickets_ticket (number, token, category_id, priority, status, moves, last_seq,
        unit_id, lon, lat, address, channel, by_staff, opened_at, flags)
    SELECT %(key)s::text, %(key)s::text || 't', category, 'normal', 'received', 1, 1,
        unit, 125.4, 43.83, 'Chuangye Avenue', 'web', false, now(), '{}' FROM place RETURNING id
), contact AS (
    INSERT INTO notifications_contact (phone, email, name, language, untextable, created_at)
    VALUES ('+1' || floor(2e9 + random() * 7e9)::bigint, '', '', 'en', '', now())
    ON CONFLICT (phone) DO UPDATE SET language = 'en' RETURNING id
), event AS (
    INSERT INTO tickets_ticketevent (ticket_id, seq, kind, move, from_status, to_status,
        occurred_at, recorded_at, reason, data, applied, flags)
    SELECT id, 1, 'open', 1, '', 'received', now(), now(), '', '{}', true, '{}' FROM ticket
    RETURNING id
), subscriber AS (
    INSERT INTO tickets_subscriber (ticket_id, contact_id, token, answer, created_at)
    SELECT ticket.id, contact.id, %(key)s::text || 's', '', now() FROM ticket, contact RETURNING id
), words AS (
    INSERT INTO tickets_words (public, internal) VALUES ('', 'The lamp is dark.') RETURNING id
), report AS (
    INSERT INTO hotline_report (ticket_id, channel, contact_id, words_id, language, answers,
        dangerous, said_at, recorded_at, source, foreign_id)
    SELECT ticket.id, 'web', contact.id, words.id, 'en', '{}', false, now(), now(), '', ''
    FROM ticket, contact, words RETURNING id
)
INSERT INTO notifications_message (dedupe_key, topic, kind, contact_id, staff_phone, language,
    body, segments, importance, gateway, status, created_at, run_at, expires_at, attempts, looks,
    resent, doubled, error)
SELECT 'event:' || event.id, 'ticket:0', 'open', contact.id, '', 'en', 'We have your report.',
    1, 1, 'printing', 'cancelled', now(), now(), now(), 0, 0, false, false, '' FROM event, contact
"""


def write_raw(url: str, *, clients: int, seconds: float) -> float:
    """Transactions per second of `clients` connections in two processes."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        jobs = [(url, clients // PROCESSES, seconds, n) for n in range(PROCESSES)]
        return sum(pool.starmap(_write_many, jobs)) / seconds


def _write_many(url: str, clients: int, seconds: float, process: int) -> int:
    with ThreadPoolExecutor(clients) as threads:
        jobs = [threads.submit(_writer, url, seconds, f"{process}{n}") for n in range(clients)]
        return sum(job.result() for job in jobs)


def _writer(url: str, seconds: float, name: str) -> int:
    done, end = 0, time.perf_counter() + seconds
    with psycopg.connect(url, autocommit=True) as connection:
        while time.perf_counter() < end:
            connection.execute(WRITE, {"key": f"r{name}{done:07d}"}, prepare=True)
            done += 1
    return done
