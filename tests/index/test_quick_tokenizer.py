import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.bundled import MODEL_FOLDER, TOKENIZER_FILE, TokenTable
from index.encoder import encodable
from index.quick_tokenizer import QuickTokenizer

CONTENT = (MODEL_FOLDER / TOKENIZER_FILE).read_bytes()
WHOLE = Tokenizer.from_buffer(CONTENT)
TEXTS = [
    "镇长说，老桥下周一重新开放。",
    "鎮長說，老橋下週一重新開放。",
    "The mayor's “old bridge” re-opens on Monday, 12 May 2031!",
    "Мэр сообщил, что старый мост откроют в понедельник; ёлки — нет.",
    "ＦＵＬＬ　ＷＩＤＴＨ ㍿ ﬁre e\u0301t\u0300 İstanbul ΑΣΑΣ",
    "憂\u0308鬱\u200d橋 龘靐齉 \U00020000\U0002a6d6 한국어 ひらがな",
    "…… 🙂🏽 !!!",
    "国" * 200 + "pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
    "",
]


def quick(content: bytes = CONTENT) -> QuickTokenizer:
    opened = QuickTokenizer.open(content)
    assert opened is not None
    return opened


QUICK = quick()


def whole_ids(texts: list[str]) -> list[list[int]]:
    return [one.ids for one in WHOLE.encode_batch_fast(texts, add_special_tokens=False)]


def quick_ids(texts: list[str]) -> list[list[int]]:
    return [ids.tolist() for ids in QUICK.ids(texts)]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_as_by_the_whole_tokenizer(text: str) -> None:
    assert quick_ids([text]) == whole_ids([text])


def test_texts_are_cut_one_by_one_and_in_order() -> None:
    assert quick_ids(TEXTS) == whole_ids(TEXTS)
    assert quick_ids([]) == []


SCRIPTS = "国中人民一二大桥鎮長說橋龘abcdefgRUNё’'мостьй0123 ，。-é\u0308\u200d"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.text(), st.text(SCRIPTS, max_size=40)), max_size=4))
def test_any_texts_are_cut_alike(texts: list[str]) -> None:
    texts = encodable(texts)
    assert quick_ids(texts) == whole_ids(texts)


def small(*pieces: tuple[str, float]) -> bytes:
    tokenizer = Tokenizer(models.Unigram([("?", 0.0), *pieces], 0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return str(tokenizer.to_str()).encode()


def test_the_likeliest_pieces_win() -> None:
    opened = quick(small(("ab", -5.0), ("a", -3.0), ("b", -3.0)))
    assert opened.get_vocab_size() == 4
    # "ab" is -5 as one piece, -6 as two.
    assert [ids.tolist() for ids in opened.ids(["AB", "ba"])] == [[1], [3, 2]]


def test_an_unknown_character_costs_ten_more_than_the_least_likely_piece_of_all() -> None:
    pieces = [("a", -1.0), ("bc", -1.0), ("axb", -15.0), ("c", -15.0)]
    # "a", unknown, "bc" are -1 - (15 + 10) - 1 = -27; "axb", "c" are -30.
    assert quick(small(*pieces)).ids(["axbc"])[0].tolist() == [1, 0, 2]
    # A piece of -30, though the text does not hold it, makes them -42.
    assert quick(small(*pieces, ("zz", -30.0))).ids(["axbc"])[0].tolist() == [3, 4]


def changed(**model: object) -> bytes:
    values = json.loads(small(("a", -1.0)))
    values["model"].update(model)
    return json.dumps(values, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        small(("a", -1.0))[:-9],
        small(('"', -1.0)),
        small(("\\", -1.0)),
        small(("]]", -1.0)),
        small(("a" * 65, -1.0)),
        small(("a", -1.0)).replace(b'"added_tokens":[]', b'"added_tokens":[{}]'),
        small(("a", -1.0)).replace(b'"normalizer":{"type":"Lowercase"}', b'"normalizer":null'),
        changed(unk_id=1),
        changed(byte_fallback=True),
        changed(type="WordLevel", vocab={"a": 0}),
        json.dumps(json.loads(small(("a", -1.0))), indent=1).encode(),
    ],
)
def test_a_file_of_another_kind_is_left_to_the_whole_tokenizer(content: bytes) -> None:
    assert QuickTokenizer.open(content) is None


def test_a_table_takes_the_quick_way_first_and_the_whole_tokenizer_for_more() -> None:
    table = TokenTable.open()
    expected = [np.array(ids)[np.array(ids, int) > 0].tolist() for ids in whole_ids(TEXTS)]
    assert isinstance(table._tokenizer, QuickTokenizer)
    assert [ids.tolist() for ids in table.ids(TEXTS)] == expected
    assert isinstance(table._tokenizer, QuickTokenizer)
    assert table.ids(["桥" * 20_000])[0].size
    assert isinstance(table._tokenizer, Tokenizer)
    assert [ids.tolist() for ids in table.ids(TEXTS)] == expected


def test_many_questions_open_the_whole_tokenizer() -> None:
    table = TokenTable.open()
    found = {tuple(table.ids(["老桥"])[0].tolist()) for _ in range(40)}
    assert len(found) == 1
    assert isinstance(table._tokenizer, Tokenizer)


def test_a_tokenizer_that_vanishes_is_named(tmp_path: Path) -> None:
    program = (
        "import shutil, sys\n"
        "from pathlib import Path\n"
        "from index.bundled import MODEL_FOLDER, TokenTable\n"
        "from index.errors import EncoderUnavailable\n"
        "folder = Path(shutil.copytree(MODEL_FOLDER, sys.argv[1]))\n"
        "table = TokenTable.open(folder)\n"
        "(folder / 'tokenizer.json').unlink()\n"
        "assert table.ids(['桥'])[0].size\n"
        "try:\n    table.spans('桥')\n"
        "except EncoderUnavailable as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "model")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "tokenizer.json" in done.stdout
