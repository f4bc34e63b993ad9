"""What people say to a bot that is no question to an archive: greetings, thanks, nods."""

import re

from index.text.lazy_regex import Pattern

_PHRASES = (
    # greetings
    r"[你您]好|大家好|哈[喽啰]|嗨|早上好|早安|晚上好|晚安|下午好|在吗",
    r"hello|hi|hey|hi there|hello there|hey there|good (?:morning|afternoon|evening|night)",
    r"привет|здравствуй|здравствуйте|добрый (?:день|вечер)|доброе утро|доброй ночи",
    # thanks
    r"(?:非常|十分|太|多)?(?:感谢|谢谢|谢了|多谢)[你您]?|辛苦了|不客气",
    r"thanks?|thanks? a lot|(?:thanks?|thank you)(?: very| so) much|thank you|thx|cheers",
    r"спасибо|спасибо большое|большое спасибо|благодарю|пожалуйста",
    # farewells
    r"再见|拜拜|回头见|明天见",
    r"bye|bye bye|goodbye|see you|see you (?:later|soon|tomorrow)",
    r"пока|до свидания|до завтра|до встречи",
    # nods
    r"好|好的|好吧|行|可以|嗯|哦|哈|知道了|明白|明白了|了解|收到|没事|没问题|不错|厉害|太好了",
    r"ok|okay|k|yes|yeah|yep|no|nope|sure|cool|great|nice|good|fine|i see|got it|lol|wow",
    r"да|нет|хорошо|ок|окей|ладно|понятно|ясно|понял|поняла|отлично|круто|ага|угу",
    # about the bot itself
    r"你是谁|你叫什么|你叫什么名字|你是机器人|你能做什么|你会什么|你会做什么|怎么用|测试",
    (
        r"who are you|what is your name|what's your name|what can you do|are you (?:a bot|human)|"
        r"how are you|help|test"
    ),
    r"кто ты|ты кто|кто вы|как тебя зовут|как дела|что ты (?:умеешь|можешь)|ты бот|помощь|тест",
    # particles after them
    r"[啊呀吗吧呢啦喔]",
)
_SMALL_TALK = Pattern(rf"(?:(?:{'|'.join(_PHRASES)})(?![a-zа-я])[\W_]*)+")
_LONGEST = 40
"""Characters; a longer text is worth a search whatever it says."""


def is_small_talk(text: str) -> bool:
    """Tell whether a text holds nothing but such phrases, or no word at all ("???", "👍").

    :param text: folded text (``index.text.tokens.fold``).
    """
    words = re.sub(r"^[\W_]+", "", text)
    return not words or (len(words) <= _LONGEST and bool(_SMALL_TALK.fullmatch(words)))
