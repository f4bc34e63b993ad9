"""Every sentence a user sees, in each language. Plain text: whoever shows it escapes it."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Texts:
    """The bot's sentences in one language; ``{...}`` is filled in where it is shown.

    :ivar commands: the menu: command and what it does.
    """

    start: str
    help: str
    forgotten: str
    ask_usage: str
    stranger: str
    nothing_found: str
    small_talk: str
    only_text: str
    unknown_command: str
    failed: str
    period: str
    preferred: str
    source: str
    follow_up: str
    also: str
    truncated: str
    continues: str
    continued: str
    commands: tuple[tuple[str, str], ...]


ENGLISH = Texts(
    start=(
        "Hello! I answer questions about an archive of news articles by quoting them word for "
        "word, each quote with its source.\n\nJust send me your question, in any language.\n"
        "/help shows what else I can do."
    ),
    help=(
        "Send me a question. I answer with paragraphs from the archive, word for word; the "
        "sentence that answers is bold, and the line below each quote leads to the article.\n\n"
        "You can narrow a question in words: a month or year, a source, a phrase in quotation "
        "marks. A short question that follows another continues it.\n\n"
        "/ask QUESTION – ask; in groups I answer only to this, to a mention, or to a reply\n"
        "/new – forget the questions before\n"
        "/help – this text"
    ),
    forgotten="Forgotten. Your next question starts afresh.",
    ask_usage="Write your question after the command: /ask What was decided about the port?",
    stranger=(
        "Sorry, this bot is private. If you should have access, tell its operator your Telegram "
        "id: {user_id}"
    ),
    nothing_found="Nothing in the archive answers this question.",
    small_talk="Hello! Ask me something about the archive and I will quote what it says.",
    only_text="I can only read text. Please write your question.",
    unknown_command="I do not know this command. /help shows what I can do.",
    failed="Something went wrong on my side, and it has been logged. Please try again later.",
    period="Period: {window}",
    preferred="Preferably from: {window}",
    source="Source: {source}",
    follow_up="Understood as: {text}",
    also="Same text at other sources: {count}",
    truncated="The archive holds only the beginning of this article.",
    continues="(continued in the next message)",
    continued="(continued)",
    commands=(
        ("ask", "Ask the archive a question"),
        ("new", "Forget the questions before"),
        ("help", "What I can do"),
    ),
)

SIMPLIFIED = Texts(
    start=(
        "您好！我逐字引用新闻档案中的原文来回答问题，每段引文都注明出处。\n\n"
        "直接把问题发给我即可，任何语言都可以。\n/help 查看更多用法。"
    ),
    help=(
        "把问题发给我，我会逐字引用档案中的段落作答：回答问题的句子以粗体显示，"
        "引文下方的一行可打开原文。\n\n"
        "可以在问题里直接限定范围：年月、来源，或用引号括住的词句。"
        "紧接着的简短追问会沿用上一个问题。\n\n"
        "/ask 问题 – 提问；在群组里我只回应这个命令、@我的消息和对我的回复\n"
        "/new – 忘记之前的问题\n"
        "/help – 显示本说明"
    ),
    forgotten="已忘记之前的问题，下一个问题将重新开始。",
    ask_usage="请把问题写在命令后面：/ask 港口的事是怎么决定的？",
    stranger="抱歉，这个机器人不对外开放。如果您应当有权使用，请把您的 Telegram ID 告诉管理员：{user_id}",
    nothing_found="档案中没有能回答这个问题的内容。",
    small_talk="您好！请就档案内容提问，我会引用原文作答。",
    only_text="我只能阅读文字，请把问题写成文字。",
    unknown_command="我不认识这个命令。/help 查看用法。",
    failed="我这边出了点问题，已记录下来。请稍后再试。",
    period="时间范围：{window}",
    preferred="优先时间：{window}",
    source="来源：{source}",
    follow_up="理解为：{text}",
    also="另有 {count} 个来源刊登相同内容",
    truncated="档案中只有这篇文章的开头。",
    continues="（下接下一条消息）",
    continued="（接上条）",
    commands=(("ask", "向档案提问"), ("new", "忘记之前的问题"), ("help", "使用说明")),
)

TRADITIONAL = Texts(
    start=(
        "您好！我逐字引用新聞檔案中的原文來回答問題，每段引文都註明出處。\n\n"
        "直接把問題傳給我即可，任何語言都可以。\n/help 查看更多用法。"
    ),
    help=(
        "把問題傳給我，我會逐字引用檔案中的段落作答：回答問題的句子以粗體顯示，"
        "引文下方的一行可開啟原文。\n\n"
        "可以在問題裡直接限定範圍：年月、來源，或用引號括住的詞句。"
        "緊接著的簡短追問會沿用上一個問題。\n\n"
        "/ask 問題 – 提問；在群組裡我只回應這個指令、@我的訊息和對我的回覆\n"
        "/new – 忘記之前的問題\n"
        "/help – 顯示本說明"
    ),
    forgotten="已忘記之前的問題，下一個問題將重新開始。",
    ask_usage="請把問題寫在指令後面：/ask 港口的事是怎麼決定的？",
    stranger="抱歉，這個機器人不對外開放。如果您應當有權使用，請把您的 Telegram ID 告訴管理員：{user_id}",
    nothing_found="檔案中沒有能回答這個問題的內容。",
    small_talk="您好！請就檔案內容提問，我會引用原文作答。",
    only_text="我只能閱讀文字，請把問題寫成文字。",
    unknown_command="我不認識這個指令。/help 查看用法。",
    failed="我這邊出了點問題，已記錄下來。請稍後再試。",
    period="時間範圍：{window}",
    preferred="優先時間：{window}",
    source="來源：{source}",
    follow_up="理解為：{text}",
    also="另有 {count} 個來源刊登相同內容",
    truncated="檔案中只有這篇文章的開頭。",
    continues="（下接下一則訊息）",
    continued="（接上則）",
    commands=(("ask", "向檔案提問"), ("new", "忘記之前的問題"), ("help", "使用說明")),
)

RUSSIAN = Texts(
    start=(
        "Здравствуйте! Я отвечаю на вопросы об архиве новостей дословными цитатами, и у каждой "
        "указан источник.\n\nПросто пришлите вопрос на любом языке.\n"
        "/help – что ещё я умею."
    ),
    help=(
        "Пришлите вопрос. В ответ я дословно цитирую абзацы из архива; предложение с ответом "
        "выделено жирным, а строка под цитатой ведёт к статье.\n\n"
        "Вопрос можно уточнить словами: месяц или год, источник, фраза в кавычках. Короткий "
        "вопрос вслед за другим продолжает его.\n\n"
        "/ask ВОПРОС – спросить; в группах я отвечаю только на эту команду, на упоминание и на "
        "ответ мне\n"
        "/new – забыть прежние вопросы\n"
        "/help – эта справка"
    ),
    forgotten="Забыто. Следующий вопрос начнёт разговор заново.",
    ask_usage="Напишите вопрос после команды: /ask Что решили насчёт порта?",
    stranger=(
        "К сожалению, этот бот закрыт для посторонних. Если доступ вам положен, сообщите "
        "владельцу бота ваш Telegram ID: {user_id}"
    ),
    nothing_found="В архиве нет ответа на этот вопрос.",
    small_talk="Здравствуйте! Спросите что-нибудь об архиве, и я процитирую, что в нём сказано.",
    only_text="Я читаю только текст. Пожалуйста, напишите вопрос словами.",
    unknown_command="Такой команды я не знаю. /help – что я умею.",
    failed="У меня произошла ошибка, она записана в журнал. Пожалуйста, попробуйте позже.",
    period="Период: {window}",
    preferred="Желательно за: {window}",
    source="Источник: {source}",
    follow_up="Понято как: {text}",
    also="Тот же текст в других источниках: {count}",
    truncated="В архиве есть только начало этой статьи.",
    continues="(продолжение в следующем сообщении)",
    continued="(продолжение)",
    commands=(
        ("ask", "Задать вопрос архиву"),
        ("new", "Забыть прежние вопросы"),
        ("help", "Что я умею"),
    ),
)

TEXTS = MappingProxyType(
    {"en": ENGLISH, "zh-Hans": SIMPLIFIED, "zh-Hant": TRADITIONAL, "ru": RUSSIAN}
)
"""By language."""

MENUS = MappingProxyType({"": ENGLISH, "zh": SIMPLIFIED, "ru": RUSSIAN})
"""Menus of commands by Telegram's two-letter code; the empty one is for everybody else."""

TRADITIONAL_TAGS = frozenset({"hant", "tw", "hk", "mo"})


def texts_for(language_code: str | None) -> Texts:
    """Choose by the IETF tag of a user's app, such as ``zh-hant``; English when in doubt."""
    language, *rest = (language_code or "").lower().replace("_", "-").split("-")
    if language == "zh":
        return TRADITIONAL if TRADITIONAL_TAGS.intersection(rest) else SIMPLIFIED
    return TEXTS.get(language, ENGLISH)
