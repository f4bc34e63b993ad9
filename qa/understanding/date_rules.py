"""Words and rules of dates in Chinese, English and Russian: the tables that ``qa.understanding.dates`` reads.

No library serves: dateparser is slow to import and misreads Chinese dates inside sentences
(scrapinghub/dateparser#866, #519, #363), Recognizers-Text for Python knows no Russian.

One rule a line, with its example. The groups of a rule have the same names in every language and
carry its meaning: ``y`` year, ``roc`` year of the Republic of China, ``ry`` relative year, ``m``
month, ``rm`` relative month, ``d`` day, ``m0`` ``d0`` first end of a range, ``q`` quarter,
``part`` early, mid, late or a half, ``day`` relative day, ``rw`` relative week, ``wd`` weekday,
``rq`` relative quarter, ``lm`` "last" before a month, ``ago`` ``past`` a number of ``unit``.

The text they meet is folded (``index.text.tokens.fold``): lower case, half-width, simplified characters.
12/3 is left alone: it is 12 March to some and 3 December to others.
"""

# --- Words: stems of a meaning side by side, in Chinese, English and Russian ----------------------


def _stems(*rows: str, start: int = 1) -> dict[str, int]:
    return {stem: number for number, row in enumerate(rows, start) for stem in row.split()}


MONTHS = _stems("jan янв", "feb фев", "mar мар", "apr апр", "may ма", "jun июн", "jul июл",
                 "aug авг", "sep сен", "oct окт", "nov ноя", "dec дек")  # fmt: skip
WEEKDAYS = _stems("一 mon пон", "二 tue вто", "三 wed сре", "四 thu чет", "五 fri пят",
                   "六 sat суб", "日 天 sun вос", start=0)  # fmt: skip
QUARTERS = _stems("1 一 first перв", "2 二 second втор", "3 三 third трет", "4 四 fourth четв")
COUNTS = _stems("a an one од", "two дв", "three три", "four чет", "five пят", "six шес",
                 "seven сем", "eight вос", "nine дев", "ten дес")  # fmt: skip
HAN_DIGITS = _stems("〇 零 ○", "一", "二 两", "三", "四", "五", "六", "七", "八", "九", start=0)
BACK = _stems("今 本 这 this today эт нын сегодня", "昨 去 上 last previous yesterday прош вчера",
               "前 上上 the позап позавчера", "大前", start=0)  # fmt: skip
UNITS = _stems("天 日 day д", "周 星期 礼拜 week нед", "月 month мес", "年 year год лет", start=0)
DAY, WEEK, MONTH, YEAR = range(4)
DAYS = (1, 7, 30, 365)
HALVES = {DAY: (DAY, 0), WEEK: (DAY, 3), MONTH: (DAY, 15), YEAR: (MONTH, 6)}
PRECISIONS = ("day", "month", "year")

_PARTS = {
    "early": "初 年初 月初 上旬 early beginning start нач",
    "mid": "中 年中 mid сер",
    "late": "底 末 尾 年底 年末 年尾 月底 月末 下旬 late end кон",
    "half1": "上半年 first перв",
    "half2": "下半年 second втор",
}
PART_STEMS = {stem: part for part, row in _PARTS.items() for stem in row.split()}
YEAR_PARTS = {
    "early": (1, 3), "mid": (5, 8), "late": (10, 12), "half1": (1, 6), "half2": (7, 12),
    "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12),
}  # fmt: skip
MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}

# --- Pieces of rules ------------------------------------------------------------------------------

_H = "〇零○一二两三四五六七八九十"
_TO = r"\s?(?:到|至|-|–|—|~|\bto\b|\band\b|\bпо\b|\bдо\b|\bи\b)\s?"
_Y = r"(?<![\d.,/:万亿千-])(?P<y>\d{4})(?!\d)"
_NO_YEAR = (  # after a bare number: 2000s, 70-х, 2015-3, 2000个
    r"[\d%]|-?[a-zа-я]|-\d\b|[.,:/]\d|[\u4e00-\u9fff](?<![到至和与的以])"
)

