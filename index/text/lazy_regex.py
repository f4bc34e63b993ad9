"""Regular expressions that are compiled when they are first used.

To compile all that a question may need takes longer than to answer it.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Pattern:
    """A regular expression; its methods are those of a compiled one.

    :param expression: as ``re.compile`` takes it, with its flags.
    """

    def __init__(self, expression: str, flags: int = 0) -> None:
        self._expression = expression
        self._flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self._expression, self._flags)

    @property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.search``."""
        return self.compiled.search

    @property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.match``."""
        return self.compiled.match

    @property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """As ``re.Pattern.fullmatch``."""
        return self.compiled.fullmatch

    @property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """As ``re.Pattern.finditer``."""
        return self.compiled.finditer

    @property
    def findall(self) -> Callable[..., list[str]]:
        """As ``re.Pattern.findall``."""
        return self.compiled.findall

    @property
    def sub(self) -> Callable[..., str]:
        """As ``re.Pattern.sub``."""
        return self.compiled.sub
