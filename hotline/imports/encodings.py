"""Telling a file's encoding from its bytes."""

import codecs
from pathlib import Path

# Byte order marks; the four-byte ones first, for UTF-32's begins like UTF-16's.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOST = "\N{REPLACEMENT CHARACTER}"
HEAD = 4096
ENOUGH = 256 * 1024


def detect(path: Path) -> str:
    """The name of a codec that reads the file; a guess only where nothing in it can tell."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    return _wide(head) or _by_content(_telling_lines(path))


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every ASCII character, a delimiter at least, has a zero byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) // 2:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _telling_lines(path: Path) -> bytes:
    """The lines that are not plain ASCII, up to what is enough to judge by.

    The whole file is looked through for them: the first "é" may stand in the last line.
    """
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        while (line := file.readline(ENOUGH)) and size < ENOUGH:
            if not line.isascii():
                found.append(line)
                size += len(line)
    return b"".join(found)


def _by_content(lines: bytes) -> str:
    text = lines.decode("utf-8", errors="replace")
    # A replacement character that is in the file itself was put there by somebody before us.
    broken = text.count(LOST) - lines.count(LOST.encode())
    good = sum(not char.isascii() for char in text) - broken
    # A few broken characters in a UTF-8 file must not turn all the others into nonsense, and
    # Latin or Chinese text hardly ever forms valid UTF-8 by chance.
    if not broken or good > 4 * broken:
        return "utf-8"
    return "gb18030" if _looks_chinese(lines) else "cp1252"


def _looks_chinese(lines: bytes) -> bool:
    """Nearly any bytes decode as GB 18030; but only real Chinese falls on its common part."""
    text = lines.decode("gb18030", errors="replace")
    foreign = [char for char in text if not char.isascii()]
    common = sum(_is_gb2312(char) for char in foreign)
    return common > 0.8 * len(foreign)


def _is_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
