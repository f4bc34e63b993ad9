"""An encoder without what its vectors say of a text's language.

Vectors of a multilingual network lie close together, and closer when the texts share a language,
whatever they say. So the mean vector of each script and role is taken away, and what is left is
scaled to length 1 (docs/lab/2026-11-29-e5.md). The means are those of texts that come with the
program, so they depend on the encoder alone, not on an archive and its history.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.encoders.protocol import Encoder, EncoderInfo
from index.encoders.token_table import TokenTable
from index.encoders.unit import unit_rows
from index.text.tokens import SCRIPTS, Script, script
from index.types import Role, Vectors

_TEXTS = Path(__file__).with_name("centre.json")
"""Invented questions and passages, by role and script."""


class CentredEncoder:
    """An ``Encoder`` that takes the means of another one away.

    :ivar texts: those of which the means are, by role and script.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        text = _TEXTS.read_bytes()
        self.texts: Mapping[Role, Mapping[Script, Sequence[str]]] = json.loads(text)
        self._means: dict[Role, Vectors] = {}
        self._mark = hashlib.sha256(text).hexdigest()[:8]

    @property
    def info(self) -> EncoderInfo:
        """That of the other one; its revision names the texts too."""
        info = self._encoder.info
        return replace(info, revision=f"{info.revision}-{self._mark}")

    @property
    def table(self) -> TokenTable | None:
        """None: what is left is no sum of rows."""

    @property
    def lasting(self) -> bool:
        """Whether the other one's vectors last."""
        return self._encoder.lasting

    def encode(self, texts: Sequence[str], role: Role = "passage") -> Vectors:
        """Return unit rows, float32, shape (n, dim), in the order of the texts."""
        vectors = self._encoder.encode(texts, role)
        if not len(vectors):
            return vectors
        scripts = np.array([SCRIPTS.index(script(text)) for text in texts])
        known = np.any(vectors, axis=1, keepdims=True)
        return unit_rows(vectors - known * self._means_of(role)[scripts])

    def _means_of(self, role: Role) -> Vectors:
        """Return the mean vector of each script, float32, shape (scripts, dim)."""
        if role not in self._means:
            texts = self.texts[role]
            self._means[role] = np.stack(
                [self._encoder.encode(texts[written], role).mean(axis=0) for written in SCRIPTS]
            )
        return self._means[role]
