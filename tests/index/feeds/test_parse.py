"""The bytes of a feed -> entries."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from index.errors import FeedError
from index.feeds.parse import Entry, Feed, read_feed
from tests.feed_server import item, rss

URL = "https://coast.example/news/feed.xml"
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://coast.example/de/">
<title type="html">Coast &amp;lt;b&amp;gt;Wire&amp;lt;/b&amp;gt;</title>
<author><name>The desk</name></author>
{}
</feed>"""


def read(text: str | bytes, charset: str | None = None) -> Feed:
    return read_feed(text.encode() if isinstance(text, str) else text, URL, charset=charset)


def one(text: str | bytes, charset: str | None = None) -> Entry:
    (entry,) = read(text, charset).entries
    return entry


def test_an_rss_item() -> None:
    feed = read(
        """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Coast Wire</title>
        <link>https://coast.example/</link><managingEditor>boss@coast.example</managingEditor>
        <item><title>Tom &amp; &lt;i&gt;Jerry&lt;/i&gt;
        sail</title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">n-17</guid>
        <pubDate>Tue, 05 Mar 2024 08:30:00 +0800</pubDate>
        <dc:creator>Mira Dask</dc:creator><dc:creator>Olm Voss</dc:creator>
        <category>Sea</category><category> Sea </category><category>Weather</category>
        <description>Short.</description>
        <content:encoded><![CDATA[<p>Long, with <a href="b">a link</a>.</p><script>x()</script>]]>
        </content:encoded></item></channel></rss>"""
    )
    assert feed == Feed(
        (
            Entry(
                key="n-17",
                title="Tom & Jerry sail",
                author="Mira Dask, Olm Voss",
                date=datetime(2024, 3, 5, 8, 30, tzinfo=timezone(timedelta(hours=8))),
                url="https://coast.example/a?x=1&y=2",
                source="Coast Wire",
                categories=("Sea", "Weather"),
                body='<p>Long, with <a href="https://coast.example/news/b">a link</a>.</p>',
            ),
        )
    )


def test_an_atom_entry() -> None:
    entry = one(
        ATOM.format(
            """<entry><id>tag:coast.example,2024:1</id><title>Less &lt;b&gt; more</title>
            <link href="a"/><link rel="enclosure" href="x.mp3"/>
            <updated>2024-03-06T00:00:00Z</updated><published>2024-03-05T08:30:00.5-03:30</published>
            <category term="s" label="Sea"/><summary>Short.</summary>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long.</p></div>
            </content></entry>"""
        )
    )
    assert entry == Entry(
        key="tag:coast.example,2024:1",
        title="Less <b> more",
        author="The desk",
        date=datetime(2024, 3, 5, 8, 30, 0, 500_000, timezone(-timedelta(hours=3, minutes=30))),
        url="https://coast.example/de/a",
        source="Coast <b>Wire</b>",
        categories=("Sea",),
        body="<p>Long.</p>",
    )


def test_an_aggregator_names_the_source() -> None:
    source = '<source url="https://olm.example/feed">Olm Gazette</source>'
    assert one(rss(item().replace("</item>", source + "</item>"))).source == "Olm Gazette"
    entry = "<entry><id>x</id><title>t</title><summary>s</summary>{}</entry>"
    source = "<source><id>y</id><title>Olm Gazette</title></source>"
    assert one(ATOM.format(entry.format(source))).source == "Olm Gazette"
    assert one(ATOM.format(entry.format(""))).source == "Coast <b>Wire</b>"


def test_a_feed_without_a_title_is_named_by_its_host() -> None:
    assert one(rss(item(), title="")).source == "coast.example"


def test_the_body_is_the_content_else_the_summary() -> None:
    entry = "<entry><id>x</id><title>t</title>{}</entry>"

    def body(parts: str) -> str:
        return one(ATOM.format(entry.format(parts))).body

    assert body("<content> </content><summary>S.</summary>") == "<p>S.</p>"
    assert (
        body('<content type="html">&lt;img src="x.png"&gt;</content><summary>S.</summary>')
        == "<p>S.</p>"
    )
    assert body('<content type="image/png">iVBORw0K</content><summary>S.</summary>') == "<p>S.</p>"
    assert body('<content src="https://coast.example/x"/><summary>S.</summary>') == "<p>S.</p>"
    assert (
        body("<content>a &lt; b\n\n c &amp;amp; d</content>")
        == "<p>a &lt; b</p>\n<p>c &amp;amp; d</p>"
    )
    assert body("<summary/>") == ""
    assert body("") == ""


