"""What tells an entry of a feed from the others."""

from itertools import pairwise

import pytest

from index.feeds.identity import keys_of, levels, page_of


def test_each_key_is_narrower_than_the_one_before() -> None:
    keys = keys_of("id", "https://coast.example/1", "title", "text")
    assert keys[:2] == ("id", "id\nhttps://coast.example/1")
    assert len(keys) == 4
    for wide, narrow in pairwise(keys):
        assert narrow.startswith(f"{wide}\n")
    assert keys_of("https://coast.example/1", "https://coast.example/1") == (
        "https://coast.example/1",
    )


def test_an_entry_is_known_by_the_widest_key_that_tells_it() -> None:
    assert levels([]) == []
    assert levels([("a", "a1"), ("b", "b1")]) == [0, 0]
    assert levels([("a", "a1"), ("b", "b1"), ("a", "a2")]) == [1, 0, 1]
    assert levels([("a", "a1", "a1x"), ("a", "a1", "a1y"), ("a", "a2", "a2x")]) == [2, 2, 1]
    assert levels([("a", "a1"), ("a", "a1")]) == [0, 0]  # the same entry
    assert levels([("a", "a1"), ("a", "a1"), ("a", "a2")]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://coast.example/a-77", "coast.example/a-77"),
        ("http://www.coast.example/a-77/", "coast.example/a-77"),
        ("https://coast.example:443/a-77?utm_source=rss", "coast.example/a-77"),
        ("https://coast.example:8443/a?id=7&b=&utm_medium=x", "coast.example:8443/a?id=7&b="),
        ("https://coast.example/?p=7", "coast.example?p=7"),
        ("https://coast.example/live#n7", "coast.example/live#n7"),
        ("https://coast.example/", None),
        ("https://coast.example", None),
        ("https://coast.example/news/", None),
        ("https://[broken", None),
        ("https://coast.example:x/a", None),
        (None, None),
    ],
)
def test_pages(link: str | None, page: str | None) -> None:
    assert page_of(link, "http://coast.example/news") == page
