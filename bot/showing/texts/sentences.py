"""The shape of the bot's sentences: one ``Texts`` a language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The bot's sentences in one language; ``{...}`` is filled in where it is shown.

    :ivar name: the language, in itself.
    :ivar commands: the menu: command and what it does.
    :ivar admin_commands: further ones in the menu of administrators.
    """

    name: str
    # What everybody sees.
    start: str
    greeting: str
    examples: str
    help: str
    forgotten: str
    ask_usage: str
    small_talk: str
    only_text: str
    unknown_command: str
    only_private: str
    failed: str
    no_rights: str
    # An answer.
    nothing_found: str
    empty_archive: str
    nothing_more: str
    mention: str
    near_misses: str
    period: str
    preferred: str
    widened: str
    nearest: str
    archive: str
    no_latest: str
    latest: str
    source: str
    follow_up: str
    asked: str
    also: str
    truncated: str
    title_only: str
    only_a_title: str
    continues: str
    continued: str
    # Its buttons.
    show_near: str
    show_mentions: str
    mentioning: str
    all_dates: str
    open_article: str
    copy_citation: str
    share: str
    surroundings: str
    card: str
    back: str
    author: str
    date: str
    file: str
    not_yours: str
    answer_gone: str
    passage_gone: str
    noted: str
    # Preferences.
    choose_language: str
    language_automatic: str
    language_set: str
    date_usage: str
    source_usage: str
    unknown_source: str
    no_sources: str
    which_source: str
    sources: str
    in_force: str
    no_filters: str
    no_such_period: str
    # Access and limits.
    stranger: str
    welcome: str
    bad_code: str
    invitation: str
    only_admins: str
    too_fast: str
    too_many: str
    # Watches.
    watch_usage: str
    watching: str
    watching_daily: str
    watches: str
    no_watches: str
    unwatched: str
    only_group_admins: str
    told_otherwise: str
    at_once: str
    once_a_day: str
    too_many_watches: str
    news: str
    more_news: str
    digest: str
    # Inline mode.
    inline_hint: str
    inline_nothing: str
    # Privacy.
    forget_ask: str
    forget_yes: str
    forget_done: str
    # Administration.
    status: str
    indexing: str
    indexed: str
    unchanged: str
    followed: str
    not_indexed: str
    already_indexing: str
    document_reading: str
    document_added: str
    document_left_out: str
    document_refused: str
    commands: tuple[tuple[str, str], ...]
    admin_commands: tuple[tuple[str, str], ...]
