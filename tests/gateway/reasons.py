"""Why a text is not accepted, as each gateway says it."""

import re
from urllib.parse import urlsplit

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST_BODY = 1600

# The name that the JSON gateway uses: Twilio's number, the HTTP status of both, the words.
REASONS = {
    "invalid_number": (21211, 400, "The 'To' number is not a valid phone number."),
    "landline": (21614, 400, "The 'To' number is not a valid mobile number."),
    "opted_out": (21610, 400, "Attempt to send to unsubscribed recipient."),
    "too_long": (21617, 400, "The concatenated message body exceeds the 1600 character limit."),
    "no_recipient": (21604, 400, "A 'To' phone number is required."),
    "no_sender": (21603, 400, "A 'From' phone number is required."),
    "no_body": (21602, 400, "Message body is required."),
    "bad_callback": (21609, 400, "The 'StatusCallback' URL is not a valid URL."),
    "bad_validity": (90007, 400, "Invalid validity period value."),
    "bad_service": (21701, 400, "The Messaging Service does not exist."),
    "no_route": (21612, 400, "The 'To' number is not reachable from this sender."),
    "country": (21408, 400, "Permission to send to this region has not been enabled."),
    "queue_full": (21611, 400, "This 'From' number has exceeded the maximum of queued messages."),
    "unauthorised": (20003, 401, "Authenticate"),
    "suspended": (20005, 403, "Account is not active."),
    "bad_request": (20001, 400, "A field is missing or wrong."),
    "not_found": (20404, 404, "The requested resource was not found."),
    "reference_used": (20409, 409, "The reference was used for another text."),
    "too_many": (20429, 429, "Too Many Requests"),
    "internal": (20500, 500, "Internal Server Error"),
}


def find_reason(code: str) -> tuple[str, int, int, str]:
    """By name or by Twilio's number; others are refused with 400 all the same."""
    for name, (number, status, words) in REASONS.items():
        if code in (name, str(number)):
            return name, number, status, words
    return code, int(code) if code.isdigit() else 20001, 400, "Refused."


def check_callback(url: str) -> str:
    """Empty, or why nobody could call back there."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    return "" if host and "_" not in host else "bad_callback"


def check_text(to: str, body: str) -> str:
    """Empty, or why no gateway would take it."""
    if not to:
        return "no_recipient"
    if not E164.fullmatch(to):
        return "invalid_number"
    if not body:
        return "no_body"
    return "too_long" if len(body) > LONGEST_BODY else ""
