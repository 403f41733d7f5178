"""A gateway for texts that loses, doubles and delays as real ones do. Its own process.

`python -m tests.gateway --port 0 --options '{"latency_ms": 50}'` prints where it listens.
Options are `settings.py`, faults are `faults.py`, what can be asked of it is `control.py`;
tests start it with `run.running_gateway`.
"""
