"""What codes mean, and what is done about one that nobody knows."""

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.translation import gettext

from notifications.gateways import Verdict, codes

V = Verdict


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("30003", "retry_after"),
        ("30008", "retry_after"),
        ("30017", "retry_after"),
        ("30410", "retry_after"),
        ("30500", "retry_after"),
        ("30001", "retry_after"),
        ("63012", "retry_after"),
        ("30005", "number"),
        ("30006", "number"),
        ("landline", "number"),
        ("21610", "opted_out"),
        ("opted_out", "opted_out"),
        ("30002", "account"),
        ("90010", "account"),
        ("30034", "account"),
        ("30004", None),
        ("30007", None),
        ("30036", None),
        ("63003", None),
        ("99999", None),
        ("", None),
        ("a word of their own", None),
    ],
)
def test_what_a_receipt_asks_for(code: str, what: str | None) -> None:
    action = vars(codes.after_receipt(code))
    assert [name for name, wanted in action.items() if wanted] == ([what] if what else [])


def test_another_try_waits_for_the_phone_or_for_tomorrow() -> None:
    assert codes.after_receipt("30003").retry_after == timedelta(minutes=30)
    assert codes.after_receipt("30023").retry_after == timedelta(days=1)


def test_one_number_abroad_does_not_stop_a_city() -> None:
    """A refusal of the account holds every text; one of a country only those that go there."""
    assert codes.judge(400, "21408") is codes.judge(400, "21612") is V.PERMANENT
    assert codes.judge(400, "21606") is V.ACCOUNT


def test_without_a_code_nothing_is_taken_for_a_no() -> None:
    verdicts = {status: codes.judge(status, "") for status in range(300, 600)}
    account = {401, 402, 403, 404, 407}
    assert {status for status in verdicts if verdicts[status] is V.ACCOUNT} == account
    assert {status for status in verdicts if verdicts[status] is V.RETRY} == {429}
    assert set(verdicts.values()) == {V.AMBIGUOUS, V.ACCOUNT, V.RETRY}


def test_a_failure_of_theirs_proves_nothing_whatever_the_code() -> None:
    assert {codes.judge(500, code) for code in codes.CODES} == {V.AMBIGUOUS}


def test_a_landline_is_known_by_every_name() -> None:
    assert all(map(codes.is_landline, ["21614", "21635", "30006", "landline"]))
    assert not any(map(codes.is_landline, ["21211", "30005", "", "99999"]))


def test_a_code_has_words_in_both_languages() -> None:
    words = {*codes.WORDS.values(), *(code.words for code in codes.CODES.values())}
    with translation.override("zh-hans"):
        assert [one for one in words if gettext(one) == one] == []


def test_a_code_stands_in_the_table_once() -> None:
    every = [code for row in codes.TABLE for code in row[0].split()]
    assert sorted(every) == sorted(set(every))
