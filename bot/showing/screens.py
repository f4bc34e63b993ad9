"""Pure: a page and its buttons together, in both forms that Telegram takes."""

from dataclasses import dataclass, field
from itertools import groupby

from telegram import InlineKeyboardMarkup

from bot.showing.blocks import FOOTER, Page, RichBlock
from bot.showing.keyboards import Keyboard


@dataclass(frozen=True, slots=True)
class Screen:
    """A message with its buttons."""

    page: Page
    keyboard: Keyboard = field(default_factory=Keyboard)

    @property
    def html(self) -> str:
        """The text of a plain message."""
        return self.page.html

    @property
    def markup(self) -> InlineKeyboardMarkup | None:
        """The buttons of a plain message."""
        return self.keyboard.markup

    @property
    def rich(self) -> list[RichBlock]:
        """The blocks of a rich message: each quote with its buttons below it, footers last.

        https://core.telegram.org/bots/api#inputrichmessage
        """
        blocks: list[RichBlock] = []
        footers: list[RichBlock] = []
        for number, pieces in groupby(self.page.blocks, lambda block: block.quote):
            for block in (each for piece in pieces for each in piece.rich):
                (footers if block["type"] == FOOTER else blocks).append(block)
            if buttons := self.keyboard.quotes.get(number):
                row = [button.to_dict() for button in buttons]
                blocks.append({"type": "buttons", "buttons": row})
        return [*blocks, *footers]

    @property
    def rich_markup(self) -> InlineKeyboardMarkup | None:
        """The buttons below a rich message."""
        return Keyboard(rest=self.keyboard.rest).markup
