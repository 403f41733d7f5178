import re

from common.phones import show_phone


def mask_phone(e164: str) -> str:
    """`+86 ••• •••• ••00`: enough to tell two callers apart, too little to ring one."""
    shown = show_phone(e164)
    start = len(shown.split(" ", 1)[0]) if shown.startswith("+") else 0
    hidden = re.sub(r"\d", "•", shown[start:-2])
    return shown[:start] + hidden + shown[-2:] if e164 else ""
