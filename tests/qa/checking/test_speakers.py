import pytest

from index.types import Card
from qa.checking.speakers import attribution, said_by

CARD = Card("a.md", "0" * 64, "", "Olga Brandt", None, None, "Coast Wire", "und")
CHINESE = (
    "达斯科在码头的记者会上说：“防波堤会继续下沉，我错了。”\n"
    "奥尔姆港去年停靠了一千二百艘船。\n"
    "渔民协会会长马丁·克鲁格说：“我们等了三年。临时泊位太远了。”\n"
    "他还说，“明年会更好的”。\n"
    "縣農會理事長白玉蘭說，受災的茶園有三千公頃。\n"
    "“鄰居本來笑我”，茶農潘阿木說。"
)
ENGLISH = (
    "Director Amalia Voss said the mirror would travel by barge.\n"
    "“A mirror that nobody looks after is a window,” Voss said. “We have looked through it.”\n"
    "“It will be back,” said the ministry’s spokesman John Reed on Friday.\n"
    "The mirror is eight metres wide."
)
RUSSIAN = (
    "Пчеловод Гордей Лунин заявил, что пчёлы пережили зиму.\n"
    "«Мы ошиблись», — сказал министр Пётр Зимин. «Больше этого не будет»."
)
LED = (
    "达斯科：防波堤的事我错了\n"
    "批评达斯科：地基仍在下沉\n"
    "Director Amalia Voss: it will never be back\n"
    "Trouble for Voss: the mirror is not hers"
)


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        (CHINESE, "防波堤会继续下沉", "达斯科"),
        (CHINESE, "停靠了一千二百艘船", None),
        (CHINESE, "临时泊位太远了", "渔民协会会长马丁·克鲁格"),
        (CHINESE, "明年会更好的", None),
        (CHINESE, "受災的茶園有三千公頃", "縣農會理事長白玉蘭"),
        (CHINESE, "鄰居本來笑我", "茶農潘阿木"),
        (ENGLISH, "would travel by barge", "Director Amalia Voss"),
        (ENGLISH, "nobody looks after", "Voss"),
        (ENGLISH, "We have looked through it", "Voss"),
        (ENGLISH, "It will be back", "the ministry’s spokesman John Reed"),
        (ENGLISH, "eight metres wide", None),
        (RUSSIAN, "пчёлы пережили зиму", "Пчеловод Гордей Лунин"),
        (RUSSIAN, "Мы ошиблись", "министр Пётр Зимин"),
        (RUSSIAN, "Больше этого не будет", "министр Пётр Зимин"),
    ],
)
def test_the_speaker_is_told_in_the_articles_words(
    text: str, words: str, speaker: str | None
) -> None:
    start = text.index(words)
    assert attribution(text, start, start + len(words)).speaker == speaker


@pytest.mark.parametrize(
    ("text", "words", "names", "others"),
    [
        (CHINESE, "我错了", ["达斯科", "米雷娜·达斯科", "達斯科"], ["克鲁格", "白玉蘭"]),
        # a pronoun: whoever is named before
        (CHINESE, "明年会更好的", ["克鲁格", "马丁·克鲁格"], ["白玉蘭"]),
        (ENGLISH, "It will be back", ["Reed", "John Reed", "reed"], ["Voss", "Brand", "Ree", ""]),
        (ENGLISH, "We have looked", ["Voss", "Amalia Voss"], ["John Reed"]),
        (RUSSIAN, "Мы ошиблись", ["Зимин", "Пётр Зимин", "Зимина"], ["Лунин"]),
        # a name and a colon lead
        (LED, "我错了", ["达斯科", "米雷娜·达斯科"], ["克鲁格", "斯科"]),
        (LED, "地基仍在下沉", [], ["达斯科"]),
        (LED, "never be back", ["Voss", "Amalia Voss"], ["Reed"]),
        (LED, "is not hers", [], ["Voss", "Trouble"]),
        # whoever wrote or published the article
        (ENGLISH, "eight metres wide", ["Olga Brandt", "Coast Wire"], ["Voss"]),
    ],
)
def test_words_are_those_of_who_is_named_beside_them(
    text: str, words: str, names: list[str], others: list[str]
) -> None:
    start = text.index(words)
    place = (start, start + len(words))
    assert [said_by(name, CARD, text, *place) for name in names] == [True] * len(names)
    assert [said_by(name, CARD, text, *place) for name in others] == [False] * len(others)
