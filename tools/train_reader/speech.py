"""Questions for what somebody said, made from news: question sets ask for names and numbers instead.

Whoever asks an archive of news often asks how somebody described, judged or answered something. Such
sentences say so themselves: somebody's name, a word like "said", and what was said.
"""

import re
from dataclasses import dataclass
from random import Random

from index.text.sentences import sentences
from index.text.tokens import HAN

_LEAST, _MOST = 12, 160
"""Characters of a sentence in which somebody says something."""

_SAID = re.compile(
    rf"([{HAN}·]{{2,14}}?)(?:还|也|同时|最后|则|随后|此前|曾|日前|近日|当天|\d+日|今天|昨天)*"
    r"(?:表示|说|指出|强调|认为|称|透露|介绍|坦言|直言|回应|评价)(?:道)?[，：:“]"
)
_NOBODY = re.compile(
    "[他她它们們您你我这這该該其]|记者|記者|有人|网友|消息|报道|報道|数据|文章|可以|不能|应该"
)
_SAYING = re.compile(
    r"\b([A-Z][\w’'-]+(?: (?:[A-Z]\.|[A-Z][\w’'-]+)){0,3})(?:, [^,]{3,60},)? "
    r"(?:said|says|added|warned|argued|stressed|told|wrote|noted|insisted|explained)\b"
)
_NAME_RU = r"[А-ЯЁ][\w-]+(?: [А-ЯЁ][\w-]+){0,2}"
_SAID_RU = r"(?:сказал|заявил|отметил|сообщил|подчеркнул|рассказал|объяснил|написал|добавил)а?"
_SAYING_RU = re.compile(rf"({_NAME_RU}) {_SAID_RU}\b|\b{_SAID_RU} ({_NAME_RU})")
_NOT_A_NAME = {"He", "She", "It", "They", "We", "The", "This", "That", "But", "And", "I", "You"} | {
    "Он", "Она", "Они", "Как", "Об", "Это"
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_LONG_WORD = re.compile(r"[^\W\d_]{7,}")
_LONGEST_TOPIC = 12
_PATTERNS = {"zh": _SAID, "en": _SAYING, "ru": _SAYING_RU}

_ASKED = {
    "zh": (
        "{0}怎么说{1}？", "{0}如何评价{1}？", "{0}对{1}有什么看法？", "{0}怎么看{1}？",
        "{0}怎么形容{1}？", "{0}就{1}说了什么？", "关于{1}，{0}表示了什么？", "{0}如何回应{1}？",
    ),
    "en": (
        "What did {0} say about {1}?", "How did {0} describe {1}?", "What does {0} think of {1}?",
        "How did {0} respond to {1}?", "What was said by {0} about {1}?",
    ),
    "ru": (
        "Что сказал {0} о {1}?", "Как {0} описал {1}?", "Что {0} думает о {1}?",
        "Как {0} ответил на вопрос о {1}?", "Что заявил {0} по поводу {1}?",
    ),
}  # fmt: skip
_BARE = {"zh": "{0}说了什么？", "en": "What did {0} say?", "ru": "Что сказал {0}?"}


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence in which somebody says something.

    :ivar who: as the sentence names them.
    :ivar topic: what the sentence and the title share, empty for nothing.
    :ivar span: of the sentence in its text.
    """

    who: str
    topic: str
    span: tuple[int, int]

    def question(self, language: str, random: Random) -> str:
        """Return a question for what was said."""
        if not self.topic:
            return _BARE[language].format(self.who)
        return random.choice(_ASKED[language]).format(self.who, self.topic)


def sayings(title: str, text: str, language: str) -> list[Saying]:
    """Return the sentences of a text in which somebody named says something."""
    han = language == "zh"
    found = []
    for start, end in sentences(text):
        sentence = text[start:end]
        if not _LEAST <= len(sentence) <= _MOST * (1 if han else 2):
            continue
        match = _PATTERNS[language].search(sentence)
        if match is None:
            continue
        who = match[match.lastindex or 1]
        if _NOBODY.search(who) if han else who in _NOT_A_NAME:
            continue
        if han:
            rest = sentence[match.end() :]
            topic = _shared(title, rest) or _shared(text[:start] + "。" + text[end:], rest)
        else:
            rest = sentence.replace(who, " ")
            topic = _shared_words(title, rest) or next(iter(_LONG_WORD.findall(rest)), "")
        found.append(Saying(who, topic, (start, end)))
    return found


def _shared(title: str, text: str) -> str:
    """Return the longest piece that two Chinese texts share, of 2 characters at least."""
    best = ""
    for run in re.findall(f"[{HAN}]+", title):
        for start in range(len(run)):
            end = start + max(len(best) + 1, 2)
            while end <= min(len(run), start + _LONGEST_TOPIC) and run[start:end] in text:
                best = run[start:end]
                end += 1
    return best


def _shared_words(title: str, text: str) -> str:
    """Return the words that an English title and a text share, as the title has them."""
    words = set(_WORD.findall(text))
    return " ".join(word for word in _WORD.findall(title) if word in words)
