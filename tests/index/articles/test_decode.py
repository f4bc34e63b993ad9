"""Bytes in the encodings that Chinese archives are kept in."""

import pytest

from index.articles.decode import decode
from index.errors import ArticleError

SIMPLIFIED = "---\ntitle: 海港有雾\n---\n<p>渡轮昨天停航，码头上没有人。</p>\n"
TRADITIONAL = "---\ntitle: 海港有霧\n---\n<p>渡輪昨天停航，碼頭上沒有人。</p>\n"
RUSSIAN = "Паром вчера не ходил, на пристани никого не было. Сегодня он снова выходит в море.\n" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
        (SIMPLIFIED, "utf-32"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "utf-16-le"),
        ("海港今天有雾", "gb18030"),
        ("海港今天有霧", "big5"),
        ("渡轮", "gb18030"),
        ("中国网信办督导组进驻", "utf-16-le"),
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN + "!", "cp1251"),
    ],
)
def test_text_survives_its_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_nul_bytes_are_an_error_with_their_line() -> None:
    with pytest.raises(ArticleError, match="NUL") as caught:
        decode("一\n二\0\n".encode())
    assert (caught.value.reason, caught.value.line) == ("NUL bytes", 2)


def test_bytes_of_no_encoding_are_an_error_with_their_line() -> None:
    with pytest.raises(ArticleError, match="convert the file to UTF-8") as caught:
        decode(b"title\n" + bytes(range(128, 256)) * 9 + b"\xff\xfe\x81")
    assert (caught.value.reason, caught.value.line) == ("unknown encoding", 2)


def test_a_false_byte_order_mark_is_an_error() -> None:
    with pytest.raises(ArticleError, match="starts as utf-8"):
        decode(b"\xef\xbb\xbf\xff")
