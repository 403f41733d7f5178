"""Whether words may go out, and what they look like: with usual facts, and with the longest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.conf import settings
from django.template import Template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications import templating
from notifications.fitting import MOST, Facts, fit, fits
from notifications.kinds import KINDS, MAY_BE_MISSING
from notifications.segments import EXTENDED, count_segments, is_gsm, normalise
from notifications.templating import BadWords

MARK = "\u2060"  # never typed, and no letter or digit
ASKS = (re.compile(r"(?<![0-9])1(?![0-9])"), re.compile(r"(?<![0-9])2(?![0-9])"))
WEB = re.compile(r"://|\bwww\.", re.IGNORECASE)

# There is always room for an address of sixty characters.
LONG_BASE = "https://hotline.a-city-with-a-really-long-name.example.gov.cn"
USUAL = {
    "en": {
        "category": "Street light out",
        "address": "Chuangye Avenue / Shenma Avenue",
        "job": "Repair",
    },
    "zh-hans": {
        "category": "路灯不亮",
        "address": "创业大街与神马大街交叉口",
        "job": "处置",
    },
}
REASONS = {
    "delayed": {"en": "We are waiting for a new transformer.", "zh-hans": "正在等待新变压器。"},
    "resolved": {"en": "Wind had torn the line.", "zh-hans": "大风刮断了线路。"},
    "rejected": {"en": "The lamp is a private one.", "zh-hans": "该路灯属小区自管。"},
}
LONGEST = {"category": 120, "address": 300, "reason": 500}
NUMBERS = {"number": "26-0004217-3", "into": "26-0003911-8"}


@dataclass(frozen=True)
class Preview:
    """One case, as it would be sent."""

    case: str | Promise
    body: str

    @property
    def segments(self) -> int:
        return count_segments(self.body)

    @property
    def encoding(self) -> str:
        return "GSM-7" if is_gsm(self.body) else "UCS-2"

    @property
    def used(self) -> int:
        """Units of its encoding."""
        if is_gsm(self.body):
            return sum(2 if c in EXTENDED else 1 for c in self.body)
        return len(self.body.encode("utf-16-be")) // 2

    @property
    def room(self) -> int:
        """Units that two segments hold."""
        return 306 if self.encoding == "GSM-7" else 134

    @property
    def left(self) -> int:
        return max(self.room - self.used, 0)


def proofread(kind: str, words: str) -> Template:
    """Words that may go out, ready to be filled. Raises BadWords, naming the first fault."""
    template = templating.read(kind, words)
    _check_required(kind, template)
    _check_replies(kind, template)
    _check_length(kind, template)
    return template


def previews(kind: str, language: str, template: Template) -> list[Preview]:
    """The cases that an author has to look at."""
    facts = KINDS[kind].facts
    cases: list[tuple[str | Promise, Facts]] = [
        (gettext_lazy("Usual"), _usual(kind, language)),
        (gettext_lazy("Longest"), _longest(kind, language)),
    ]
    if language == "en" and "address" in facts:
        chinese = {"address": USUAL["zh-hans"]["address"]}
        cases.append((gettext_lazy("With a Chinese address"), _usual(kind, "en") | chinese))
    if "link" in facts:
        mainland = {"link": "", "reply": False}
        cases.append(
            (gettext_lazy("To a number in mainland China"), _usual(kind, language) | mainland)
        )
    return [Preview(case, _fill(kind, template, facts)) for case, facts in cases]


def foreign_signs(words: str) -> str:
    """What makes an English text twice as wide, each sign once."""
    plain = normalise(words)
    return "" if is_gsm(plain) else "".join(dict.fromkeys(c for c in plain if not is_gsm(c)))


def _check_required(kind: str, template: Template) -> None:
    """Each required fact is told whatever else is known or not."""
    for given in _every_case(kind):
        for name in KINDS[kind].required:
            if name == "reply" or given[name] == "":
                continue
            if str(given[name]) not in templating.render(template, given):
                missing = _("“%(fact)s” is missing. It has to be in the text in every case.")
                raise BadWords(missing % {"fact": f"{{{{ {name} }}}}"})


def _check_replies(kind: str, template: Template) -> None:
    """Who can answer is told how; nobody else is asked, and carriers in China get no address."""
    for given in _every_case(kind):
        body = templating.render(template, given)
        if "reply" in KINDS[kind].required:
            asked = all(digit.search(body) for digit in ASKS)
            if given["reply"] and not asked:
                raise BadWords(
                    _("The answers are missing: “Reply 1 if it is fixed, 2 if not” or the like.")
                )
            if asked and not given["reply"]:
                raise BadWords(
                    _("Not everybody can answer: write {% if reply %} before, {% endif %} after.")
                )
        if WEB.search(body):
            raise BadWords(_("Write no web address: {{ link }} is the only one."))


def _check_length(kind: str, template: Template) -> None:
    """The longest case, and whatever is left out of it."""
    for language in USUAL:
        for given in _every_case(kind, _longest(kind, language)):
            body = _fill(kind, template, given)
            if not fits(body):
                long = _("Too long: %(segments)d segments where at most %(most)d are sent.")
                raise BadWords(long % {"segments": count_segments(body), "most": MOST})


def _every_case(kind: str, facts: Facts | None = None) -> Iterator[Facts]:
    """Facts that stand for themselves, with and without each that may be missing."""
    known = facts or {name: f"{MARK}{name}{MARK}" for name in KINDS[kind].facts}
    missing = [name for name in MAY_BE_MISSING if name in KINDS[kind].facts]
    for left_out in product((False, True), repeat=len(missing)):
        gone = {name for name, out in zip(missing, left_out, strict=True) if out}
        given = {name: "" if name in gone else value for name, value in known.items()}
        yield given | {"reply": "reply" not in gone}


def _fill(kind: str, template: Template, facts: Facts) -> str:
    written = fit(lambda given: templating.render(template, given), facts, KINDS[kind].shrinks)
    return normalise(written)


def _usual(kind: str, language: str) -> dict[str, Any]:
    reason = REASONS.get(kind, REASONS["delayed"])[language]
    link = f"{settings.PUBLIC_BASE_URL}/t/7QkZ4mWx9Rb/"
    return {**NUMBERS, **USUAL[language], "reason": reason, "link": link, "reply": True}


def _longest(kind: str, language: str) -> Facts:
    usual = _usual(kind, language)
    base = max(settings.PUBLIC_BASE_URL, LONG_BASE, key=len)
    long = {name: (f"{usual[name]} " * 99)[:most] for name, most in LONGEST.items()}
    return {**usual, **long, "link": f"{base}/t/7QkZ4mWx9Rb/"}
