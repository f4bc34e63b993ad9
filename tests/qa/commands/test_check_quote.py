"""``newsquote check-quote`` on the example archive."""

import json
from pathlib import Path

import pytest

from tests.conftest import newsquote
from tests.program import Called, call

SAID = "我在去年12月说通胀是暂时的，那个判断是错的，责任在我。"


def checked(folder: Path, *args: str) -> Called:
    return call("check-quote", *args, cwd=folder)


def test_a_quotation_that_stands_is_verified_with_its_place(demo_index: Path) -> None:
    done = checked(demo_index, f"“{SAID}”")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"verified: “{SAID}”\n")
    assert "    维社中文网, 2022-05-12, paragraph 2, said by 塔罗; characters 95–122\n" in done.out
    assert "SHA-256" in done.out


def test_a_headline_is_told_to_be_one(demo_index: Path) -> None:
    title = "贝尔莫拉央行升息50个基点 行长承认误判通胀"
    done = checked(demo_index, f"《{title}》", "--source", "维社中文网", "--date", "2022-05")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[1:3] == [
        f"  — {title}",
        "    维社中文网, 2022-05-12, in the title, said by 行长; characters 0–22",
    ]
    done = checked(demo_index, title.replace("50", "75"), "--json")
    assert done.status == 1
    (place,) = json.loads(done.out)[0]["places"]
    assert (place["in_title"], place["paragraphs"]) == (True, [])
    assert place["article"]["title"][place["start"] : place["end"]] == place["text"]


def test_what_was_changed_is_marked(demo_index: Path) -> None:
    done = checked(demo_index, "那个判断不是错的，责任在我，央行下次议息会议定于6月30日举行")
    assert done.status == 1
    first, *lines = done.out.splitlines()
    assert first.startswith("stitched together: “那个判断不是错的")
    assert lines[0] == "  那个判断 {+不+} 是错的，责任在我"
    assert lines[1] == "  央行下次议息会议定于6月30日举行"
    assert lines[3].endswith("paragraphs 2, 7, said by 塔罗; characters 110–122, 314–331")
    assert len(lines) == 6  # both places are in one article, which is cited once
    done = checked(demo_index, "我在去年11月说通胀是暂时的，那个判断是错的")
    assert "  我在去年 [-12-]{+11+} 月说通胀是暂时的，那个判断是错的\n" in done.out


def test_programs_get_an_object_each(demo_index: Path) -> None:
    done = checked(demo_index, SAID, "--source", "雲洲社", "--json")
    assert done.status == 1
    (one,) = json.loads(done.out)
    assert one["verdict"] == "misattributed"
    assert one["claim"] == {"source": "雲洲社", "author": None, "since": None, "until": None}
    (place,) = one["places"]
    assert place["text"] == SAID.rstrip("。")
    assert place["article"]["source"] == "维社中文网"


def test_every_quotation_of_a_file_is_checked(demo_index: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"他说「{SAID}」，又说「我从来不读报纸」。", encoding="utf-8")
    done = checked(demo_index, "--file", str(draft))
    assert done.status == 1
    assert done.out.splitlines()[-1] == "2 quotations: 1 verified, 1 not found"


def test_a_text_is_read_from_standard_input(demo_index: Path) -> None:
    done = newsquote("check-quote", "-", cwd=demo_index, stdin=f"「{SAID}」")
    assert (done.returncode, done.stderr) == (0, "")
    done = newsquote("check-quote", "-", cwd=demo_index, stdin="No marks here.")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "There is no quotation in the text, as far as its quotation marks tell.\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--source", "雲洲", SAID], "'雲洲' is in the names of 2 sources"),
        (["--source", "nobody's", SAID], 'the archive has no source "nobody\'s"'),
        (["--date", "someday", SAID], "--date: expected a past date such as 2021"),
        (["word"], "expected a quotation of two words"),
        (["--file", "nowhere.md"], "No such file"),
    ],
)
def test_what_cannot_be_checked_is_told(demo_index: Path, args: list[str], message: str) -> None:
    done = checked(demo_index, *args)
    assert (done.status, done.out) == (2, "")
    assert message in done.err


def test_a_file_that_is_no_text_is_told(demo_index: Path, tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xfa")
    done = checked(demo_index, "--file", str(tmp_path / "bytes"))
    assert done.status == 2
    assert "expected a text in UTF-8" in done.err
