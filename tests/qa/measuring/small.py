"""Small invented question sets, written as files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CORPUS = {
    "bridge": "桥梁局星期一宣布，奥尔姆大桥将于六月一日通车。",
    "bees": "Пчеловод Гордей Лунин вывел породу пчёл, которая переносит морозы.",
    "mirror": "The observatory on Mount Tessel will close because its mirror has lost its silver.",
}
QUESTIONS = {  # question -> its document and a string that answers it
    "奥尔姆大桥什么时候通车？": ("bridge", "六月一日"),
    "Who bred bees that survive frost?": ("bees", "Лунин"),
    "Why will the observatory close?": ("mirror", "lost its silver"),
    "天文台为什么关闭？": ("mirror", "never written"),
}
STRANGE = {"How do you bake sourdough bread?": ("x", "flour"), "谁赢得了象棋冠军？": ("y", "")}
DISTRACTORS = {
    f"other-{n}": f"Zone {n} of the market sells {n * 7} kinds of cheese." for n in range(5)
}


def as_lines(records: Sequence[Mapping[str, Any]]) -> str:
    """Return records as JSON, one a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def corpus_lines(documents: Mapping[str, str]) -> str:
    """Return documents, text by id, as the lines of a corpus."""
    return as_lines([{"_id": key, "text": text} for key, text in documents.items()])


def dataset(
    folder: Path, corpus: Mapping[str, str], questions: Mapping[str, tuple[str, str]]
) -> Path:
    """Write a set in BEIR's format; a question has one document and one answer."""
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(corpus_lines(corpus), encoding="utf-8")
    records = [
        {"_id": str(n), "text": text, "metadata": {"answers": [answer]}}
        for n, (text, (_, answer)) in enumerate(questions.items())
    ]
    (folder / "queries.jsonl").write_text(as_lines(records), encoding="utf-8")
    judged = (f"{n}\t{document}\t1\n" for n, (document, _) in enumerate(questions.values()))
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\n" + "".join(judged), encoding="utf-8"
    )
    return folder


ASKED: Sequence[Mapping[str, Any]] = [
    {
        "id": "1",
        "lang": "zh",
        "question": "奥尔姆大桥什么时候通车？",
        "gold": ["news/bridge.md"],
        "answers": ["六月一日"],
    },
    {
        "id": "2",
        "lang": "en",
        "question": "Why will the observatory close?",
        "gold": ["mirror"],
        "answers": ["lost its silver"],
    },
    {
        "id": "3",
        "lang": "en",
        "question": "How do you bake sourdough bread?",
        "answerable": False,
        "scope": "far",
    },
]
"""Questions of an archive that holds ``CORPUS`` as files."""


def question_file(path: Path, records: Sequence[Mapping[str, Any]] = ASKED) -> Path:
    """Write a question file."""
    path.write_text(as_lines(records), encoding="utf-8")
    return path


def archive(folder: Path, corpus: Mapping[str, str] = CORPUS) -> Path:
    """Write an archive of article files, each named by its id, in a folder ``news``."""
    (folder / "news").mkdir(parents=True)
    for name, text in corpus.items():
        head = f"---\ntitle: {name}\ndate: 2022-05-01\n---\n\n"
        (folder / "news" / f"{name}.md").write_text(f"{head}{text}\n", encoding="utf-8")
    return folder
