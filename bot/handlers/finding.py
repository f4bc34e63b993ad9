"""What the archive has to offer: its sources, its newest articles, questions to begin with."""

import asyncio
import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TypeAlias

from telegram import ChatMember, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.memory.chats import Chats
from bot.showing.articles import render_list
from bot.showing.blocks import render_text
from bot.showing.measure import one_line
from bot.showing.render import describe
from bot.showing.texts import Texts
from bot.transport.delivery import acknowledge, edit, say, say_html, send_text
from bot.transport.updates import Context, argument_of, message_of, query_of, user_id_of
from index.types import Card
from qa.service import Service

A_PAGE = 8
"""Sources with a button at once."""

LATEST = 5
EXAMPLES = 3
LABEL_CHARS = 40
PART_CHARS = 20

SOURCE_BUTTONS = r"^f:"
SOURCES_BUTTONS = r"^F:"
SUGGESTED_BUTTONS = r"^e:"
_SOURCE = re.compile(r"f:(\d{1,18}):([0-9a-f]{16})", re.ASCII)
_SOURCES = re.compile(r"F:(\d{1,18}):(\d{1,3})", re.ASCII)
_ARTICLE = re.compile(r"e:([A-Za-z0-9_-]{43})", re.ASCII)
_EXAMPLE = re.compile(r"e:(\d{1,2})", re.ASCII)