def test_text_without_tags_is_a_paragraph_a_line() -> None:
    assert (
        one(rss(item(body="One.\n\nTwo &amp;amp; three."))).body
        == "<p>One.</p>\n<p>Two &amp; three.</p>"
    )


def test_keys() -> None:
    link = "<link>https://coast.example/{}</link></item>"
    first, second = item("A"), item("B")
    feed = read(rss(item(guid="7"), first.replace("</item>", link.format(1)), first, second, first))
    keys = [entry.key for entry in feed.entries]
    assert keys[:2] == ["7", "https://coast.example/1"]
    assert len(keys) == 4  # the same entry twice is one
    assert [entry.title for entry in feed.entries[2:]] == ["A", "B"]
    assert read(rss(second)).entries[0].key == keys[3]


def test_one_id_for_several_entries_tells_nothing() -> None:
    link = "<link>https://coast.example/{}</link></item>"
    items = [item(guid="same").replace("</item>", link.format(n)) for n in range(2)]
    assert [entry.key for entry in read(rss(*items)).entries] == [
        "same\nhttps://coast.example/0",
        "same\nhttps://coast.example/1",
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Tue, 05 Mar 2024 08:30:00 GMT", datetime(2024, 3, 5, 8, 30, tzinfo=UTC)),
        ("2024-03-05T08:30:00+08:00", datetime(2024, 3, 5, 0, 30, tzinfo=UTC)),
        ("2024-03-05", datetime(2024, 3, 5, tzinfo=UTC)),
        ("yesterday", None),
        ("Tue, 32 Mar 2024 08:30:00 GMT", None),
        ("2024-13-05T08:30:00Z", None),
    ],
)
def test_dates(text: str, date: datetime | None) -> None:
    entry = one(rss(item(date=text)))
    assert entry.date == date
    assert entry.remarks == (() if date else (f"unreadable date {text!r}; it has none",))


def test_no_date_is_no_fault() -> None:
    assert (one(rss(item())).date, one(rss(item())).remarks) == (None, ())


CHINESE = rss(item("渡轮复航", body="渡轮星期一恢复航行。"), title="海岸通讯社")
TRADITIONAL = rss(item("渡輪復航", body="渡輪星期一恢復航行，裏港碼頭。"), title="海岸通訊社")


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "charset"),
    [
        (CHINESE, "gbk", "gb2312", None),
        (CHINESE, "gb18030", "GBK", "iso-8859-1"),
        (CHINESE, "gb18030", "utf-8", None),
        (CHINESE, "gb18030", "utf-8", "gb2312"),
        (TRADITIONAL, "big5hkscs", "Big5", None),
        (CHINESE, "utf-16", "utf-16", None),
        (CHINESE, "utf-16", "utf-8", None),
        (CHINESE, "utf-16-le", "utf-16", None),
        (CHINESE, "utf-16-be", "utf-16", None),
        (CHINESE, "utf-8-sig", "utf-8", "us-ascii"),
        (CHINESE, "utf-8", "utf-8", "iso-8859-1"),
        (rss(item("Паром", body="Паром ходит.")), "windows-1251", "windows-1251", None),
    ],
)
def test_encodings(text: str, encoding: str, declared: str, charset: str | None) -> None:
    data = text.replace('"utf-8"', f'"{declared}"', 1).encode(encoding)
    assert read(data, charset) == read(text)
    assert str(read(text).entries[0].title) in text


def test_a_charset_that_only_the_server_names() -> None:
    text = rss(item("Паром", body="Паром ходит.")).partition("\n")[2]
    assert one(text.encode("koi8-r"), "koi8-r").title == "Паром"


def test_utf_8_is_known_whatever_the_server_says() -> None:
    assert read(CHINESE.partition("\n")[2], "iso-8859-1") == read(CHINESE)


