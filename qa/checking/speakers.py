"""Who says the words that an article has, as far as it tells. Pure.

News names a speaker beside the words: before them (塔罗说：“…”), behind them (“…,” said Voss), or in the same sentence
(Voss said the mirror …). Where only a pronoun stands there, or nothing, whoever is named shortly before may be meant.
"""

import re
from dataclasses import dataclass

from index.text.lazy_regex import Pattern
from index.text.sentences import sentences
from index.text.tokens import HAN, fold, stem
from index.types import PARAGRAPH_BREAK, Card
from qa.checking.marks import quoted_spans

_BEFORE = 2
"""Paragraphs before in which whoever is meant by a pronoun may be named."""

_LATIN_VERBS = (
    "said|says?|told|tells|added|adds|wrote|writes|argued|argues|warned|warns|noted|notes|admitted|admits"
    "|announced|insisted|insists|explained|explains|claimed|claims|asked|replied|stated|stressed|called|tweeted"
)
_RUSSIAN_VERBS = (
    "(?:сказа|заяви|сообщи|отмети|подчеркну|добави|написа|призна|пояснич?|объясни|утвержда|предупреди|спроси|ответи"
    r"|рассказа|счита|говори|пиш)\w*|по словам|по мнению"
)
_HAN_VERBS = (
    "表示|指出|强调|強調|认为|認為|承认|承認|透露|回应|回應|坦言|写道|寫道|宣布|警告|呼吁|呼籲|补充|補充|解释|解釋"
    "|告诉|告訴|提到|谈到|談到|说|說|称|稱|问|問|讲|講|写|寫|答"
)
_VERB = Pattern(
    rf"\b(?:{_LATIN_VERBS}|according to)\b|\b(?:{_RUSSIAN_VERBS})\b|{_HAN_VERBS}", re.IGNORECASE
)
_PRONOUN = Pattern(
    rf"\b(?:he|she|they|him|her)\b|\b(?:он|она|они)\b|(?:他|她)们?[^，。：]{{0,8}}?(?:{_HAN_VERBS})",
    re.IGNORECASE,
)
_LEADS_ON = Pattern(r"[:：,，—–-]\s*$")
_LATIN_NAME = (
    r"[A-ZА-ЯЁ][\w.’'-]*(?: (?:of|de|van|von|al|bin) | )?(?:[A-ZА-ЯЁ][\w.’'-]*(?: (?=[A-ZА-ЯЁ])|))*"
)
_NAMED_BEFORE = Pattern(
    rf"({_LATIN_NAME})(?:, [^,]{{1,60}},)? (?:\w+ )?(?:{_LATIN_VERBS}|{_RUSSIAN_VERBS})\b"
)
_NAMED_BEHIND = Pattern(
    rf"\b(?:{_LATIN_VERBS}|according to|{_RUSSIAN_VERBS}) ((?:[\w'’-]+ ){{0,4}}?{_LATIN_NAME})"
)
_NAMED_IN_HAN = Pattern(rf"(?:^|[，。：；！？\s”」])([{HAN}·・．]{{2,40}}?)(?:{_HAN_VERBS})")
_ADJUNCT = Pattern(
    r"(?<=.{2})(?:在|于|對|对|向|就|接受|今|昨|前|周[一二三四五六日天]|星期|表|也|还|則|则|又|再|曾|并|随后|月|日).*"
)
_LEAD = Pattern(r"([^:：，。,!?！？\n]{1,40})[:：](?=.)")
_HAN = Pattern(f"[{HAN}]")
_PARTS = re.compile(r"[\s·・.．]+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """What an article says of who says some words.

    :ivar told: the words beside them that tell it; empty where none do.
    :ivar around: what stands before, where ``told`` names nobody.
    """

    told: str
    around: str

    @property
    def speaker(self) -> str | None:
        """Who says it, in the article's words, where they name somebody."""
        if not self.told or _PRONOUN.search(self.told):
            return None
        if _HAN.search(self.told):
            named = _NAMED_IN_HAN.search(self.told)
            return _ADJUNCT.sub("", named[1]) if named else None
        for pattern in (_NAMED_BEFORE, _NAMED_BEHIND):
            if named := pattern.search(self.told):
                return str(named[1]).strip(" ,.")
        return None

    def names(self, name: str) -> bool:
        """Tell whether somebody is who says the words."""
        if _named(name, self.told):
            return True
        return self.speaker is None and _named(name, self.around)


def attribution(text: str, start: int, end: int) -> Attribution:
    """Return what an article says of who says ``text[start:end]``."""
    begin = text.rfind(PARAGRAPH_BREAK, 0, start) + 1
    stop = text.find(PARAGRAPH_BREAK, end)
    paragraph = text[begin : stop if stop >= 0 else len(text)]
    spans = list(quoted_spans(paragraph))
    enclosing = next(
        (
            number
            for number, (first, last) in enumerate(spans)
            if first <= start - begin and end - begin <= last
        ),
        None,
    )
    before = text[:begin].rstrip(PARAGRAPH_BREAK).split(PARAGRAPH_BREAK)[-_BEFORE:]
    if enclosing is None:
        told = _sentence_at(paragraph, start - begin, end - begin)
        if not _VERB.search(told):
            return Attribution("", "")  # the article's own words
    else:
        told = _beside(paragraph, spans, enclosing)
    around = PARAGRAPH_BREAK.join([*before, _unquoted(paragraph, spans)])
    return Attribution(told, around)


def said_by(name: str, card: Card, text: str, start: int, end: int) -> bool:
    """Tell whether words of an article are somebody's: its author's, its source's, or a speaker's."""
    if any(_named(name, known) for known in (card.author, card.source) if known):
        return True
    return attribution(text, start, end).names(name) or _leads(name, text, start, end)


def _leads(name: str, text: str, start: int, end: int) -> bool:
    """Tell whether a paragraph, or a headline, begins with a name, and words after its colon."""
    lead = _LEAD.match(text, text.rfind(PARAGRAPH_BREAK, 0, start) + 1, end)
    if lead is None:
        return False
    leading = lead[1].strip()
    if _HAN.search(leading):
        return fold(leading) in (fold(name.strip()), _PARTS.split(fold(name.strip()))[-1])
    return bool(re.fullmatch(_LATIN_NAME, leading)) and _named(name, leading)


def _beside(paragraph: str, spans: list[tuple[int, int]], number: int) -> str:
    """Return what stands beside a quotation and tells who speaks; empty if nothing does."""
    start, end = spans[number]
    behind_last = spans[number - 1][1] + 1 if number else 0
    next_start = spans[number + 1][0] - 1 if number + 1 < len(spans) else len(paragraph)
    in_front = paragraph[behind_last : start - 1]
    behind = paragraph[end + 1 : next_start]
    last = _last_sentence(in_front)
    first = _first_sentence(behind)
    leads_on = bool(_LEADS_ON.search(in_front) or _VERB.search(in_front[-8:]))
    ways = [last, first] if leads_on else [first, last]
    return next((way for way in ways if _VERB.search(way)), "")


def _first_sentence(text: str) -> str:
    spans = sentences(text)
    return text[slice(*spans[0])] if spans else ""


def _last_sentence(text: str) -> str:
    spans = sentences(text)
    return text[slice(*spans[-1])] if spans else ""


def _sentence_at(paragraph: str, start: int, end: int) -> str:
    """Return the sentences that hold some words."""
    held = [span for span in sentences(paragraph) if span[0] < end and start < span[1]]
    return paragraph[held[0][0] : held[-1][1]] if held else ""


def _unquoted(paragraph: str, spans: list[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in spans:
        pieces.append(paragraph[done:start])
        done = end
    return "".join([*pieces, paragraph[done:]])


def _named(name: str, text: str) -> bool:
    """Tell whether a text names somebody: all of a Chinese name or its last part, a surname in any case."""
    wanted, folded = fold(name.strip()), fold(text)
    if not wanted:
        return False
    if wanted in folded:
        return _HAN.search(wanted) is not None or bool(
            re.search(rf"\b{re.escape(wanted)}\b", folded)
        )
    surname = _PARTS.split(wanted.strip(" .·"))[-1]
    if _HAN.search(surname):
        return surname != wanted and len(surname) > 1 and surname in folded
    return len(surname) > 1 and stem(surname) in {
        stem(word) for word in re.findall(r"[^\W\d_]+", folded)
    }