_ZH_YEAR = (
    rf"(?:(?<![\d.万亿千{_H}])(?:(?P<y>\d{{4}}|[一二][{_H}]{{3}})\s?年|民国(?P<roc>\d{{2,3}})年)"
    r"|(?P<ry>今年|(?<!过)去年|(?<![\d年])大?前年))\s?的?"
)
_ZH_M = rf"(?<![\d.{_H}])(?P<m>\d{{1,2}}|[{_H}]{{1,3}})\s?月份?"
_ZH_M0 = rf"(?<![\d.{_H}])(?P<m0>\d{{1,2}}|[{_H}]{{1,3}})\s?月?"
_ZH_D = rf"\s?(?P<d>\d{{1,2}}|[{_H}]{{1,3}})\s?[日号]"
_ZH_D0 = rf"\s?(?P<d0>\d{{1,2}}|[{_H}]{{1,3}})\s?[日号]?"
_ZH_M_PART = r"(?P<part>[上中下]旬|底|末|初)"
_ZH_Y_PART = (
    r"(?:(?P<part>[上下]半年|年[初底末尾中]|初(?![中级步次选赛])|底(?!特律)|末(?!代)|尾)"
    r"|第?(?P<q>[一二三四1-4])季度?)"
)
_ZH_N = rf"(?:(?<![\d年{_H}])(?:\d{{1,3}}|[{_H}]{{1,3}}|半))"
_ZH_UNIT = r"(?P<unit>天|日|周|个?星期|个?礼拜|个月|年)"

_ZH_REL = r"(?<![日早晚网会版基])(?:上上个?|上个?|本|这个?)"
_ZH_WEEK = r"周(?![恩杰星润迅鸿刊年报边围期])"