def test_broken_xml_gives_what_can_be_read() -> None:
    feed = read(
        rss(item("A", guid="1"), item("B & <b>C", guid="2")).replace("</channel></rss>", "")
    )
    assert [entry.key for entry in feed.entries] == ["1", "2"]
    assert feed.broken == "not well-formed (invalid token)"


def test_junk_before_the_feed_is_cut_off() -> None:
    feed = read("\n<b>Warning</b>: mysql on line 3\n" + rss(item("A")))
    assert ([entry.title for entry in feed.entries], feed.broken) == (["A"], None)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "nothing"),
        (b"<!doctype html><html><body>Log in</body></html>", "'<!doctype html>"),
        (b'{"items": []}', "items"),
        (b"<feedback><a/></feedback>", "feedback"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "NUL bytes"),
    ],
)
def test_what_is_no_feed(data: bytes, found: str) -> None:
    with pytest.raises(FeedError, match=found):
        read(data)


def test_the_servers_word_for_what_is_no_feed() -> None:
    with pytest.raises(FeedError, match="expected RSS or Atom, found text/html"):
        read_feed(b"<html>", URL, charset=None, content_type="text/html")


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss()) == Feed(())


BOMBS = {
    "billion laughs": '<!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>",
    "quadratic": f'<!DOCTYPE rss [<!ENTITY j "{"ha" * 500}">]>',
    "after a comment": f'<!-- <rss> --><!DOCTYPE rss [<!ENTITY j "{"ha" * 500}">]>',
    "from a file": '<!DOCTYPE rss [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;<!ENTITY j "ha">]>',
}


@pytest.mark.parametrize("head", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("ending", ["</channel></rss>", ""], ids=["whole", "broken"])
def test_no_entity_is_expanded_or_fetched(head: str, ending: str) -> None:
    text = rss(item("A", body="&j;" * 1000 + " B")).partition("\n")[2]
    feed = read(head + text.replace("</channel></rss>", ending))
    for entry in feed.entries:
        assert len(entry.body) < 10_000
        assert "root:" not in entry.body
        assert "haha" not in entry.body
    assert feed.broken


def test_named_entities_of_html_are_known_all_the_same() -> None:
    head = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "https://coast.example/x.dtd">'
    text = rss(item("Caf&eacute;", body="A&nbsp;B")).partition("\n")[2]
    assert one(head + text).title == "Café"


def test_what_is_dangerous_is_removed() -> None:
    body = (
        "&lt;p onclick='x()'&gt;A&lt;/p&gt;&lt;iframe src='x'&gt;&lt;/iframe&gt;"
        "&lt;a href='javascript:x()'&gt;b&lt;/a&gt;&lt;style&gt;p{}&lt;/style&gt;"
    )
    entry = one(rss(item(body=body).replace("<desc", "<link>javascript:x()</link><desc")))
    assert (entry.body, entry.url) == ('<p>A</p><a href="">b</a>', None)


def test_characters_that_are_no_text_are_dropped() -> None:
    entry = one(rss(item("A&#7;&#27;[31m\nB&#x202e;", body="&lt;p&gt;C&#0;&#8;D&lt;/p&gt;")))
    assert entry.title == "A[31m B"
    assert entry.body == "<p>CD</p>"


MEDIA = (
    '<media:content url="https://coast.example/a.jpg" type="image/jpeg">'
    '<media:title>A lamp</media:title><media:credit role="photographer">Tom Reed</media:credit>'
    '<media:description type="{}">{}</media:description></media:content>'
)
ASIDES = {
    "media, plain": MEDIA.format("plain", "A phone in a flower bed."),
    "media, HTML": MEDIA.format("html", "&lt;p&gt;A phone in a flower bed.&lt;/p&gt;"),
    "media, a group": f"<media:group>{MEDIA.format('plain', 'A phone.')}</media:group>",
    "media, longer than the article": MEDIA.format("plain", "A phone in a flower bed. " * 20),
    "another prefix": "<m:description>A phone in a flower bed.</m:description>",
    "itunes:summary": "<itunes:summary>In this episode: flowers.</itunes:summary>",
    "itunes:subtitle": "<itunes:subtitle>Flowers</itunes:subtitle>",
    "dc:description": "<dc:description>A note on gardens.</dc:description>",
}
NAMESPACES = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:m="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
)
ARTICLE = "<description>&lt;p&gt;The garden app says when.&lt;/p&gt;</description>"
FULL = "<content:encoded>&lt;p&gt;The garden app says when to water.&lt;/p&gt;</content:encoded>"


