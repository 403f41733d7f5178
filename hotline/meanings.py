"""What a citizen's text means, by the whole message only: “stop sign is broken” is a complaint.

Nothing here knows who wrote it; what a bare 1 or 2 answers depends on what was asked (texts.py).
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.numbers import Misread, read_ticket_number


class Sort(models.TextChoices):
    STOP = "stop", _("wants no texts")
    START = "start", _("wants texts again")
    HELP = "help", _("asks for help")
    STATUS = "status", _("asks where it stands")
    NUMBER = "number", _("a ticket number")
    MISREAD = "misread", _("a misread ticket number")
    DIGIT = "digit", _("an answer from 1 to 5")
    YES = "yes", _("fixed")
    NO = "no", _("not fixed")
    NEW = "new", _("means another problem")
    THANKS = "thanks", _("thanks")
    WORDS = "words", _("words")
    BLANK = "blank", _("blank")
    REPEAT = "repeat", _("said twice")


@dataclass(frozen=True)
class Meaning:
    sort: Sort
    number: str = ""  # of a ticket, in its canonical form
    digit: int = 0

    @property
    def fixed(self) -> bool | None:
        """The verdict it would be, if one was asked for."""
        said = {Sort.YES: True, Sort.NO: False}
        return {1: True, 2: False}.get(self.digit, said.get(self.sort))


# The gateway obeys the English words by itself; the others it knows only if it was told to.
SPELLINGS = {
    Sort.STOP: """stop, stopall, stop all, unsubscribe, end, quit, cancel, revoke, optout, opt out,
        opt-out, td, 退订, 退訂, 停止, 取消订阅, 取消訂閱, 退订短信, 停止短信,
        不要再发, 不要再发了""",
    Sort.START: "start, unstop, 恢复, 恢復, 恢复短信, 恢復短信, 重新订阅, 重新訂閱",
    Sort.HELP: "help, info, 帮助, 幫助, 求助",
    Sort.STATUS: """status, 状态, 狀態, 进度, 進度, 进展, 進展, 查询, 查詢, 查进度, 查进展, 
        查询进度, 办理进度, 处理进度, 办理状态""",
    Sort.YES: """yes, y, yep, yeah, yes it is, fixed, it's fixed, it is fixed, yes fixed, solved,
        resolved, it works, works, works now, working, all good, 是, 是的, 对, 对的, 好了, 已好,
        已经好了, 修好了, 已修好, 已经修好了, 解决了, 已解决, 已经解决, 已经解决了, 亮了, 可以了,
        恢复了, 恢复正常, 正常了, 👍, 👌, ✅""",
    Sort.NO: """no, n, nope, not fixed, not yet, not solved, not resolved, not working, no it isn't,
        it's not fixed, it is not fixed, isn't fixed, still broken, still not fixed,
        still not working, 否, 不, 不是, 不对, 没, 没有, 沒有, 还没, 还没有, 没好, 还没好, 没有好,
        没修好, 还没修好, 没有修好, 未修好, 没解决, 还没解决, 没有解决, 未解决, 仍未解决, 沒解決,
        没亮, 还没亮, 不亮, 还是不亮, 还是不行, 不行, 👎, ❌""",
    Sort.THANKS: """thanks, thank you, thank you very much, many thanks, thx, ok, okay, great, 谢谢,
        謝謝, 谢谢你, 谢谢您, 非常感谢, 感谢, 多谢, 好, 好的, 收到, 知道了""",
    Sort.NEW: "new, a new one, another, none, 新, 新的, 新问题, 新問題, 都不是, 另一件",
    Sort.DIGIT: "1, 2, 3, 4, 5",
}
KNOWN = {
    " ".join(spelling.split()): sort
    for sort, spellings in SPELLINGS.items()
    for spelling in spellings.split(",")
}
GATEWAY_KNOWS = frozenset(
    {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"}
    | {"start", "unstop"}
)
# Before a number: “status 26-0004217-3”, “单号：26-0004217-3”.
NUMBER = re.compile(
    r"(?:(?:status|ticket|report|number|no|单号|單號|编号|状态|狀態|进度|進度|查询|查詢|查)[\s.:#-]*)*"
    r"([\d\s./#-]+)"
)
DIGITS_OF_A_NUMBER = range(9, 12)  # a digit was lost, or one typed twice
ANSWERS = frozenset({Sort.YES, Sort.NO, Sort.DIGIT, Sort.THANKS})


def read(body: str) -> Meaning:
    """What the whole of a message means; whatever is not known for certain is words."""
    text = plain(body)
    bare = _trim(text, "PZS", keep="So") or _trim(text, "PZ")
    sort = KNOWN.get(bare) or KNOWN.get(_trim(bare, "PZS"))
    if sort in ANSWERS and "?" in text:
        return Meaning(Sort.WORDS)  # “fixed?” asks
    if sort is Sort.DIGIT:
        return Meaning(sort, digit=int(_trim(bare, "PZS")))
    if sort:
        return Meaning(sort)
    if numbered := NUMBER.fullmatch(bare):
        return _read_number(numbered[1])
    return Meaning(Sort.WORDS if text.strip() else Sort.BLANK)


def known_to_gateway(body: str) -> bool:
    """Whether the gateway answers this word itself: a second answer would be one too many."""
    return _trim(plain(body), "PZS") in GATEWAY_KNOWS


def plain(body: str) -> str:
    """Letters and digits as they are meant: no widths, no case, no marks that only steer."""
    text = " ".join(unicodedata.normalize("NFKC", body).casefold().split()).replace("’", "'")
    return "".join(_as_meant(c) for c in text)


def _as_meant(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Cf", "Cs", "Mn", "Me", "Sk"} and not character.isascii():
        return ""  # bidi marks, joiners, variation selectors, keycaps, skins
    if kind == "Nd":
        return str(unicodedata.decimal(character))
    if kind == "Pd" or character == "\u2212":
        return "-"
    return "" if kind == "Cc" else character


def _trim(text: str, kinds: str, *, keep: str = "") -> str:
    """Without punctuation and the like at its ends."""
    start, end = 0, len(text)
    while start < end and _is_trim(text[start], kinds, keep):
        start += 1
    while end > start and _is_trim(text[end - 1], kinds, keep):
        end -= 1
    return text[start:end]


def _is_trim(character: str, kinds: str, keep: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in kinds and kind != keep


def _read_number(said: str) -> Meaning:
    try:
        return Meaning(Sort.NUMBER, number=read_ticket_number(said))
    except Misread:
        digits = [c for c in said if c.isdecimal()]
        # Ours begin with the year; 4155550123 is somebody's telephone.
        near = len(digits) in DIGITS_OF_A_NUMBER and digits[0] in "23"
        return Meaning(Sort.MISREAD if near else Sort.WORDS)
