"""What is done to words: another number, another name, a "not" more or less, the other script. Pure."""

import random
import re
from collections.abc import Callable
from functools import cache

from index.text.tokens import HAN, variants

_NUMBER = re.compile(r"(?<![\d.,])\d+(?![\d.,]*\d)")
_NUMERAL = re.compile("[二三四五六七八九](?=[十百千万亿個个名人年月天日倍成])")
_PLACES: tuple[tuple[str, ...], ...] = (
    (
        "中国",
        "美国",
        "俄罗斯",
        "日本",
        "乌克兰",
        "欧盟",
        "英国",
        "法国",
        "德国",
        "印度",
        "韩国",
        "伊朗",
    ),
    (
        "北京",
        "上海",
        "香港",
        "广州",
        "深圳",
        "武汉",
        "台北",
        "东京",
        "莫斯科",
        "华盛顿",
        "重庆",
        "成都",
    ),
    ("中國", "美國", "俄羅斯", "烏克蘭", "歐盟", "英國", "法國", "德國", "印度", "韓國", "伊朗"),
    (
        "China",
        "Russia",
        "Ukraine",
        "Japan",
        "Iran",
        "India",
        "Germany",
        "France",
        "Israel",
        "Canada",
    ),
    ("Washington", "London", "Beijing", "Moscow", "Paris", "Texas", "California", "Florida"),
    ("России", "Украины", "Китая", "Японии", "Ирана", "Индии", "Германии", "Франции"),
)
_SAYER = re.compile(f"(?<=[，。；：“」])[{HAN}]{{2,3}}(?=表示|指出|強調|强调|透露|認為|认为)")
_CAPITAL = re.compile(r"(?<=[a-zа-яё,] )[A-ZА-ЯЁ][a-zа-яё]{3,}")
_STRANGERS = ("王建华", "李秀兰", "陈国栋", "Petersen", "Vandermeer", "Калинкин", "Стрельцова")

_NEGATED = (
    (r"不(?=[会會能是应應可])", ""), (r"没有(?=[\u4e00-\u9fff])", "有"), (r"沒有(?=[\u4e00-\u9fff])", "有"),
    (r"(?<![不没沒])(?=[会會]|能够|应该|應該|可以)", "不"), (r"(?<=将)(?=[\u4e00-\u9fff])", "不"),
    (r"(?<=\w) not (?=\w)", " "), (r"(?<=\w)n[’']t(?= )", ""), (r" (is|are|was|were|will|has|have|can|would) (?!not)", r" \1 not "),
    (r"(?<=\w) не (?=\w)", " "), (r" (?=(?:будет|может|был|была|было|были|является|стал)\b)", " не "),
)  # fmt: skip


def another_number(words: str, chance: random.Random) -> str | None:
    """Return words with another digit in a number, if there is one."""
    found = [*_NUMBER.finditer(words), *_NUMERAL.finditer(words)]
    if not found:
        return None
    match = chance.choice(found)
    digits = "0123456789" if match.group()[0].isascii() else "二三四五六七八九"
    place = chance.randrange(len(match.group()))
    old = match.group()[place]
    new = chance.choice([digit for digit in digits if digit not in (old, "0")])
    start = match.start() + place
    return words[:start] + new + words[start + 1 :]


def another_name(words: str, chance: random.Random) -> str | None:
    """Return words with another name in place of one, if there is one."""
    ways: list[tuple[int, int, str]] = []
    for names in _PLACES:
        for name in names:
            others = [other for other in names if other != name]
            ways += [
                (match.start(), match.end(), chance.choice(others))
                for match in re.finditer(rf"(?<![A-Za-zА-я]){name}(?![A-Za-zА-я])", words)
            ]
    ways += [
        (match.start(), match.end(), chance.choice(_STRANGERS[:3]))
        for match in _SAYER.finditer(words)
    ]
    for match in _CAPITAL.finditer(words):
        latin = match.group()[0].isascii()
        stranger = chance.choice(_STRANGERS[3:5] if latin else _STRANGERS[5:])
        ways.append((*match.span(), stranger))
    if not ways:
        return None
    start, end, new = chance.choice(ways)
    return words[:start] + new + words[end:]


def negated(words: str, chance: random.Random) -> str | None:
    """Return words with a "not" put in or taken out, if that can be done."""
    ways = [
        words[: match.start()] + match.expand(new) + words[match.end() :]
        for old, new in _NEGATED
        for match in re.finditer(old, words)
    ]
    return chance.choice(ways) if ways else None


def in_other_script(text: str) -> str:
    """Return a Chinese text in the other script: as OpenCC writes it, or by newsquote's own table."""
    simplified = text.translate(variants())
    if simplified != text:
        return _converter("t2s")(text)
    return _converter("s2tw")(text)


@cache
def _converter(name: str) -> Callable[[str], str]:
    try:
        import opencc  # noqa: PLC0415 - it may not be installed
    except ImportError:
        table = variants()
        if name != "t2s":
            table = {simplified: traditional for traditional, simplified in table.items()}
        return lambda text: text.translate(table)
    convert: Callable[[str], str] = opencc.OpenCC(name).convert
    return convert
