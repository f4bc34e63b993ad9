"""Questions and passages changed so that the one nearly answers the other.

Random passages teach a reader only what is about the same thing. A near miss is about the same thing
and does not answer: the sentence with the answer is gone, the question asks for another year, edition,
number, person or place, or for something else about what the passage is about.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from index.text.sentences import sentences
from index.text.tokens import HAN, fold

_LEAST_LEFT = 30
"""Characters that a passage must keep when sentences are taken away."""

_NUMBER = re.compile(r"\d+")
_ORDINAL = re.compile("(?<=第)[一二三四五六七八九十]+")
_ORDINALS = "一二三四五六七八九"
_CAPITALISED = r"[A-ZА-ЯЁ][\w’'-]*"
_NAME = re.compile(rf"(?<=[\w,»”] )(?:«|“)?{_CAPITALISED}(?: {_CAPITALISED})*")
_BETWEEN = re.compile(
    r"[^\w·]|[的了在是有和与與何么麼什哪谁誰几幾多少怎为為吗嗎呢被从從到于於将將最其哪个個]"
)


def without_answer(text: str, answers: Sequence[str]) -> str | None:
    """Return a passage without the sentences that hold an answer; None when little is left."""
    folded = [fold(answer) for answer in answers]
    left = [
        text[start:end]
        for start, end in sentences(text)
        if not any(answer in fold(text[start:end]) for answer in folded)
    ]
    joined = ("" if re.search(f"[{HAN}]", text) else " ").join(left)
    if len(joined) < _LEAST_LEFT or any(answer in fold(joined) for answer in folded):
        return None
    return joined


def names(question: str, passage: str) -> list[str]:
    """Return what a question names: capitalised words, or Han that the passage has too."""
    if not re.search(f"[{HAN}]", question):
        return [match.group() for match in _NAME.finditer(question)]
    found = []
    for run in _BETWEEN.split(question):
        start = 0
        while start < len(run):
            end = start
            while end < len(run) and run[start : end + 1] in passage:
                end += 1
            name = run[start:end]
            if len(name) >= 3 and not _NUMBER.search(name):  # noqa: PLR2004 - as most names are
                found.append(name)
            start = max(end, start + 1)
    return found


def another_number(question: str, passage: str, random: Random) -> str | None:
    """Return a question for another year, edition or number; None when it has none to change."""
    found = [match for match in _NUMBER.finditer(question) if match.group() in passage]
    found += _ORDINAL.finditer(question)
    if not found:
        return None
    match = random.choice(found)
    old = match.group()
    if old.isdigit():
        new = str(int(old) + random.choice((-3, -2, -1, 1, 2, 3, 5, 10)))
    else:
        new = random.choice(_ORDINALS)
    if new == old or new.startswith("-"):
        return None
    return question[: match.start()] + new + question[match.end() :]


def another_name(question: str, passage: str, others: Sequence[str], random: Random) -> str | None:
    """Return a question about somebody or something else.

    :param others: names of the question's language.
    """
    found = names(question, passage)
    if not found or not others:
        return None
    old, new = random.choice(found), random.choice(others)
    if fold(new) in fold(passage) or fold(new) in fold(question):
        return None
    return question.replace(old, new)


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that may be asked about anything.

    :ivar asked: by language, with ``{}`` for what it is asked about.
    :ivar cues: pattern of what a passage that might tell it holds.
    """

    asked: dict[str, tuple[str, ...]]
    cues: re.Pattern[str]


def something_else(name: str, language: str, passage: str, random: Random) -> str | None:
    """Return a question for something that the passage surely does not tell; None for bad luck."""
    attribute = random.choice(_ATTRIBUTES)
    if attribute.cues.search(passage):
        return None
    return random.choice(attribute.asked[language]).format(name)


def _attribute(cues: str, zh: str, en: str, ru: str) -> Attribute:
    asked = {
        language: tuple(said.split("|")) for language, said in (("zh", zh), ("en", en), ("ru", ru))
    }
    return Attribute(asked, re.compile(cues, re.IGNORECASE))


