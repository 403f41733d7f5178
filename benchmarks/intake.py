"""Reports per second through the citizens' web form, against the running system.

8 clients with a connection each send the real form (HTTP, CSRF, validation, one transaction of
report, ticket, event, subscriber, text; a worker delivers the texts meanwhile). In the same run a
raw SQL transaction writes the same rows: the physical limit, and the ratio to it.
"""

import argparse
import http.client
import multiprocessing
import random
import re
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.raw_intake import write_raw
from benchmarks.statements import count_statements
from benchmarks.town import Town, report, running_town
from config.instance import open_instance

CLIENTS = 8
GOAL = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    seconds = parser.parse_args().seconds
    with running_town() as town:
        url = open_instance(town.data).database_url
        send_reports(town, 1.0)  # warm
        sent = send_reports(town, seconds)
        stored = _count(url, "hotline_report")
        texts = _drained(url)
        raw = write_raw(url, clients=CLIENTS, seconds=min(seconds, 5))
        statements = count_statements(town.data)
    times = sorted(t for client in sent for t in client)
    rate = len(times) / seconds
    report(
        "intake",
        {
            "reports/s": rate,
            "goal, reports/s": GOAL,
            "p50 ms": statistics.median(times) * 1000,
            "p99 ms": times[int(len(times) * 0.99)] * 1000,
            "SQL statements per report": statements,
            "raw SQL transactions/s": raw,
            "ratio to raw SQL": rate / raw,
            "reports stored": stored,
            "texts sent, s after the last": texts,
        },
    )


def send_reports(town: Town, seconds: float) -> list[list[float]]:
    """Per client, the seconds each report took; a refused one stops the benchmark."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run_clients, (town.host, town.port, seconds))


def _run_clients(host: str, port: int, seconds: float) -> list[list[float]]:
    with ThreadPoolExecutor(CLIENTS) as threads:
        jobs = [threads.submit(_client, host, port, seconds, n) for n in range(CLIENTS)]
        return [job.result() for job in jobs]


def _client(host: str, port: int, seconds: float, seed: int) -> list[float]:
    dice = random.Random(seed)
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.request("GET", "/report/")
    page = connection.getresponse()
    html = page.read().decode()
    cookie = (page.getheader("Set-Cookie") or "").split(";")[0]
    token = _value(html, "csrfmiddlewaretoken")
    kind = _value(html, "category")
    # The last answer offered to each question of this kind: the form may insist on one.
    asked = dict(re.findall(rf'name="(q\.{kind}\.[^"]+)" value="([^"]+)"', html))
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        body = urlencode(_form(dice, token, kind) | asked)
        begun = time.perf_counter()
        connection.request("POST", "/report/", body, headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - begun)
        if answer.status != 302:
            raise RuntimeError(f"A report was answered with {answer.status}.")
    return times


def _form(dice: random.Random, token: str, kind: str) -> dict[str, Any]:
    return {
        "csrfmiddlewaretoken": token,
        "key": uuid.uuid4(),
        "category": kind,
        "address": f"Chuangye Avenue {dice.randrange(1, 999)}",
        "lon": f"{125.38 + dice.random() * 0.05:.5f}",
        "lat": f"{43.82 + dice.random() * 0.03:.5f}",
        "words": "The lamp in front of the house has been dark for two evenings.",
        "phone": f"+1415555{dice.randrange(100, 200):04d}",
        "language": dice.choice(("en", "zh-hans")),
    }


def _value(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, f"the form has no {name}"
    return found[1]


def _count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row
    return int(row[0])


def _drained(url: str) -> float:
    """Seconds until the worker has handed over every text; -1 where it has not in a minute."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < 60:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT 1 FROM notifications_message WHERE status IN ('queued', 'sending') LIMIT 1"
            ).fetchone()
        if row is None:
            return time.perf_counter() - begun
        time.sleep(0.2)
    return -1.0


if __name__ == "__main__":
    main()
