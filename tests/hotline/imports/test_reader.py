import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.imports.profile import Profile
from hotline.imports.reader import (
    FIELD_LIMIT,
    LINE_LIMIT,
    Export,
    FileRefused,
    RawRow,
    Rejected,
    open_export,
)
from tests.hotline.imports.conftest import HEADER, line

Write = Callable[[str | bytes], Path]


@pytest.fixture
def read(profile: Profile, write: Write) -> Callable[[str | bytes], list[RawRow | Rejected]]:
    return lambda content: list(open_export(write(content), profile).rows())


Read = Callable[[str | bytes], list[RawRow | Rejected]]


def ids(rows: list[RawRow | Rejected]) -> list[tuple[int, str]]:
    """Each row's line with its id, or with the reason why it has none."""
    return [(row.line, row.values["id"] if isinstance(row, RawRow) else row.reason) for row in rows]


def test_it_reads_rows_with_their_line_numbers(read: Read) -> None:
    rows = read(f"{HEADER}\n{line()}\n\n   \n{line(id='2')}")
    assert ids(rows) == [(2, "1"), (5, "2")]
    assert isinstance(rows[0], RawRow)
    assert rows[0].values["opened"] == "06/01/2015 10:00:00 AM"
    assert not rows[0].damaged


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_usual_file_is_read(read: Read, delimiter: str, newline: str, encoding: str) -> None:
    text = f"{HEADER}\n{line(words='创业大道，路灯不亮')}\n".replace(",", delimiter)
    (row,) = read(text.replace("\n", newline).encode(encoding))
    assert isinstance(row, RawRow), row
    assert (row.line, row.values["words"]) == (2, "创业大道，路灯不亮")


def test_excels_own_first_line_names_the_delimiter(read: Read) -> None:
    assert ids(read(f"sep=;\n{HEADER}\n{line()}\n".replace(",", ";"))) == [(3, "1")]


def test_an_encoding_and_a_delimiter_said_by_the_profile_are_believed(
    profile: Profile, write: Write
) -> None:
    told = replace(profile, encoding="cp1252", delimiter=";")
    with pytest.raises(FileRefused, match="no column 'id'"):
        open_export(write(f"{HEADER}\n"), told)


def test_quotes_may_hold_delimiters_quotes_and_line_breaks(read: Read) -> None:
    words = '"a, ""b""\nc"'
    rows = read(f"{HEADER}\n{line(words=words)}\n{line(id='2')}\n")
    assert ids(rows) == [(2, "1"), (4, "2")]
    assert isinstance(rows[0], RawRow)
    assert rows[0].values["words"] == 'a, "b"\nc'
    assert rows[0].raw == line(words=words) + "\n"


def test_a_header_may_have_line_breaks_and_stray_spaces(read: Read) -> None:
    assert ids(read(f'"extra\ncolumn", {HEADER}\nx,{line()}\n')) == [(3, "1")]


def test_a_quote_in_the_middle_of_a_field_is_only_a_quote(read: Read) -> None:
    (row,) = read(f"{HEADER}\n" + line(words='a 5" pipe') + "\n")
    assert isinstance(row, RawRow)
    assert row.values["words"] == 'a 5" pipe'


@pytest.mark.parametrize("later", ["", 'x,"y",z', '"x"', '"', 'a,"b\nc",d'])
def test_a_quote_never_closed_costs_its_own_line_only(read: Read, later: str) -> None:
    good = "".join(f"{line(id=str(number))}\n" for number in range(3, 300))
    rows = read(f"{HEADER}\n{line(id=chr(34) + '2')}\n{good}{later}\n")
    assert isinstance(rows[0], Rejected)
    assert (rows[0].line, rows[0].raw) == (2, line(id='"2') + "\n")
    assert [row.line for row in rows[1:298] if isinstance(row, RawRow)] == list(range(3, 300))
    assert all(isinstance(row, Rejected) for row in rows[298:])
    assert len(rows[298:]) == later.count("\n") + bool(later)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("1,2,3", "the row has 3 columns, the header has 12"),
        (line() + ",surplus", "the row has 13 columns, the header has 12"),
        (line(words='"a"b'), "a quote inside a quoted field is not doubled"),
        (line(words="x" * (FIELD_LIMIT + 1)), "a field is longer than 100,000 characters"),
        (line(words="x" * (2 * FIELD_LIMIT)), "a field is longer than 100,000 characters"),
        (line(words="x" * LINE_LIMIT * 3), "the line is longer than 1,000,000 characters"),
    ],
)
def test_a_broken_row_is_refused_and_the_next_one_read(read: Read, bad: str, reason: str) -> None:
    refused, good = read(f"{HEADER}\n{bad}\n{line(id='2')}\n")
    assert isinstance(refused, Rejected)
    assert refused.line == 2
    assert reason in refused.reason
    assert refused.raw == (bad + "\n")[:LINE_LIMIT]
    assert isinstance(good, RawRow)
    assert (good.line, good.values["id"]) == (3, "2")


def test_empty_cells_beyond_the_header_are_only_excels_padding(read: Read) -> None:
    assert ids(read(f"{HEADER}\n{line()},,, \n")) == [(2, "1")]


def test_zero_bytes_and_undecodable_ones_are_taken_out_and_marked(read: Read) -> None:
    text = f"{HEADER}\n{line(words='ab')}\n{line(words='é' * 20)}\n{line(words='c?d')}\n"
    rows = read(text.encode().replace(b"ab", b"a\0b").replace(b"c?d", b"c\xffd"))
    assert [(row.values["words"], row.damaged) for row in rows if isinstance(row, RawRow)] == [
        ("ab", True),
        ("é" * 20, False),
        ("c\ufffdd", True),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "no column 'id'"),
        (b"PK\x03\x04rest", "a spreadsheet or a ZIP archive, not CSV"),
        (b"\x1f\x8brest", "a compressed file, not CSV"),
        (HEADER.replace("lat", "Lat").encode(), "no column 'lat', which the profile 'smallville' "),
        ((HEADER + ",id").encode(), "two columns 'id' (columns.foreign_id of the profile)"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_as_a_whole(
    profile: Profile, write: Write, content: bytes, sentence: str
) -> None:
    with pytest.raises(FileRefused) as error:
        open_export(write(content), profile)
    assert sentence in str(error.value)


def test_a_file_that_is_not_there_is_said_to_be_missing(profile: Profile, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="No such file"):
        open_export(tmp_path / "nowhere.csv", profile)


def test_rows_are_read_as_they_are_asked_for(profile: Profile, write: Write) -> None:
    export: Export = open_export(write(f"{HEADER}\n" + f"{line()}\n" * 5), profile)
    rows = export.rows()
    assert next(rows).line == 2
    assert next(rows).line == 3


@pytest.mark.parametrize("seed", range(100))
def test_whatever_the_accidents_no_line_is_lost(read: Read, seed: int) -> None:
    chance, body = random.Random(seed), ""
    for number in range(chance.randint(1, 30)):
        text = line(id=str(number), words=chance.choice(["a", '"a\nb"', '"x""y"', '"q,q"']))
        for _ in range(chance.choice([0, 0, 1, 2])):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(['"', "\n", ",", '",', "\0", "\r"]) + text[at:]
        body += text + "\n"
    read_back = "".join(row.raw for row in read(f"{HEADER}\n{body}"))
    assert _lines(read_back) == _lines(body)


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