_ATTRIBUTES = (
    _attribute(
        "身高|公分|厘米|米|高|tall|height|feet|рост|высот",
        "{}身高多少？|{}有多高？|{}的身高是多少厘米",
        "How tall is {}?|What is the height of {}?",
        "Какой рост у {}?|Какова высота {}?",
    ),
    _attribute(
        "妻|夫|婚|太太|配偶|嫁|娶|wife|husband|marri|spouse|жен|муж|супруг|брак",
        "{}的妻子是谁？|{}的丈夫叫什么名字？|{}和谁结婚了|{}的配偶是谁？",
        "Who is {} married to?|Who is the wife of {}?|What is the name of {}'s husband?",
        "На ком женат {}?|Кто муж {}?|Как зовут жену {}?",
    ),
    _attribute(
        "生于|出生|诞生|誕生|岁|歲|生日|born|birth|aged|years old|родил|рожд|лет",
        "{}是哪一年出生的？|{}今年多少岁？|{}出生在哪里？|{}的生日是哪天",
        "When was {} born?|How old is {}?|Where was {} born?",
        "Когда родился {}?|Сколько лет {}?|Где родился {}?",
    ),
    _attribute(
        "死|逝|去世|卒|亡|牺牲|dead|die|death|kill|умер|смерт|скончал|погиб",
        "{}是怎么去世的？|{}是哪一年去世的？|{}死于什么病？",
        "How did {} die?|When did {} die?",
        "От чего умер {}?|Когда умер {}?",
    ),
    _attribute(
        "毕业|畢業|大学|大學|学院|學院|学位|graduat|universit|college|degree|окончил|университет|институт",
        "{}毕业于哪所大学？|{}是在哪里上的大学？|{}有什么学位",
        "Which university did {} graduate from?|Where did {} study?",
        "Какой университет окончил {}?|Где учился {}?",
    ),
    _attribute(
        "CEO|首席|总裁|總裁|董事长|董事長|执行官|老板|chief|chair|director|president|head|директор|глав|президент",
        "{}的CEO是谁？|{}的董事长是谁？|{}的首席执行官叫什么？|谁领导{}？",
        "Who is the CEO of {}?|Who is the chairman of {}?|Who runs {}?",
        "Кто генеральный директор {}?|Кто возглавляет {}?",
    ),
    _attribute(
        "员工|員工|雇员|职工|人|employ|staff|work|people|сотрудник|работник|человек",
        "{}有多少员工？|{}雇了多少人？",
        "How many employees does {} have?|How many people work for {}?",
        "Сколько сотрудников у {}?|Сколько человек работает в {}?",
    ),
    _attribute(
        "投资|投資|造价|耗资|亿|億|万元|美元|元|cost|invest|million|billion|dollar|£|€|стоим|инвест|млн|млрд|миллион|миллиард|руб",
        "{}总投资多少亿元？|{}花了多少钱？|{}的造价是多少？|{}的价格是多少？",
        "How much did {} cost?|What is the price of {}?|How much money was invested in {}?",
        "Сколько стоил {}?|Какова цена {}?|Сколько вложено в {}?",
    ),
    _attribute(
        "人口|居民|population|inhabitant|resident|населен|жител",
        "{}有多少人口？|{}的人口是多少",
        "What is the population of {}?|How many people live in {}?",
        "Каково население {}?|Сколько жителей в {}?",
    ),
    _attribute(
        "面积|面積|平方|公顷|亩|area|square|hectare|acre|площад|гектар|квадрат",
        "{}的面积是多少平方公里？|{}占地多少？",
        "What is the area of {}?|How large is {}?",
        "Какова площадь {}?|Сколько гектаров занимает {}?",
    ),
    _attribute(
        "判|刑|监|監|狱|獄|法院|sentenc|prison|jail|court|convict|приговор|тюрьм|суд",
        "{}被判了几年？|{}被关在哪座监狱？|法院怎么判{}的？",
        "How many years was {} sentenced to?|Which prison is {} in?",
        "На сколько лет осудили {}?|В какой тюрьме сидит {}?",
    ),
    _attribute(
        "总部|總部|位于|位於|坐落|headquarter|based|locat|штаб|находит|расположен",
        "{}的总部在哪里？|{}位于哪个城市？|{}在哪里举行？",
        "Where is {} headquartered?|Where is {} located?",
        "Где находится штаб-квартира {}?|Где расположен {}?",
    ),
    _attribute(
        "创|創|成立|建立|建于|found|establish|creat|built|основа|созда|построен",
        "{}是谁创立的？|{}成立于哪一年？|{}是哪年建成的？",
        "Who founded {}?|When was {} founded?|When was {} built?",
        "Кто основал {}?|В каком году основан {}?",
    ),
    _attribute(
        "电话|電話|地址|邮箱|网址|phone|address|email|website|телефон|адрес|сайт",
        "{}的电话号码是多少？|{}的地址是什么？|{}的网站是什么",
        "What is the phone number of {}?|What is the address of {}?",
        "Какой номер телефона у {}?|Какой адрес у {}?",
    ),
    _attribute(
        "奖|獎|award|prize|medal|наград|преми|медал",
        "{}获得过什么奖？|{}哪一年获奖？",
        "What award did {} win?|Which prize did {} receive?",
        "Какую премию получил {}?|Какие награды есть у {}?",
    ),
    _attribute(
        "父|母|爸|妈|儿|女|子|father|mother|parent|son|daughter|child|отец|мать|родител|сын|доч|дет",
        "{}的父亲是谁？|{}有几个孩子？|{}的母亲叫什么名字？",
        "Who is the father of {}?|How many children does {} have?",
        "Кто отец {}?|Сколько детей у {}?",
    ),
    _attribute(
        "票房|收入|营收|利润|盈利|亏损|亿|万|revenue|profit|income|earn|loss|billion|million|выручк|прибыл|доход|млн|млрд",
        "{}的票房是多少？|{}去年的利润是多少？|{}的年收入是多少？|{}亏损了多少？",
        "What was the revenue of {}?|How much profit did {} make?",
        "Какова выручка {}?|Какую прибыль получил {}?",
    ),
    _attribute(
        "长|長|公里|千米|long|length|mile|kilomet|длин|протяж|километр",
        "{}全长多少公里？|{}有多长？",
        "How long is {}?|What is the length of {}?",
        "Какова длина {}?|Сколько километров {}?",
    ),
    _attribute(
        "名字|叫|名为|名叫|name|call|наз|имен|зовут",
        "{}的狗叫什么名字？|{}的新书叫什么？|{}的律师叫什么名字？",
        "What is the name of {}'s lawyer?|What is {}'s new book called?",
        "Как зовут адвоката {}?|Как называется новая книга {}?",
    ),
    _attribute(
        "车|車|轮|航|飞|car|vehicle|drive|flight|машин|автомоб|рейс",
        "{}开什么牌子的车？|{}坐的是哪趟航班？",
        "What car does {} drive?|Which flight did {} take?",
        "На какой машине ездит {}?|Каким рейсом летел {}?",
    ),
    _attribute(
        "因|由于|由於|原因|所以|为了|為了|because|reason|due|cause|so |since|потому|причин|из-за|поэтому",
        "{}为什么推迟了？|{}为什么辞职？|为什么{}被取消？",
        "Why was {} postponed?|Why did {} resign?|Why was {} cancelled?",
        "Почему {} отложили?|Почему {} ушёл в отставку?|Почему отменили {}?",
    ),
    _attribute(
        "月|日|周|时间|號|号|day|week|month|until|january|february|march|april|may|june|july|august"
        "|september|october|november|december|январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр|декабр|день|дня",
        "{}什么时候结束？|{}几月几号开始？|{}将持续到哪天",
        "When does {} end?|On what date did {} begin?",
        "Когда закончится {}?|Какого числа начался {}?",
    ),
)
