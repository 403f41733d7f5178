"""The same words by mail, for somebody with an address and no number that gets texts.

A mail server keeps no list that could be asked: a mail whose answer was lost stays in doubt, and
one that was taken counts as sent, for ever.
"""

import smtplib
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from notifications.gateways import Found, Outgoing, Refusal, Verdict
from notifications.gateways.codes import WORDS


class Mail:
    name = "mail"
    proof = False

    def send(self, text: Outgoing) -> str:
        here = urlsplit(settings.PUBLIC_BASE_URL).hostname
        mail = EmailMessage(
            subject=subject_of(text),
            body=text.body,
            to=[text.to],
            headers={
                "Message-ID": f"<{text.token}@{here}>",
                "Auto-Submitted": "auto-generated",  # no holiday notices, please
            },
        )
        mail.connection = get_connection()
        try:
            mail.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            raise before_a_word(error) from error
        try:
            mail.send()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise after_a_word(error) from error
        finally:
            with suppress(OSError):  # the mail is on its way, whatever happens to the good-bye
                mail.connection.close()
        return text.token

    def look_up(self, text: Outgoing, *, since: datetime) -> list[Found]:
        return []

    def fetch(self, sid: str) -> Found:
        return Found(sid=sid, status="sent")


def subject_of(text: Outgoing) -> str:
    first = next(iter(text.body.splitlines()), "")
    return " ".join(first.split())[:200]


def before_a_word(error: Exception) -> Refusal:
    """No mail was begun: only a wrong password or a server without TLS needs a person."""
    ours = isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError)
    return refuse(error, Verdict.ACCOUNT if ours else Verdict.RETRY)


def after_a_word(error: Exception) -> Refusal:
    """An answer of the server decides; without one the mail may be on its way."""
    code = code_of(error)
    if isinstance(error, smtplib.SMTPSenderRefused) and code >= 500:
        return refuse(error, Verdict.ACCOUNT)
    if isinstance(error, ValueError | smtplib.SMTPNotSupportedError) or code >= 500:
        return refuse(error, Verdict.PERMANENT)
    return refuse(error, Verdict.RETRY if code >= 400 else Verdict.AMBIGUOUS)


def code_of(error: Exception) -> int:
    """SMTP's own three digits; 0 where the server gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def refuse(error: Exception, verdict: Verdict) -> Refusal:
    code = code_of(error)
    return Refusal(WORDS[verdict], verdict, code=str(code) if code else type(error).__name__[:20])
