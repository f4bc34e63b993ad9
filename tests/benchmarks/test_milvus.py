"""What the comparison with milvus-lite makes up to ask about."""

from pathlib import Path

from benchmarks.milvus import make
from index.articles.files import read_article
from index.types import Article
from qa.measuring.evaluate import read_set


def test_made_questions_are_answered_by_the_article_that_they_name(tmp_path: Path) -> None:
    archive, (questions,) = make(tmp_path, passages=66, count=4)
    assert len([path for path in archive.rglob("*") if path.is_file()]) == 12
    asked = read_set(questions).questions
    assert len(asked) == 4
    for one in asked:
        (name,) = one.relevant
        article = read_article(archive / name, max_bytes=10**7)
        assert isinstance(article, Article)
        assert one.text.rstrip("?") in " ".join(article.text.split())
