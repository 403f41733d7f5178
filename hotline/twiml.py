"""What callers hear before somebody answers, and what the gateway does next, in its own language.

Nothing here needs the database: a caller gets through to the desk whatever has happened to it.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from twilio.twiml.voice_response import Dial, VoiceResponse

from common.bilingual import pick

# Which digit chooses which language, how the gateway calls it, and how it is offered in itself.
OFFERS = {
    "1": ("en", "en-US", "For English, press 1."),
    "2": ("zh-hans", "zh-CN", "中文服务请按2。"),
}
SPOKEN = {language: spoken for language, spoken, _offer in OFFERS.values()}
MENU_SECONDS = 6
RINGING_SECONDS = 20
MESSAGE_SECONDS = 120
# Again where our end failed; the gateway does not sign this part of an address.
TRY_AGAIN = "#rc=5&rp=5xx,ct,rt"


def language_of(digit: str) -> str:
    """Empty where the digit chooses none."""
    return OFFERS[digit][0] if digit in OFFERS else ""


def greet() -> str:
    """Who we are, what is recorded, which language."""
    response = VoiceResponse()
    menu = response.gather(
        num_digits=1, timeout=MENU_SECONDS, action=_to("voice_language"), method="POST"
    )
    for language, spoken, _offer in OFFERS.values():
        menu.say(_notice(language), language=spoken)
    for _language, spoken, offer in OFFERS.values():
        menu.say(offer, language=spoken)
    response.redirect(_to("voice_language"), method="POST")  # nothing was pressed
    return str(response)


def connect(language: str) -> str:
    """Ring whoever answers for the desk, all of them at once; nobody set: straight to the tone."""
    if not settings.HOTLINE_DESK_NUMBER:
        return ask_for_message(language)
    response = VoiceResponse()
    dial = response.dial(
        timeout=RINGING_SECONDS, action=_to("voice_dialled", language), method="POST"
    )
    for line in settings.HOTLINE_DESK_NUMBER:
        _add_line(dial, line)
    return str(response)


def ask_for_message(language: str) -> str:
    response = VoiceResponse()
    with translation.override(language):
        words = _(
            "Nobody can answer right now. After the tone, please say what the problem is and where,"
            " and press the hash key. We will call you back."
        )
    response.say(words, language=SPOKEN[language])
    response.record(
        max_length=MESSAGE_SECONDS,
        finish_on_key="#",
        play_beep=True,
        action=_to("voice_recorded", language),
        method="POST",
        recording_status_callback=_to("voice_recording") + TRY_AGAIN,
        recording_status_callback_event="completed",
    )
    return str(response)


def say_goodbye(language: str) -> str:
    response = VoiceResponse()
    with translation.override(language):
        words = _("Thank you. We have your message and will call you back. Goodbye.")
    response.say(words, language=SPOKEN[language])
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)


def _notice(language: str) -> str:
    with translation.override(language):
        city = pick(settings.HOTLINE_CITY_NAME_EN, settings.HOTLINE_CITY_NAME_ZH)
        notice = _(
            "This is the hotline of %(city)s. We keep your number, and a message if you leave one,"
            " to take care of your report."
        )
        return notice % {"city": city}


def _add_line(dial: Dial, line: str) -> None:
    """`+14155550100`, `client:desk` or `sip:desk@example.org`."""
    callback: dict[str, Any] = {
        "status_callback": _to("voice_desk") + TRY_AGAIN,
        "status_callback_event": "answered",
        "status_callback_method": "POST",
    }
    kind, _colon, name = line.partition(":")
    if kind == "client":
        dial.client(name, **callback)
    elif kind == "sip":
        dial.sip(line, **callback)
    else:
        dial.number(line, **callback)


def _to(name: str, language: str = "") -> str:
    query = f"?language={language}" if language else ""
    return settings.PUBLIC_BASE_URL + reverse(f"line:{name}") + query
