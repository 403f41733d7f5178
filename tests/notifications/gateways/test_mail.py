"""The same words by mail, through a real conversation with a mail server."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from pytest_django import Settings

from notifications.gateways import Found, Refusal, Verdict
from notifications.gateways.mail import Mail
from tests.notifications.gateways.conftest import OURS, text_of
from tests.notifications.gateways.post_office import HANGS_UP, PostOffice

V = Verdict
ADDRESS = "li.wei@example.org"


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.DEFAULT_FROM_EMAIL = "Hotline <hotline@example.org>"
    settings.PUBLIC_BASE_URL = "https://hotline.example.org"
    with PostOffice() as office:
        settings.EMAIL_PORT = office.port
        office.start()
        yield office
        office.shutdown()


def test_it_works(post_office: PostOffice) -> None:
    body = "工单 26-0004217-3：路灯已修好。\nhttps://hotline.example.org/t/abc/"
    sid = Mail().send(text_of(to=ADDRESS, body=body))
    letter = message_from_bytes(post_office.letters[0], policy=policy.default)
    assert (letter["To"], letter["From"]) == (ADDRESS, "Hotline <hotline@example.org>")
    assert letter["Subject"] == "工单 26-0004217-3：路灯已修好。"
    assert letter["Message-ID"] == f"<{OURS}@hotline.example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == body.splitlines()
    assert sid == OURS


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("The light is on.\nBye.", "The light is on."),
        ("One\r\nBcc: all@example.org", "One"),
        ("One\tBcc: all@example.org", "One Bcc: all@example.org"),
        ("", ""),
        ("The light " * 50, "The light " * 20),
    ],
)
def test_a_mail_has_a_subject_of_one_line(post_office: PostOffice, body: str, shown: str) -> None:
    Mail().send(text_of(to=ADDRESS, body=body))
    letter = message_from_bytes(post_office.letters[0], policy=policy.default)
    assert (letter["Subject"], letter["Bcc"]) == (shown.strip(), None)


@pytest.mark.parametrize(
    ("word", "answer", "verdict", "code"),
    [
        ("HELLO", "421 too busy", V.RETRY, "421"),
        ("HELLO", "554 not you", V.RETRY, "554"),
        ("HELLO", HANGS_UP, V.RETRY, "SMTPServerDisconnect"),
        ("MAIL", "451 later", V.RETRY, "451"),
        ("MAIL", "550 not from there", V.ACCOUNT, "550"),
        ("RCPT", "450 later", V.RETRY, "450"),
        ("RCPT", "550 no such person", V.PERMANENT, "550"),
        ("DATA", "451 later", V.RETRY, "451"),
        ("DATA", "554 no", V.PERMANENT, "554"),
        (".", "452 full", V.RETRY, "452"),
        (".", "554 looks like spam", V.PERMANENT, "554"),
        (".", HANGS_UP, V.AMBIGUOUS, "SMTPServerDisconnect"),
    ],
)
def test_a_no_says_what_it_means(
    post_office: PostOffice, word: str, answer: str, verdict: Verdict, code: str
) -> None:
    post_office.answers[word] = answer
    with pytest.raises(Refusal) as refusal:
        Mail().send(text_of(to=ADDRESS))
    assert (refusal.value.verdict, refusal.value.code) == (verdict, code)


@pytest.mark.parametrize("answer", [HANGS_UP, "421 I am gone", "nonsense"])
def test_what_happens_after_it_was_taken_does_not_matter(
    post_office: PostOffice, answer: str
) -> None:
    post_office.answers["QUIT"] = answer
    assert Mail().send(text_of(to=ADDRESS)) == OURS


def test_a_wrong_password_is_for_a_person(post_office: PostOffice, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "hotline", "wrong"
    post_office.answers |= {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "535 no"}
    with pytest.raises(Refusal) as refusal:
        Mail().send(text_of(to=ADDRESS))
    assert (refusal.value.verdict, refusal.value.code) == (V.ACCOUNT, "535")


def test_a_server_that_is_not_there_is_tried_again(
    post_office: PostOffice, settings: Settings
) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = bound.getsockname()[1]
        with pytest.raises(Refusal) as refusal:
            Mail().send(text_of(to=ADDRESS))
    assert (refusal.value.verdict, refusal.value.code) == (V.RETRY, "ConnectionRefusedErr")


def test_a_server_that_falls_silent_may_have_taken_it(
    post_office: PostOffice, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    post_office.answers["."] = "250-and then"  # announces a second line
    with pytest.raises(Refusal) as refusal:
        Mail().send(text_of(to=ADDRESS))
    assert (refusal.value.verdict, refusal.value.code) == (V.AMBIGUOUS, "SMTPServerDisconnect")


@pytest.mark.parametrize("to", ["nobody", "a@b\r\nBcc: all@example.org", "李@example.org"])
def test_an_address_that_cannot_be_is_for_a_person(post_office: PostOffice, to: str) -> None:
    post_office.answers["RCPT"] = "501 bad address"
    with pytest.raises(Refusal) as refusal:
        Mail().send(text_of(to=to))
    assert refusal.value.verdict is V.PERMANENT


def test_a_mail_cannot_be_asked_for() -> None:
    assert Mail().look_up(text_of(to=ADDRESS), since=datetime.now(UTC)) == []
    assert Mail().fetch(OURS) == Found(OURS, "sent")
    assert Mail().proof is False
