"""Numbers and mail addresses for those who may not ring the people behind them."""

import re

from common.phones import show_phone


def mask_phone(e164: str) -> str:
    """`+86 ••• •••• ••00`: enough to tell two callers apart, too little to ring one."""
    shown = show_phone(e164)
    start = len(shown.split(" ", 1)[0]) if shown.startswith("+") else 0
    hidden = re.sub(r"\d", "•", shown[start:-2])
    return shown[:start] + hidden + shown[-2:] if e164 else ""


def mask_address(address: str) -> str:
    """A number as above; of a mail address the first letter and the house."""
    name, at, house = address.partition("@")
    return f"{name[:1]}•••@{house}" if at else mask_phone(address)


def show_address(address: str) -> str:
    """A number readable, a mail address as it is."""
    return address if "@" in address else show_phone(address)
