"""Languages and scripts, told by their characters."""

import pytest

from index.text.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("渡轮昨天停航，码头上没有人。", "zh-Hans"),
        ("渡輪昨天停航，碼頭上沒有人。", "zh-Hant"),
        ("中山大学的 Python 小组发布 version 2.0", "zh-Hans"),
        ("山上有人", "zh-Hans"),
        (
            "引文：「まだあげ初めし」。译者说，这一句里的语言很美，读者可以感觉到它的新鲜，也能明白它的意思。",
            "zh-Hans",
        ),
        ("昨日、フェリーは欠航しました。港には誰もいませんでした。", "und"),
        ("어제 여객선은 운항하지 않았다.", "und"),
        ("The ferry did not run yesterday and the pier was empty.", "en"),
        ("Harbour opens", "en"),
        ("The ferry 海港 did not run yesterday and the pier was empty.", "en"),
        (
            "La navette ne circulait pas hier, le quai était désert et les pêcheurs sont restés chez eux à cause du brouillard épais qui couvrait toute la côte.",
            "und",
        ),
        ("Паром вчера не ходил, на пристани никого не было.", "ru"),
        ("Пором учора не ходив, і на пристані нікого не було, бо її закрили.", "und"),
        ("2021 / 12 / 03", "und"),
        ("", "und"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected


SUM = "0fdc6e860d0023ba7b94c7a0cf1f7d32908b65b526246de9dfd5bb39d0d7922b"


def test_check_sums_and_addresses_are_no_words() -> None:
    text = f"Вышла новая версия портовой системы.\nSHA256: {SUM}\nhttps://port.example/{SUM}/{SUM}"
    assert language(text) == "ru"
    assert language(f"海港有雾\nhttps://harbour.example/{'fog/' * 60}") == "zh-Hans"


@pytest.mark.parametrize(
    ("told", "text", "expected"),
    [
        ("ru", f"Версия 2.5\nopenssl ruby gem update version with all the new names {SUM}", "ru"),
        ("en", "Harbour fog ferry", "en"),
        ("en-GB", "Quay Alma", "en"),
        ("zh-TW", "海港公告 2.5 released today by the team", "zh-Hant"),
        ("zh_Hant", "这个码头没有渡轮", "zh-Hans"),
        ("zh", "這個碼頭沒有渡輪", "zh-Hant"),
        ("zh", "海港公告 released by the team", "zh-Hans"),
        ("fr", "Le port est un lieu", "und"),
        ("uk", "Порт закрито через туман", "und"),
        ("en", "渡轮今天停航", "zh-Hans"),
        ("ru", "The ferry stays in port.", "en"),
        ("!", "The ferry stays in port.", "en"),
    ],
)
def test_a_language_that_is_told_is_believed_where_its_letters_are(
    told: str, text: str, expected: str
) -> None:
    assert language(text, told) == expected
