"""Files as they are in the field: what programs, sites and people put around the text they publish."""

from typing import NamedTuple

import pytest

from index.articles.extract import extract


class Case(NamedTuple):
    """A file, and what is read of it."""

    name: str
    text: str
    title: str
    paragraphs: tuple[str, ...]


CASES = (
    Case(
        "bold-beside-colons.md",
        """---
title: 灯塔看守人
---

**问：**今年冬天哪一周雾最大？

**看守人：**一月第二周，灯亮了四天四夜。

- **油：**只剩七桶。
- **米（糙米）：**够吃九天。
""",
        "灯塔看守人",
        (
            "问：今年冬天哪一周雾最大？",
            "看守人：一月第二周，灯亮了四天四夜。",
            "油：只剩七桶。",
            "米（糙米）：够吃九天。",
        ),
    ),
    Case(
        "hugo.md",
        """---
title: Bees of the valley
---

The valley lost a third of its hives to the frost.

{{< picture src="/hives.jpg" title="Hives on 3 May" >}}

{{% box warning %}}
Keepers must count their hives before Friday.
{{% /box %}}

The keepers asked for help, according to {{< cite hives2022 >}}.
""",
        "Bees of the valley",
        (
            "The valley lost a third of its hives to the frost.",
            "Keepers must count their hives before Friday.",
            "The keepers asked for help, according to.",
        ),
    ),
    Case(
        "liquid.md",
        """---
title: The well
---
{% assign depth = site.data.wells | last %}

The well stood at nine metres on 1 May.

See [the old list]({% post_url 2019-05-01-wells %}) and [the plan]({{ site.root }}/plan.html).

{% raw %}The council expects rain in June.{% endraw %}
""",
        "The well",
        (
            "The well stood at nine metres on 1 May.",
            "See the old list and the plan.",
            "The council expects rain in June.",
        ),
    ),
    Case(
        "aside.html",
        "<html><head><title>Choir sails</title></head><body><div class='cookies'>We use cookies to know you. "
        "Accept all of them.</div><aside class='content'><h1>Choir sails</h1><p>The choir will sing on nine ships "
        "in June, its master said.</p><p>Seats cost four crowns.</p><p>It last sailed in 2011.</p></aside></body></html>",
        "Choir sails",
        (
            "The choir will sing on nine ships in June, its master said.",
            "Seats cost four crowns.",
            "It last sailed in 2011.",
        ),
    ),
    Case(
        "linked-items.html",
        "<html><head><title>New pilots</title></head><body><article><p>The new pilots were named on Monday.</p><ul>"
        "<li><a href='/a'>Jo Hall, pilot of the north pier</a></li><li><a href='/b'>Mara Vell, pilot of the south pier"
        "</a></li></ul><p>They begin in June.</p></article></body></html>",
        "New pilots",
        (
            "The new pilots were named on Monday.",
            "Jo Hall, pilot of the north pier",
            "Mara Vell, pilot of the south pier",
            "They begin in June.",
        ),
    ),
    Case(
        "wire.html",
        "<html lang='en'><head><title>Pier opens</title></head><body><article><p>The pier opened on Friday, the town "
        "said.</p><p>Advertisement</p><p>Sign up for our morning newsletter</p><p>The builder said it took a year.</p>"
        "<p>Share on Twitter</p><p>Photograph: Jo Hall/Kern Gazette</p><p>(Reporting by Jo Hall; Editing by Mara Vell)"
        "</p><p>Our Standards: The Gazette Principles.</p><p>Follow us on Twitter @gazette</p></article></body></html>",
        "Pier opens",
        ("The pier opened on Friday, the town said.", "The builder said it took a year."),
    ),
    Case(
        "wechat.md",
        """---
title: 盐田的秋天
---
<div id="js_content"><p>点击上方<span>蓝字</span>关注盐田</p><section><p>盐田在十月停工，工人改去北边的码头。</p></section>
<p>盐工老赵说，这是十年来头一回。</p><p>— END —</p><p>点个“在看”，让更多人看到</p><p>喜欢此内容的人还喜欢</p>
<p>微信扫一扫<br>关注该公众号</p><p>阅读原文</p><p>预览时标签不可点</p><p>向上滑动看下一个</p>
<p>*文章为作者独立观点，不代表盐田立场</p></div>
""",
        "盐田的秋天",
        ("盐田在十月停工，工人改去北边的码头。", "盐工老赵说，这是十年来头一回。"),
    ),
    Case(
        "translated.md",
        """[#]: subject: "Two ropes"
[#]: via: "https://pier.example/two-ropes"
[#]: author: "Jo Hall https://pier.example/jo"

两种缆绳
======

水手每天用麻绳和钢缆。

------------------------------------------------------------------------------

via: https://pier.example/two-ropes

作者：[Jo Hall][a]
译者：[某乙](https://github.example/y)

本文由 [某社](https://github.example/z) 原创编译，[某网](https://cn.example/) 荣誉推出

[a]: https://pier.example/jo
""",
        "两种缆绳",
        ("水手每天用麻绳和钢缆。",),
    ),
    Case(
        "table.md",
        "---\ntitle: 鱼价\n---\n\n码头公布了鱼价。\n\n| 鱼 | 价 | 船 |\n| --- | --- | --- |\n| 鲭 | 上涨 | 两艘 |\n",
        "鱼价",
        ("码头公布了鱼价。", "鱼 价 船", "鲭 上涨 两艘"),
    ),
    Case(
        "第九期.md",
        "---\ndate: 2023-06-19\n---\n\n<img src='a.jpg' width='800' />\n\n这一周码头换了新灯。\n\n## 船\n\n来了两艘。\n\n"
        "## 杂项\n\n船长种菜。\n",
        "第九期",
        ("这一周码头换了新灯。", "来了两艘。", "船长种菜。"),
    ),
    Case(
        "port.mdx",
        "---\ntitle: Port\n---\nimport Box from '@site/src/Box';\n\n<Box title='Hi'>\n\nThe port took ninety ships.\n\n"
        "</Box>\n\n:::tip Heads up\n\nThe pier is closed on Sunday.\n\n:::\n\n{/* to do */}\n",
        "Port",
        ("The port took ninety ships.", "The pier is closed on Sunday."),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_of_the_field_reads_as_it_should(case: Case) -> None:
    extraction = extract(case.text, case.name)
    assert extraction.title == case.title
    assert tuple(paragraph.text for paragraph in extraction.paragraphs) == case.paragraphs
