"""How an answer looks: how wide, in colour or not, with links that can be clicked or not."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass

_WIDEST = 100
"""Columns of text at most: longer lines are hard to read."""

_KNOW_LINKS = ("foot", "alacritty", "contour", "wezterm", "xterm-kitty", "xterm-ghostty")
_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "mintty")
_VARIABLES = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
_VTE = 5000
"""Version of VTE (GNOME's and many other terminals) since which links are shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """How an answer looks.

    :ivar width: columns to wrap text to; None = as it is, for a pipe.
    :ivar colour: whether to mark by colour what answers.
    :ivar links: whether the terminal shows links that can be clicked (OSC 8).
    :ivar short: whether to show of each quote the sentence that answers and its source alone.
    :ivar offer_near: whether to name ``--near`` when nothing answers.
    """

    width: int | None = None
    colour: bool = False
    links: bool = False
    short: bool = False
    offer_near: bool = False


PLAIN = Look()


def looks(*, short: bool = False, offer_near: bool = False) -> Look:
    """Return how an answer looks on standard output: as it is in a pipe, wrapped on a terminal."""
    if not sys.stdout.isatty():
        return Look(short=short, offer_near=offer_near)
    return Look(
        width=min(shutil.get_terminal_size().columns, _WIDEST),
        colour=wants_colour(),
        links=shows_links(os.environ),
        short=short,
        offer_near=offer_near,
    )


def wants_colour() -> bool:
    """Return whether to colour: only on a terminal, and not against https://no-color.org."""
    declined = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not declined


def shows_links(environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal is known to show links; others might print their codes."""
    if environment.get("FORCE_HYPERLINK"):
        return environment["FORCE_HYPERLINK"] != "0"
    terminal = environment.get("TERM", "")
    version = environment.get("VTE_VERSION", "")
    return (
        terminal.startswith(_KNOW_LINKS)
        or environment.get("TERM_PROGRAM") in _PROGRAMS
        or any(name in environment for name in _VARIABLES)
        or (version.isdecimal() and int(version) >= _VTE)
    )