def with_namespaces(inside: str) -> str:
    return f"{NAMESPACES}<channel><title>W</title><item><title>App</title>{inside}</item></channel></rss>"


@pytest.mark.parametrize("aside", ASIDES.values(), ids=ASIDES)
@pytest.mark.parametrize(
    ("article", "body"),
    [
        (ARTICLE, "<p>The garden app says when.</p>"),
        (FULL, "<p>The garden app says when to water.</p>"),
        (ARTICLE + FULL, "<p>The garden app says when to water.</p>"),
    ],
    ids=["summary", "content", "both"],
)
def test_what_stands_beside_an_article_does_not_replace_it(
    aside: str, article: str, body: str
) -> None:
    for inside in (article + aside, aside + article):
        entry = one(with_namespaces(inside))
        assert (entry.title, entry.body) == ("App", body)


@pytest.mark.parametrize(
    ("aside", "body"),
    [
        (ASIDES["media, plain"], "<p>A phone in a flower bed.</p>"),
        (ASIDES["itunes:summary"], "<p>In this episode: flowers.</p>"),
        (
            "<itunes:summary>&lt;p onclick='x()'&gt;Flowers.&lt;/p&gt;</itunes:summary>",
            "<p>Flowers.</p>",
        ),
    ],
)
def test_it_is_the_text_where_there_is_no_other(aside: str, body: str) -> None:
    assert one(with_namespaces(aside)).body == body


PICTURES = {
    "an image": "<image><url>a.png</url><title>A lamp</title><link>https://x.example/</link></image>",
    "media": MEDIA.format("plain", "A lamp."),
    "media, after a source": '<source url="https://olm.example/f">Olm</source><media:title>A lamp</media:title>',
    "media, of an item": "<media:title>A lamp</media:title>",
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_pictures_title_is_not_the_articles(picture: str) -> None:
    for inside in (ARTICLE + picture, picture + ARTICLE):
        assert one(with_namespaces(inside)).title == "App"
        without = with_namespaces(inside).replace("<title>App</title>", "")
        assert one(without).title == "A lamp"
    before = with_namespaces(ARTICLE).replace("<title>App", f"{picture}<title>App")
    assert one(before).title == "App"


def test_of_two_summaries_the_longer_is_the_text() -> None:
    short = "<summary>In short.</summary>"
    for inside in (ARTICLE + short, short + ARTICLE):
        assert one(with_namespaces(inside)).body == "<p>The garden app says when.</p>"


@pytest.mark.parametrize(
    "date",
    ["Чт, 04 мар 2021 10:00:00 +0300", "4 марта 2021 10:00:00 +0300", "04.03.2021 10:00:00 +0300"],
)
def test_russian_dates(date: str) -> None:
    entry = one(rss(item(date=date)))
    assert entry.date == datetime(2021, 3, 4, 10, tzinfo=timezone(timedelta(hours=3)))
    assert entry.remarks == ()


def test_a_date_that_cannot_be_read_is_looked_for_elsewhere() -> None:
    entry = one(with_namespaces(f"{ARTICLE}<pubDate>soon</pubDate><dc:date>2021-03-04</dc:date>"))
    assert (entry.date, entry.remarks) == (datetime(2021, 3, 4, tzinfo=UTC), ())


def test_entries_that_share_id_and_link_are_told_apart_by_content() -> None:
    link = "<link>https://coast.example/</link></item>"
    items = [
        item(f"Bulletin {n}", guid="same", date=f"0{n} Mar 2021 10:00:00 GMT").replace(
            "</item>", link
        )
        for n in (1, 2, 3)
    ]
    items.append(items[2].replace("runs again", "is late"))  # by its text alone
    feed = read(rss(*items))
    assert [entry.title for entry in feed.entries] == [f"Bulletin {n}" for n in (1, 2, 3, 3)]
    assert len({entry.key for entry in feed.entries}) == 4
    assert feed.repeated == 0
    again = read(rss(*reversed(items), items[0]))
    assert {entry.key for entry in again.entries} == {entry.key for entry in feed.entries}
    assert again.repeated == 1
