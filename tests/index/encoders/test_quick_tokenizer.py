import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.encoders.quick_tokenizer import _FEW_CHARACTERS, _SHORT, QuickTokenizer
from index.encoders.token_table import MODEL_FOLDER, TOKENIZER_FILE, TokenTable
from index.text.character_map import encodable

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


def for_many(content: bytes = CONTENT) -> QuickTokenizer:
    opened = quick(content)
    opened.ids(["桥" * _FEW_CHARACTERS, "桥"])
    return opened


MANY = for_many()
LONG = "桥" * (_SHORT + 1)


def whole_ids(texts: list[str]) -> list[list[int]]:
    encodings = WHOLE.encode_batch_fast(texts, add_special_tokens=False)
    return [[number for number in encoding.ids if number] for encoding in encodings]


def ids(tokenizer: QuickTokenizer, texts: list[str]) -> list[list[int]]:
    return [found.tolist() for found in tokenizer.ids(texts)]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_cut_as_by_the_whole_tokenizer(text: str) -> None:
    assert ids(MANY, [text]) == whole_ids([text])
    assert ids(MANY, [LONG, text, LONG]) == whole_ids([LONG, text, LONG])


def test_texts_are_cut_one_by_one_and_in_order() -> None:
    few = quick()
    assert ids(few, TEXTS) == ids(MANY, TEXTS) == whole_ids(TEXTS)
    assert ids(MANY, ["", "", LONG, "", "桥", ""]) == whole_ids(["", "", LONG, "", "桥", ""])
    assert ids(few, []) == ids(MANY, []) == []


SCRIPTS = "国中人民一二大桥鎮長說橋龘abcdefgRUNё’'мостьй0123 ，。-é\u0308\u200d"


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.text(), st.text(SCRIPTS, max_size=40)), max_size=4))
def test_any_texts_are_cut_alike(texts: list[str]) -> None:
    texts = encodable(texts)
    few = QuickTokenizer(WHOLE, MANY._runs.pattern, MANY._unigram)
    assert ids(few, texts) == whole_ids(texts)
    assert ids(MANY, [*texts, LONG]) == whole_ids([*texts, LONG])


def small(*pieces: tuple[str, float], runs: str = "[a-z]+|[0-9]+") -> bytes:
    tokenizer = Tokenizer(models.Unigram([("?", 0.0), *pieces], 0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(runs), "removed", invert=True)
    return str(tokenizer.to_str()).encode()


def test_only_runs_of_one_class_are_cut() -> None:
    content = small(("ab", -5.0), ("a", -3.0), ("b", -3.0), ("1", -3.0), ("a1", -1.0))
    opened = quick(content)
    assert opened.get_vocab_size() == 6
    texts, numbers = ["AB", "ba-ba", "", "a1", "a?b"], [[1], [3, 2, 3, 2], [], [2, 4], [2, 3]]
    assert ids(opened, texts) == numbers
    assert ids(for_many(content), [*texts, LONG, "a1"]) == [*numbers, [], [2, 4]]


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
        small(("a", -1.0), runs=r"\w+"),
        small(("a", -1.0), runs="[^a-z]+"),
        small(("a", -1.0), runs="[a-z]+|b"),
        small(("a", -1.0), runs="[a-z]+|[0-9z-z]+"),
        small(("a", -1.0)).replace(b'"invert":true', b'"invert":false'),
        small(("a", -1.0)).replace(b'"Removed"', b'"Isolated"'),
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


def test_a_table_gives_the_same_tokens_however_many_texts_it_has_seen() -> None:
    table = TokenTable.open()
    assert isinstance(table._tokenizer, QuickTokenizer)
    assert [found.tolist() for found in table.ids(TEXTS)] == whole_ids(TEXTS)
    assert table.ids(["桥" * 20_000])[0].size
    assert [found.tolist() for found in table.ids(TEXTS)] == whole_ids(TEXTS)


def test_a_tokenizer_that_vanishes_is_named(tmp_path: Path) -> None:
    program = (
        "import shutil, sys\n"
        "from pathlib import Path\n"
        "from index.encoders.token_table import MODEL_FOLDER, TokenTable\n"
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
