import re
from random import Random

import pytest

from index.text.tokens import script
from tools.train_encoder.sources import Pair
from tools.train_reader.code_switching import Russifier, cyrillic
from tools.train_reader.examples import Examples, Record
from tools.train_reader.glosses import Glosses, palladius
from tools.train_reader.mining import strangers_to
from tools.train_reader.near_misses import (
    another_name,
    another_number,
    names,
    something_else,
    without_answer,
)
from tools.train_reader.sources import (
    LANGUAGES,
    Asked,
    World,
    Written,
    everyday,
    read_written,
    translations,
)
from tools.train_reader.speech import sayings

BRIDGE = "石桥泵站于2019年完工。总工程师是何静宜。工程耗资三亿元。泵站每秒可排水四十立方米。"


def test_the_sentence_with_the_answer_is_taken_away() -> None:
    assert without_answer(BRIDGE, ["何静宜"]) == (
        "石桥泵站于2019年完工。工程耗资三亿元。泵站每秒可排水四十立方米。"
    )


def test_in_either_script() -> None:
    assert without_answer(BRIDGE, ["何靜宜"]) == without_answer(BRIDGE, ["何静宜"])


def test_no_scrap_is_left() -> None:
    assert without_answer("何静宜辞职。天气晴。", ["何静宜"]) is None


def test_what_a_question_names_stands_in_the_passage_too() -> None:
    assert names("石桥泵站的总工程师是谁？", BRIDGE) == ["石桥泵站", "总工程师"]
    assert names("Who led the Stone Bridge works in Halvik?", BRIDGE) == ["Stone Bridge", "Halvik"]
    assert names("Кто построил мост в городе Халвик?", BRIDGE) == ["Халвик"]


def test_another_year_is_asked_for() -> None:
    changed = another_number("石桥泵站是2019年完工的吗？", BRIDGE, Random(1))
    assert changed is not None
    assert changed.startswith("石桥泵站是20")
    assert "2019" not in changed


def test_a_number_that_the_passage_lacks_stays() -> None:
    assert another_number("石桥泵站是1987年完工的吗？", BRIDGE, Random(1)) is None


def test_another_edition_is_asked_for() -> None:
    changed = {another_number("第三届桥展在哪里？", BRIDGE, Random(seed)) for seed in range(20)}
    assert "第三届桥展在哪里？" not in changed
    assert len(changed) > 3


def test_somebody_else_is_asked_for() -> None:
    assert (
        another_name("石桥泵站是谁建的？", BRIDGE, ["澄池水厂"], Random(1)) == "澄池水厂是谁建的？"
    )
    assert another_name("石桥泵站是谁建的？", BRIDGE + "澄池水厂", ["澄池水厂"], Random(1)) is None


def test_what_the_passage_may_tell_is_not_asked_for() -> None:
    asked = {something_else("石桥泵站", "zh", BRIDGE, Random(seed)) for seed in range(200)}
    assert any(one and "妻子" in one for one in asked)
    assert not any(one and "投资" in one for one in asked)


def test_english_questions_in_russian_words() -> None:
    russian = Russifier([Pair("dict", ("ru", "en"), "мост", "bridge")])
    assert russian("How many bridges did Halvik close?", Random(1)) == (
        "Сколько мост Халвик close?"
    )


def glosses() -> Glosses:
    """Return glosses by a dictionary of a few words, and of what characters sound like."""
    meanings = {"大桥": "bridge", "批准": "to approve (sth)", "县长": "county mayor"}
    sounds = {"王": "wang2", "建": "jian4", "国": "guo2", "绍": "shao4", "兴": "xing1"}
    entries = [
        {"simplified": word, "pinyin": "", "definitions": [meaning]}
        for word, meaning in meanings.items()
    ] + [
        {"simplified": character, "pinyin": pinyin, "definitions": []}
        for character, pinyin in sounds.items()
    ]
    entries.append({"simplified": "绍兴", "pinyin": "shao4 xing1", "definitions": ["Shaoxing"]})
    russian = Russifier([Pair("dict", ("ru", "en"), "мост", "bridge")])
    return Glosses(entries, [], russian)


@pytest.mark.parametrize(
    ("chinese", "english", "russian"),
    [
        ("谁批准大桥？", {"Who approve bridge?"}, "Кто approve мост?"),
        ("大桥2023年8月5日", {"Bridge August 5 2023?"}, "Мост августа 5 2023?"),
        ("大桥3.5万亿", {"Bridge 3.5 trillion?"}, "Мост 3.5 trillion?"),
        ("大桥120万", {"Bridge 1.2 million?"}, "Мост 1.2 million?"),
        ("县长王建国", {"County mayor Wang Jianguo?"}, "County mayor Ван Цзяньго?"),
        ("绍兴大桥", {"Shaoxing bridge?"}, "Шаосин мост?"),
    ],
)
def test_chinese_questions_in_words_from_abroad(
    chinese: str, english: set[str], russian: str
) -> None:
    made = glosses()
    assert {made.english(chinese, Random(seed)) for seed in range(20)} == english
    assert russian in {made.russian(chinese, Random(seed)) for seed in range(20)}


def test_a_question_from_abroad_is_changed_in_the_words_that_it_is_asked_in() -> None:
    record = Record(
        source="crud",
        language="zh",
        group="bridge",
        question="石桥泵站2019年耗资多少？",
        answers=("三亿元",),
        right=(("泵站", BRIDGE),),
        near=(),
        far=(),
    )
    examples = Examples([record], [], Random(1))
    drawn = [examples.draw(1, 0, 0, 3) for _ in range(40)]
    tongues = set()
    for right, *wrong in drawn:
        changed = {script(one.question) for one in wrong if one.asked < 0}
        assert changed <= {script(right.question)}
        tongues |= changed
    assert tongues == {"han", "latin"}  # no dictionary knows Russian words here