OUTSIDE = frozenset({ChatMember.LEFT, ChatMember.BANNED})
Listed: TypeAlias = tuple[str, InlineKeyboardMarkup | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """``/start``, ``/sources``, ``/source``, ``/latest``, and the greeting of a group.

    :ivar examples: questions to begin with; without any, the newest articles are offered.
    """

    service: Service
    chats: Chats
    examples: tuple[str, ...]

    async def start(self, update: Update, _: Context) -> None:
        """Greet, with questions to begin with: ``/start``."""
        texts = self.chats.texts(update)
        keyboard = await self._examples()
        text = f"{texts.start}\n\n{texts.examples}" if keyboard else texts.start
        await say(message_of(update), text, keyboard)

    async def joined(self, update: Update, context: Context) -> None:
        """Greet a group that the bot has come into."""
        member = update.my_chat_member
        if member is None:
            return
        before, after = member.old_chat_member.status, member.new_chat_member.status
        if before not in OUTSIDE or after in OUTSIDE:
            return
        texts = self.chats.texts(update)
        keyboard = await self._examples()
        text = texts.greeting.format(bot=context.bot.username)
        text = f"{text}\n\n{texts.examples}" if keyboard else text
        await send_text(context.bot, member.chat.id, text, keyboard)

    async def latest(self, update: Update, _: Context) -> None:
        """Show the newest articles, as far as the filters in force let them through: ``/latest``."""
        message, texts = message_of(update), self.chats.texts(update)
        filters = await self.chats.filters(message.chat_id, user_id_of(update))
        articles = await asyncio.to_thread(self.service.newest, LATEST, filters)
        if not articles:
            await say(message, texts.no_latest)
            return
        shown = render_list(articles, texts.latest, describe(filters, texts)).html
        row = [
            InlineKeyboardButton(str(n), callback_data=_suggesting(article))
            for n, article in enumerate(articles, 1)
        ]
        await say_html(message, shown, InlineKeyboardMarkup([row]))

    async def sources(self, update: Update, _: Context) -> None:
        """List the sources, all or those with a part in their names: ``/sources PART``."""
        message, texts = message_of(update), self.chats.texts(update)
        part = argument_of(message)
        names = self.service.sources(part)
        if part and not names:
            text = texts.unknown_source.format(source=one_line(part, PART_CHARS))
            await say(message, text)
            return
        await say(message, *self._listed(names, user_id_of(update), texts, all_of=not part))

    async def source(self, update: Update, _: Context) -> None:
        """Search only what one source has published: ``/source NAME``, or a part of its name."""
        message, texts = message_of(update), self.chats.texts(update)
        part = argument_of(message)
        exact = self.service.source_named(part)
        names = (exact,) if exact else self.service.sources(part) if part else ()
        if len(names) == 1:
            await say(message, await self._narrowed(message.chat_id, update, names[0], texts))
        elif names:
            listed = self._listed(names, user_id_of(update), texts, all_of=False)
            await say(message, texts.which_source, listed[1])
        else:
            example = next(iter(self.service.sources()), "…")
            unknown = texts.unknown_source.format(source=one_line(part, PART_CHARS))
            usage = texts.source_usage.format(example=one_line(example, LABEL_CHARS))
            filters = await self.chats.filters(message.chat_id, user_id_of(update))
            lines = [unknown] if part else []
            lines.append(usage)
            if filters:
                lines.append(texts.in_force.format(filters=describe(filters, texts)))
            await say(message, "\n".join(lines))

    async def source_chosen(self, update: Update, context: Context) -> None:
        """Search only the source whose button was pressed."""
        query, texts = query_of(update), self.chats.texts(update)
        found = _SOURCE.fullmatch(query.data or "")
        if found is None or query.message is None:
            await acknowledge(query, texts.answer_gone, alert=True)
        elif int(found[1]) != query.from_user.id:
            await acknowledge(query, texts.not_yours, alert=True)
        else:
            chosen = (name for name in self.service.sources() if _sign(name) == found[2])
            name = next(chosen, None)
            if name is None:
                await acknowledge(query, texts.answer_gone, alert=True)
                return
            chat_id, message_id = query.message.chat.id, query.message.message_id
            said = await self._narrowed(chat_id, update, name, texts)
            await edit(context.bot, chat_id, message_id, render_text(said), None)
            await acknowledge(query)

    async def sources_turned(self, update: Update, context: Context) -> None:
        """Turn the page of a list of sources."""
        query, texts = query_of(update), self.chats.texts(update)
        found = _SOURCES.fullmatch(query.data or "")
        if found is None or query.message is None:
            await acknowledge(query, texts.answer_gone, alert=True)
        elif int(found[1]) != query.from_user.id:
            await acknowledge(query, texts.not_yours, alert=True)
        else:
            text, keyboard = self._listed(
                self.service.sources(), int(found[1]), texts, page=int(found[2])
            )
            chat_id, message_id = query.message.chat.id, query.message.message_id
            await edit(context.bot, chat_id, message_id, render_text(text), keyboard)
            await acknowledge(query)

    def suggested(self, data: str) -> str:
        """Return the question behind a button; empty when it is not there any more."""
        if found := _EXAMPLE.fullmatch(data):
            number = int(found[1])
            return self.examples[number] if number < len(self.examples) else ""
        found = _ARTICLE.fullmatch(data)
        if found is None:
            return ""
        digest = base64.urlsafe_b64decode(f"{found[1]}=").hex()
        article = self.service.article(digest)
        return article[0].title if article else ""

    async def _examples(self) -> InlineKeyboardMarkup | None:
        """Return questions to begin with, each a button."""
        offered = [(question, f"e:{n}") for n, question in enumerate(self.examples)]
        if not offered:
            newest = await asyncio.to_thread(self.service.newest, EXAMPLES)
            offered = [(card.title, _suggesting(card)) for card in newest if card.title.strip()]
        rows = [
            [InlineKeyboardButton(one_line(label, LABEL_CHARS), callback_data=data)]
            for label, data in offered
        ]
        return InlineKeyboardMarkup(rows) if rows else None

    def _listed(
        self,
        names: tuple[str, ...],
        user_id: int,
        texts: Texts,
        *,
        page: int = 0,
        all_of: bool = True,
    ) -> Listed:
        """Return a page of sources as buttons.

        :param all_of: whether these are all sources, so that pages can be turned.
        """
        if not names:
            return texts.no_sources, None
        pages = -(-len(names) // A_PAGE)
        page = min(page, pages - 1)
        rows = [
            [
                InlineKeyboardButton(
                    one_line(name, LABEL_CHARS), callback_data=f"f:{user_id}:{_sign(name)}"
                )
            ]
            for name in names[page * A_PAGE :][:A_PAGE]
        ]
        if all_of and pages > 1:
            turned = ((page - 1) % pages, page, (page + 1) % pages)
            rows.append(
                [
                    InlineKeyboardButton(label, callback_data=f"F:{user_id}:{at}")
                    for label, at in zip(("‹", f"{page + 1}/{pages}", "›"), turned, strict=True)
                ]
            )
        return texts.sources.format(count=len(names)), InlineKeyboardMarkup(rows)

    async def _narrowed(self, chat_id: int, update: Update, name: str, texts: Texts) -> str:
        """Put a source in force beside the other filters; return what to say of it."""
        conversation = await self.chats.conversation(chat_id, user_id_of(update))
        filters = conversation.narrowed(source=name).filters
        await self.chats.set_filters(chat_id, user_id_of(update), filters)
        return texts.in_force.format(filters=describe(filters, texts))


def _sign(name: str) -> str:
    """Return what stands for a source in a button's data, whichever index answers."""
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def _suggesting(article: Card) -> str:
    """Return the data of a button that asks about an article."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(article.sha256)).decode()
    return f"e:{digest.rstrip('=')}"
