"""What can be set at the start, and changed by POST /control/faults."""

from dataclasses import dataclass, field, fields
from typing import Any

from tests.gateway.faults import Fault, read_faults


@dataclass
class Settings:
    account_sid: str = "AC" + "0" * 32
    auth_token: str = "0123456789abcdef0123456789abcdef"  # also signs the callbacks
    key: str = "a key that only tests know"  # of the JSON gateway, in both directions
    seed: int = 1  # of the faults' dice
    latency_ms: float = 0  # between accepting and answering
    list_lag: float = 0  # seconds until a text is in the lists
    sent_after: float = 0.05  # seconds after the answer is due
    delivered_after: float = 0.05  # seconds after that
    faults: list[Fault] = field(default_factory=list)

    def change(self, options: dict[str, Any]) -> None:
        """All of it or, with a ValueError, nothing."""
        known = {each.name for each in fields(self)}
        if not isinstance(options, dict) or not options.keys() <= known:
            raise ValueError(f"Only these can be set: {', '.join(sorted(known))}")
        read = {**options}
        for name in read.keys() - {"faults"}:
            wanted = type(getattr(Settings, name))
            if not isinstance(read[name], str if wanted is str else int | float):
                raise ValueError(f"{name}: {read[name]!r}")
        if "faults" in read:
            read["faults"] = read_faults(read["faults"])
        for name, value in read.items():
            setattr(self, name, value)