_EN_M = (
    r"\b(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_EN_YEAR = r"(?:(?P<y>\d{4})(?![\d-])|(?P<ry>(?:last|this) year))"
_EN_D = r"(?<![\d.])(?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?!:)"
_EN_D0 = r"(?<![\d.])(?P<d0>\d{1,2})(?:st|nd|rd|th)?"
_EN_PART = (
    r"\b(?:the )?(?P<part>early|mid|late|(?:beginning|start|middle|end|first half|second half)"
    r"(?= of))[ -](?:of )?"
)
_EN_N = r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten"
_EN_UNIT = r"(?P<unit>day|week|month|year)s?\b(?! of)"
_EN_WD = r"(?P<wd>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
_EN_IN = "|".join(
    rf"(?<=\b{word} )" for word in ("in", "since", "until", "before", "after", "by", "from")
)

_RU_M = (
    r"\b(?P<m>январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|ию[нл][ьяе]|август[ае]?"
    r"|(?:сентя|октя|ноя|дека)бр[ьяе])\b"
)
_RU_YEAR = (
    r"(?:(?<!\d)(?P<y>\d{4})(?!\d)(?:\s?(?:год(?:а|у|ом)?|г)\b\.?)?"
    r"|(?P<ry>(?:этого|нынешнего|прошлого|позапрошлого) года\b))"
)
_RU_D = r"(?<![\d.])(?P<d>\d{1,2})(?:-?го)?"
_RU_D0 = r"(?<![\d.])(?P<d0>\d{1,2})(?:-?го)?"
_RU_PART = r"\b(?P<part>начал[еао]|середин[еыа]|конц[еау]|конец|(?:перв|втор)ой половине) "
_RU_N = r"\d{1,3}|од\w+|дв[ае]|три|четыре|пять|шесть|семь|восемь|девять|десять"
_RU_UNIT = r"(?P<unit>день|дня|дней|недел[июья]|месяц(?:а|ев)?|года?|лет)\b"
_RU_WD = r"(?P<wd>понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)\b"
_RU_IN = "|".join(rf"(?<=\b{word} )" for word in ("в", "с", "до", "к", "по", "после"))

_FIGURES = (
    rf"{_Y}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)",  # 2021-12-03, 2021/12/3
    rf"{_Y}[-/](?P<m>\d{{1,2}})(?![\d/-])",  # 2021/12
    r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})(?!\d)",  # 03.12.2021
    rf"(?<![\w.,/:$€£-])(?P<y>(?:19|20)\d\d)(?!{_NO_YEAR})",  # 2022
    r"(?<=\d[-–—])(?P<y>(?:19|20)\d\d)(?:年|\b(?!-))",  # the right end of 2020-2022
)
_CHINESE = (
    rf"(?:{_ZH_YEAR})?{_ZH_M}(?:{_ZH_D}|{_ZH_M_PART})?",  # 2021年12月3日, 去年12月, 12月底
    rf"(?:{_ZH_YEAR})?{_ZH_M}{_ZH_D0}{_TO}{_ZH_D}",  # 12月3日到5日
    rf"(?:{_ZH_YEAR})?{_ZH_M0}{_TO}{_ZH_M}(?!\s?\d)",  # 2021年1至3月
    rf"{_ZH_YEAR}{_ZH_Y_PART}?",  # 2021年, 二〇二一年底, 2022年第一季度
    r"(?<![\d年])(?P<part>年初|年底|年末)",  # 年初
    rf"(?P<rm>上上个?月|上个?月|本月|这个?月)(?![球亮台])份?(?:{_ZH_D}|{_ZH_M_PART})?",  # 上个月, 本月3日
    r"(?P<day>今[天日]|昨[天日晚]|大?前天)",  # 昨天, 前天
    rf"(?P<rw>{_ZH_REL})(?:{_ZH_WEEK}|星期|礼拜)(?P<wd>[一二三四五六日天])?",  # 上周, 上周三
    r"(?P<rq>本|这个?|上个?)季度",  # 上季度
    rf"(?P<ago>{_ZH_N}){_ZH_UNIT}[以之]?前(?![所往后来任])",  # 三天前, 半年前
    rf"(?:最近|过去|近)的?这?(?P<past>{_ZH_N}){_ZH_UNIT}(?:以来|之?内|之?间|来|里)?",  # 近三个月
)
_ENGLISH = (
    rf"{_EN_M} {_EN_D}(?:,? {_EN_YEAR})?",  # December 3, 2021
    rf"{_EN_M} {_EN_D0}{_TO}{_EN_D}(?:,? {_EN_YEAR})?",  # December 3-5, 2021
    rf"{_EN_D} (?:of )?{_EN_M}(?:,? {_EN_YEAR})?",  # 3 December 2021
    rf"{_EN_D0}{_TO}{_EN_D} (?:of )?{_EN_M}(?:,? {_EN_YEAR})?",  # 3-5 December 2021
    rf"(?:{_EN_PART})?{_EN_M},? (?:of )?{_EN_YEAR}",  # December 2021, late May of last year
    rf"\b(?P<lm>last|this|past) {_EN_M}",  # last December
    rf"(?:{_EN_IN})(?:{_EN_PART})?{_EN_M}",  # in May
    rf"{_EN_PART}{_EN_YEAR}",  # early 2022, the end of last year
    rf"\bq(?P<q>[1-4])[ ,]*(?:of )?{_EN_YEAR}",  # Q1 2022
    rf"{_Y} ?q(?P<q>[1-4])\b",  # 2022 Q1
    rf"\b(?:the )?(?P<q>first|second|third|fourth) quarter of {_EN_YEAR}",  # first quarter of 2022
    r"\b(?P<ry>(?:last|this) year)\b(?! of)",  # last year
    r"\b(?P<rm>(?:last|this|previous) month)\b(?! of)",  # last month
    r"\b(?P<rw>last|this|previous) week\b(?! of)",  # last week
    r"\b(?P<day>today|yesterday|the day before yesterday)\b",  # yesterday
    rf"\b(?:(?P<rw>last)|on) {_EN_WD}",  # last Friday, on Friday
    rf"\b(?P<ago>{_EN_N}) {_EN_UNIT} ago\b",  # three days ago
    rf"\b(?:the )?(?:last|past) (?P<past>{_EN_N}) {_EN_UNIT}",  # the last two weeks
    rf"\b(?:the (?:last|past)|past) {_EN_UNIT}(?P<past>)",  # the past week
)
_RUSSIAN = (
    rf"{_RU_D} {_RU_M}(?: {_RU_YEAR})?",  # 3 декабря 2021 г.
    rf"{_RU_D0}{_TO}{_RU_D} {_RU_M}(?: {_RU_YEAR})?",  # с 3 по 5 декабря 2021
    rf"(?:{_RU_PART})?{_RU_M} {_RU_YEAR}",  # в феврале 2022 года
    rf"(?:{_RU_IN}){_RU_M}",  # в феврале
    rf"{_RU_PART}{_RU_YEAR}",  # в начале 2022 года
    rf"\b(?P<q>[1-4]|перв|втор|трет|четверт)\S{{0,4}} квартал[еа]? {_RU_YEAR}",  # в 1 квартале 2022
    r"(?<!\d)(?P<y>\d{4})\s?(?:год(?:а|у|ом)?|гг?)\b\.?",  # в 2022 году
    r"\b(?P<ry>(?:этом|нынешнем|прошлом|позапрошлом) году|(?:этого|прошлого) года)\b",  # в этом году
    r"\b(?P<rm>(?:этом|прошлом|позапрошлом) месяце|прошлый месяц)\b",  # в прошлом месяце
    r"\b(?P<rw>этой|эту|прошлой|прошлую|позапрошлой) недел[еию]\b",  # на прошлой неделе
    r"\b(?P<day>сегодня|вчера|позавчера)\b",  # вчера
    rf"\bво? (?:(?P<rw>прошл)\w+ |эту |этот )?{_RU_WD}",  # в пятницу, в прошлый вторник
    rf"\b(?P<ago>(?:(?:{_RU_N}) )?){_RU_UNIT} назад\b",  # три дня назад, неделю назад
    rf"\b(?:за|в) (?:последн|прошедш)\w+ (?P<past>(?:(?:{_RU_N}) )?){_RU_UNIT}",  # за последний месяц
)
RULES = (
    (r"\d", _FIGURES),
    ("[年月日天周]|昨晚|星期|礼拜|季度", _CHINESE),
    (
        (
            r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|month|year|quarter"
            r"|early|mid|late|beginning|start|end|half)|day|q[1-4]"
        ),
        _ENGLISH,
    ),
    (
        (
            r"\b(?:янв|фев|мар|апр|ма[йяе]|ию[нл]|авг|сен|окт|ноя|дек|ден|дн|недел|месяц|год|лет|квартал"
            r"|начал|середин|кон|половин|сегодня|вчера|позавчера"
            r"|понедельник|вторник|сред|четверг|пятниц|суббот|воскресен)|\d\s?г"
        ),
        _RUSSIAN,
    ),
)
"""What every match of some rules holds, and the rules: to compile all of them takes longer than to
answer a question."""

