from collections.abc import Iterator

import pytest

from notifications import wording


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Words are kept in memory; the next test has another database."""
    wording.forget()
    yield
    wording.forget()
