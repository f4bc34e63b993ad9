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