# Words that open a date at one end, before it and after it.
OPENERS = (
    ("since", r"(?:自从?|从|\b(?:since|starting (?:from|in)|начиная с|со?)) ?"),
    ("after", r"\b(?:after|после) "),
    ("before", r"\b(?:before|prior to|до|перед) "),
    (
        "until",
        r"(?:截至|截止到?|直到|(?<![^,。?]) ?到|\b(?:until|till|through|up to|as of|by|ко?|по)) ?",
    ),
)
CLOSERS = (
    ("since", r" ?(?:以来|至今|迄今|到现在|到今天|起(?![诉草飞义源初因步亚家])|开始|\bonwards?\b)"),
    ("after", r" ?(?:[以之]后|后(?![来续期半勤代果面排卫]))"),
    ("before", rf" ?(?:[以之]前|前(?![\d{_H}几半任夕后所往首总苏进方线锋沿景]))"),
    ("until", r" ?为止"),
)
PREPOSITION = r"(?:在|于|\b(?:in|on|during|of|for|over|within|at|dated|from|во?|за|на|от)) ?"
BETWEEN = r"(?:从|自|在|\b(?:between|from|между|со?)) ?"
TAIL = r" ?(?:期间|之间|的时候|当天|那天|时(?![期代任间]))"
THROUGH = r" ?(?:起?[到至]|[-–—~]|to|until|till|through|по|до) ?"
AND = r" ?(?:and|и|[和与、,]) ?"
