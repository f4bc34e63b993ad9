"""Real transformers, tiny and random, that the tests build and save."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

DIM = 16
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def save_tiny_bert(folder: Path, architecture: str, **config: int) -> None:
    """Save a BERT of two layers over single letters, with its tokenizer.

    :param architecture: name of a class of the transformers library.
    """
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(7)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ":", *_LETTERS, *(f"##{c}" for c in _LETTERS)]
    tokenizer = Tokenizer(models.WordPiece({p: n for n, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=64
    )
    shape = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=DIM,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        **config,
    )
    getattr(transformers, architecture)(shape).save_pretrained(folder)
    fast.save_pretrained(folder)
