"""The bot in English."""

from bot.showing.texts.sentences import Texts

ENGLISH = Texts(
    name="English",
    start=(
        "Hello! I answer questions about an archive of news articles by quoting them word for "
        "word, each quote with its source.\n\nJust send me your question, in any language.\n"
        "/help shows what else I can do."
    ),
    greeting="Hello! I answer questions about an archive of news articles by quoting them.\n\nHere I read only what is meant for me: /ask and a question, a message that mentions @{bot}, or a reply to me. Each of you has a conversation of your own.",
    examples="For example:",
    help=(
        "Send me a question. I answer with paragraphs from the archive, word for word; the "
        "sentence that answers is bold, and the line below each quote leads to the article.\n\n"
        "The buttons below an answer show more quotes, the paragraphs around a quote, and the "
        "article it is from. If you edit your question, the answer changes with it.\n\n"
        "You can narrow a question in words: a month or year, a source, a phrase in quotation "
        "marks. A short question that follows another continues it.\n\n"
        "/ask QUESTION – ask; in groups I answer only to this, to a mention, or to a reply\n"
        "/new – forget the questions before\n"
        "/since 2021-12, /until 2022-03 – only articles published then\n"
        "/source NAME – only articles from this source\n"
        "/sources PART – the sources that have that in their names\n"
        "/latest – the newest articles\n"
        "/reset – search the whole archive again\n"
        "/watch QUESTION – tell me when new articles answer it; /watch daily QUESTION – once a day\n"
        "/watches – what is watched\n"
        "/language – the language I speak\n"
        "/forget – erase all I keep about you\n"
        "/help – this text\n\n"
        "In any other chat, write @{bot} and a question to insert a quote."
    ),
    forgotten="Forgotten. Your next question starts afresh.",
    ask_usage="Write your question after the command: /ask What was decided about the port?",
    small_talk="Hello! Ask me something about the archive and I will quote what it says.",
    only_text="I can only read text. Please write your question.",
    unknown_command="I do not know this command. /help shows what I can do.",
    only_private="Please ask me this in a private chat: https://t.me/{bot}",
    failed="Something went wrong on my side, and it has been logged. Please try again later.",
    nothing_found="Nothing in the archive answers this question.",
    empty_archive="The archive is empty: its index holds no article.",
    nothing_more="Nothing more in the archive answers this question.",
    mention="Articles that mention “{name}”: {count}",
    near_misses="Near misses: these come closest, but they do not answer the question.",
    period="Period: {window}",
    preferred="Preferably from: {window}",
    widened="Nothing from {window} answers, so all dates were searched",
    nearest="Nothing from {window} answers; the nearest is from {nearest}",
    archive="The archive has articles from {window}",
    no_latest="No article has a date here.",
    latest="The newest articles; a button quotes from one:",
    source="Source: {source}",
    follow_up="Understood as: {text}",
    asked="Asked: {text}",
    also="Same text at other sources: {count}",
    truncated="The archive holds only the beginning of this article.",
    title_only="The archive holds nothing but the title of this article.",
    only_a_title="Title only: {title}",
    continues="(continued on the next page)",
    continued="(continued)",
    show_near="Show the nearest quotes",
    show_mentions="Show them",
    mentioning="These mention “{name}”:",
    all_dates="All dates",
    open_article="Open article",
    copy_citation="Copy citation",
    share="Share",
    surroundings="In context",
    card="The article",
    back="Back",
    author="Author: {author}",
    date="Date: {date}",
    file="File: {file}",
    not_yours="These buttons work only for the person who asked.",
    answer_gone="This answer is no longer kept. Please ask again.",
    passage_gone="The archive has changed since: this passage is no longer in it. Please ask again.",
    noted="Thank you, noted.",
    choose_language="Which language shall I speak?",
    language_automatic="As in Telegram",
    language_set="I will speak English.",
    date_usage="Write a year, month or day that is past: {command} 2021-12. /reset lifts it.",
    source_usage="Write a source after the command: /source {example}. /reset lifts it.",
    unknown_source="The archive has no source called “{source}”.",
    no_sources="The articles of this archive name no source.",
    which_source="Several sources are called so; which one is meant?",
    sources="Sources of the archive: {count}. A button searches only that one.",
    in_force="In force: {filters}. /reset lifts it.",
    no_filters="The whole archive is searched.",
    no_such_period="It cannot be since {since} and until {until} at once; /reset lifts what is in force.",
    no_rights="I may not write in “{chat}”, where you asked me. An administrator there can change that.",
    stranger=(
        "Sorry, this bot is private. If you should have access, tell its operator your Telegram "
        "id: {user_id}"
    ),
    welcome="Welcome! Your invitation was accepted.",
    bad_code="This invitation code is not valid or has been used.",
    invitation="This link lets one person in, once, within {days} days:\n{link}\n\nOr: /start {code}",
    only_admins="Only administrators may do this.",
    too_fast="That is more than I can answer for you at once. Please wait {seconds} s.",
    too_many="Too many of your questions are waiting ({count}). I leave this one out; please ask it again later.",
    watch_usage="Write a name or a question after the command: /watch Heron Bridge, or, for news once a day: /watch daily Heron Bridge",
    watching="I am watching “{question}” and will write here when new articles answer it. /watches",
    watching_daily="I am watching “{question}” and will write here once a day when new articles answer it. /watches",
    watches="You are watching this; a button removes it:",
    no_watches="You are watching nothing. /watch QUESTION begins.",
    unwatched="Removed.",
    only_group_admins="In a group only its administrators may do this.",
    told_otherwise="Noted.",
    at_once="At once",
    once_a_day="Once a day",
    too_many_watches="No more can be watched than you do already ({count}); remove one first: /watches",
    news="New in the archive on “{question}”:",
    more_news="and more: {count}",
    digest="New in the archive",
    inline_hint="Write a question to quote the archive",
    inline_nothing="Nothing in the archive answers this",
    forget_ask=(
        "Erase all I keep about you: questions, answers, filters, language, ratings, watches and "
        "your invitation?"
    ),
    forget_yes="Erase",
    forget_done="All I kept about you has been erased.",
    status=(
        "Generation: {generation}\nArticles: {articles}\nPassages: {passages}\nModel: {model}\n"
        "Memory: {memory} MB\nAnswers since the start: {answers}\n"
        "Time of an answer: {median} ms (median), {p95} ms (95%)\nWaiting: {queue}"
    ),
    indexing="Reading the archive… {seconds} s",
    indexed="The new index answers now.\nArticles: {articles}\nPassages: {passages}\nFiles skipped: {skipped}",
    unchanged="Nothing has changed; the index is up to date.",
    followed=(
        "The archive’s paths have changed in the settings. The index was made of {before}; it now follows {paths}."
    ),
    not_indexed="The index was not changed: {reason}",
    already_indexing="An update is already running. What is new is read right after it.",
    document_reading="Reading {name}…",
    document_left_out="Left out: {reasons}",
    document_added="Added to the archive: {names}",
    document_refused="{name} was refused: {reason}",
    commands=(
        ("ask", "Ask the archive a question"),
        ("new", "Forget the questions before"),
        ("since", "Only articles published since"),
        ("until", "Only articles published until"),
        ("source", "Only articles from one source"),
        ("latest", "The newest articles"),
        ("sources", "Sources to choose from"),
        ("reset", "Search the whole archive again"),
        ("watch", "Tell me about new articles"),
        ("watches", "What is watched"),
        ("language", "The language I speak"),
        ("forget", "Erase all that is kept about me"),
        ("help", "What I can do"),
    ),
    admin_commands=(
        ("status", "How the bot does"),
        ("reindex", "Update the index"),
        ("invite", "Invite somebody"),
    ),
)
