"""Phone numbers in and out: E.164 inside, readable outside."""

import hashlib
import hmac
import unicodedata

import phonenumbers
from django.conf import settings

_Kind = phonenumbers.PhoneNumberType
WITHOUT_TEXTS = {
    _Kind.FIXED_LINE,
    _Kind.TOLL_FREE,
    _Kind.PREMIUM_RATE,
    _Kind.SHARED_COST,
    _Kind.UAN,
}


class NotAPhoneNumber(ValueError):
    """What was typed cannot be rung or texted."""


def parse_phone(typed: str) -> str:
    """E.164 of a number as a person types it, in the city's region; raises NotAPhoneNumber."""
    text = unicodedata.normalize("NFKC", typed).strip()
    # "call me at 415…" parses in the library; a number is digits and punctuation, no words.
    if any(c.isalpha() for c in text) or len(text) > 40:
        raise NotAPhoneNumber(typed)
    try:
        number = phonenumbers.parse(text, settings.HOTLINE_PHONE_REGION)
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber(typed) from error
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_landline(e164: str) -> bool:
    """Whether the number's own plan says that it gets no texts; some countries' plans do not."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
    return kind in WITHOUT_TEXTS


def show_phone(e164: str) -> str:
    """`+86 138 0000 0000`; what cannot be parsed is shown as it is."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def hash_phone(e164: str) -> str:
    """A keyed hash: a suppressed number can be recognised after its owner was erased."""
    key = settings.HOTLINE_HASH_KEY.encode()
    return hmac.new(key, e164.encode(), hashlib.sha256).hexdigest()