def test_a_question_written_to_be_missed_is_asked_as_it_was_written() -> None:
    record = Record(
        source="written",
        language="en",
        group="bridge",
        question="What did the pumping station cost?",
        answers=("三亿元",),
        right=(("泵站", "泵站原定耗资三亿元。" + BRIDGE),),
        near=(),
        far=(),
        before="工程耗资",
        missing="What did the old pumping station cost?",
    )
    examples = Examples([record], [], Random(1))
    for _ in range(20):
        right, *wrong = examples.draw(1, 0, 0, 3)
        assert right.question == record.question
        assert right.span is not None
        start, end = right.span
        assert right.text[start - 4 : end] == "工程耗资三亿元"
        assert record.missing in {one.question for one in wrong if not one.answers}


def test_questions_that_were_written_know_where_their_answer_stands() -> None:
    text = "三亿元\n石桥镇泵站在两年前完工，\u3000 工程 \u3000耗资三亿元。"
    start = text.rindex("三")
    questions = {"zh": "花了多少？", "en": "What did it cost?", "ru": "Сколько стоил?"}
    missing = {"zh": "谁付的？", "en": "Who paid?", "ru": "Кто платил?"}
    asked = list(Written("b7", (start, start + 3), questions, missing).asked(text))
    assert [one.text for one in asked] == list(questions.values())
    assert [one.missing for one in asked] == list(missing.values())
    assert {(*one.answers, one.before, *one.gold) for one in asked} == {
        ("三亿元", "两年前完工， 工程 耗资", "b7")
    }


def test_of_each_text_something_was_written_in_every_language() -> None:
    written = read_written()
    assert len(written) > 300
    for one in written.values():
        start, end = one.place
        assert 0 <= start < end
        for asked in (one.questions, one.missing):  # names may be spelt in Latin letters everywhere
            assert set(asked) == set(LANGUAGES)
            assert re.search("[\u4e00-\u9fff]", asked["zh"])
            assert re.search("[a-z]", asked["en"])
            assert re.search("[\u0400-\u04ff]", asked["ru"])


@pytest.mark.parametrize(
    ("pinyin", "spelt"),
    [("xi", "си"), ("jin", "цзинь"), ("ping", "пин"), ("zhong", "чжун"), ("xue", "сюэ"),
     ("lve", "люэ"), ("jun", "цзюнь"), ("zi", "цзы"), ("hui", "хуэй"), ("wang", "ван"), ("er", "эр"),
     ("hm", "hm")],
)  # fmt: skip
def test_names_are_spelt_as_russian_newspapers_do(pinyin: str, spelt: str) -> None:
    assert palladius(pinyin) == spelt


@pytest.mark.parametrize(
    ("word", "spelt"), [("Halvik", "Халвик"), ("shore", "шоре"), ("Thatcher", "Тачер")]
)
def test_names_are_spelt_as_they_sound(word: str, spelt: str) -> None:
    assert cyrillic(word) == spelt


@pytest.mark.parametrize(
    ("title", "text", "language", "who", "topic"),
    [
        (
            "石桥泵站完工",
            "泵站昨天完工。总工程师何静宜表示，石桥泵站可以用五十年。",
            "zh",
            "总工程师何静宜",
            "石桥泵站",
        ),
        (
            "Halvik bans scooters",
            "The council met. “These scooters are a menace,” Mayor Tessa Brandt said on Monday.",
            "en",
            "Mayor Tessa Brandt",
            "scooters",
        ),
        (
            "",
            "Совет собрался. Самокаты опасны, заявила Тесса Брандт в понедельник.",
            "ru",
            "Тесса Брандт",
            "Самокаты",
        ),
    ],
)
def test_who_says_something_of_what(
    title: str, text: str, language: str, who: str, topic: str
) -> None:
    (saying,) = sayings(title, text, language)
    assert (saying.who, saying.topic) == (who, topic)
    asked = saying.question(language, Random(1))
    assert who in asked
    assert topic in asked


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("他表示，石桥泵站可以用五十年，不需要大修。", "zh"),
        ("记者在现场说，泵站的门关着，没有人回应。", "zh"),
        ("He said on Monday that the scooters are a menace.", "en"),
        ("The scooters are a menace to everybody in Halvik.", "en"),
    ],
)
def test_nobody_who_is_named_says_anything(text: str, language: str) -> None:
    assert sayings("", text, language) == []


def test_an_archive_is_strange_to_news_of_others_and_to_everyday_questions() -> None:
    def asked(source: str, language: str) -> Asked:
        return Asked(source, language, f"{source} {language}", (), (), "")

    worlds = {
        "zh": World(asked=[asked("crud", "zh"), asked("crud", "en")]),
        "en": World(asked=[asked("realtimeqa", "en"), asked("xquad-a", "en")]),
    }
    zh = {one.text for one in strangers_to(worlds, "zh")}
    assert "realtimeqa en" in zh
    assert not zh & {"crud zh", "crud en", "xquad-a en"}
    assert {one.text for one in everyday()} < zh
    assert {"crud zh", "crud en"} <= {one.text for one in strangers_to(worlds, "en")}


def test_translations_have_a_question_in_each_language() -> None:
    translated = translations()
    assert len(translated) > 40
    for number, texts in translated.items():
        assert number.startswith("crud-dev-")
        assert script(texts["en"]) == "latin"
        assert script(texts["ru"]) == "cyrillic"
