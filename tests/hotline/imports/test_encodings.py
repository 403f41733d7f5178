from collections.abc import Callable
from pathlib import Path

import pytest

from hotline.imports.encodings import detect

Write = Callable[[str | bytes], Path]
CHINESE = "编号,地址,内容\n1,创业大道与神马大道交叉口,路灯不亮，变压器烧毁\n" * 3
FRENCH = "id,rue,mots\n1,Rue de l'Hôtel élevé,lampadaire cassé à côté de l'école\n" * 3


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-32", "utf-32"),
        ("id,rue\n1,“Elm” – café\n", "cp1252", "cp1252"),
        ("plain,ascii\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_it_tells_the_encoding(write: Write, text: str, written: str, read: str) -> None:
    path = write(text.encode(written))
    assert detect(path) == read
    assert path.read_text(encoding=detect(path)) == text


def test_the_only_telling_character_may_be_far_down(write: Write) -> None:
    assert detect(write(b"a,b\n" * 100_000 + "1,café\n".encode("cp1252"))) == "cp1252"


def test_a_few_broken_bytes_do_not_turn_a_utf8_file_into_nonsense(write: Write) -> None:
    assert detect(write(CHINESE.encode() + b"2,\xff\xfe,broken\n")) == "utf-8"


def test_a_replacement_character_that_the_file_itself_has_is_no_damage_of_ours(
    write: Write,
) -> None:
    assert detect(write("id,words\n1,caf\ufffd\n")) == "utf-8"


def test_a_zero_byte_here_and_there_is_not_utf16(write: Write) -> None:
    assert detect(write(b"id,words\n1,a\0b\n" + b"2,abcdefghijklmnop\n" * 5)) == "utf-8"
