"""What the text of a regular expression tells of what it matches."""

from index.articles.patterns import begins


def test_with_what_a_text_begins_that_a_pattern_matches() -> None:
    assert begins("海|灯塔") == {"海"}  # of alternatives a table makes one each
    for pattern, told in {
        "(海|(灯|塔)台)港": "海灯塔",
        "[海灯]港": "海灯",
        "海?港": "海港",
        "海{0,2}?港{2}灯": "海港",
        "(海|港)*+灯+塔": "海港灯",
        "[第]?[0-9０-９]{1,2}": "第.",
        r"\W{,4}(?=.海)海": ".海",
        r"[\s海]港": ".海",
        r"\(海": ".",
        "(?!.{9})海": "海",
        "a海": ".",
        "[a-zя]海": ".",
        "・海": ".",
    }.items():
        assert begins(pattern) == {"" if begin == "." else begin for begin in told}, pattern
    for pattern in (
        "[^海]港",
        ".海",
        "(海|.)港",
        "(海?|灯)港",
        "(?<=海)港",
        "(?:海)港",
        r"\w海",
        r"[\D海]",
        "[一-龥]海",
        "海?",
        "(海|)港",
        "^海",
        "",
    ):
        assert begins(pattern) is None, pattern
