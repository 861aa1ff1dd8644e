"""The command of this benchmark."""

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from blogsite.benchmarks import passwords
from blogsite.benchmarks.harness.deployment import Deployment, scratch_database, use_database
from blogsite.benchmarks.passwords.guesses import OtherAccount, api_login, guess

EMAIL, OTHER, PASSWORD = "owner@example.com", "other@example.com", "the right one of 3 words"
SETTINGS = {"TRUSTED_PROXIES": "1"}
ALONE = 5  # seconds


def attack(port: int, number: int, hashes: Path) -> dict[str, Any]:
    before, during = (OtherAccount(port, OTHER, PASSWORD) for _ in range(2))
    before.start()
    time.sleep(ALONE)
    before.stop()
    hashed_before = hashes.stat().st_size
    during.start()
    started = time.monotonic()
    statuses = guess(port, EMAIL, number)
    seconds = time.monotonic() - started
    during.stop()
    hashed = hashes.stat().st_size - hashed_before - len(during.times)
    at_once, headers, _ = api_login(port, "203.0.113.2", EMAIL, PASSWORD)
    wait = int(headers.get("Retry-After", 0))
    time.sleep(wait)
    return {
        "wrong": number,
        "seconds": round(seconds, 1),
        "hashed": hashed,
        "refused": statuses.count(429),
        "right_at_once": at_once,
        "wait_s": wait,
        "right_after_delay": api_login(port, "203.0.113.2", EMAIL, PASSWORD)[0],
        "other_statuses": sorted(before.statuses | during.statuses),
        "other_ms_before": round(median(before.times), 1),
        "other_ms_during": round(median(during.times), 1),
    }


def run(database: str, number: int) -> dict[str, Any]:
    with scratch_database(database) as (scratch, url, _):
        hashes = scratch / "hashes"
        use_database(url, SETTINGS)
        from accounts.models import User

        User.objects.create_user(EMAIL, PASSWORD, is_staff=True)
        User.objects.create_user(OTHER, PASSWORD)
        counting = {"DJANGO_SETTINGS_MODULE": "blogsite.benchmarks.passwords.settings", "HASHES": str(hashes)}
        with Deployment(url, scratch / "log", SETTINGS, 0.0, web_settings=counting) as deployment:
            return {"database": database, **attack(deployment.port, number, hashes)}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m blogsite.benchmarks.passwords", description=passwords.__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--number", type=int, default=1000, help="how many wrong passwords")
    parser.add_argument("--json", action="store_true", help="print the results as one line")
    options = parser.parse_args(arguments)
    results = run(options.database, options.number)
    print(json.dumps(results) if options.json else "\n".join(f"{k:<20}{v!s:>12}" for k, v in results.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
