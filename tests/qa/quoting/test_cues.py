import pytest

from qa.quoting.cues import cued


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("大桥何时通车？", "大桥于二〇二一年十二月通车。"),
        ("大橋哪一年通車？", "大橋於２０２１年通車。"),
        ("When did it open?", "It opened on 3 December."),
        ("Когда открыли мост?", "Его открыли в декабре."),
        ("造价多少？", "造价为３亿元。"),
        ("有几个桥墩？", "它有十二个桥墩。"),
        ("How long is it?", "It is 1,200 metres long."),
        ("How many piers has it?", "It has seven piers."),
        ("Сколько он стоил?", "Он стоил 94 миллиона."),
    ],
)
def test_what_is_asked_for_is_seen(question: str, sentence: str) -> None:
    assert cued(question, [sentence]) == [True]


def test_other_sentences_and_other_questions_are_not_cued() -> None:
    assert cued("大桥何时通车？", ["部长出席了仪式。"]) == [False]
    assert cued("谁为大桥揭幕？", ["2021年12月3日通车。", "造价3亿元。"]) == [False, False]


def test_what_the_question_names_does_not_count() -> None:
    assert cued("How many cars crossed in 2021?", ["In 2021 cars crossed."]) == [False]
    assert cued("How many cars crossed in 2021?", ["In 2021, 500 cars crossed."]) == [True]
