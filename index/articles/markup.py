"""What writers and site generators put into Markdown besides Markdown: tags, shortcodes, callouts.

A page shows none of it, only the text in it. This is the table to extend when such marks get
through: one line a kind, with an example that the tests run. A pattern is searched line by line
(``^`` and ``$`` are those of a line); program text in fences and between backticks is left alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_LONGEST_TAG = 2000
"""Characters. What opens and does not close within so many is no tag."""

_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffee"
_ARGUMENT = r"[^%\n]{1,300}?"


@dataclass(frozen=True)
class Markup:
    """One kind of marks.

    :ivar kind: whose they are, for people.
    :ivar mark: characters without which the pattern finds nothing: what makes the search fast.
    :ivar pattern: regular expression for the marks.
    :ivar becomes: what stands in their place, as ``re.sub`` takes it.
    :ivar example: Markdown with such marks.
    :ivar text: the lines that a page shows of it, headings too.
    """

    kind: str
    mark: str
    pattern: str
    becomes: str
    example: str
    text: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern, re.MULTILINE)


# fmt: off
BLOCKS: tuple[Markup, ...] = (
    # Tags around what is no text. These come before program text is put aside, which they may hold.
    Markup("Liquid code", "{%", r"\{%-?\s*(highlight|codeblock|comment|mermaid|math|plantuml|echarts|chart)\b(?:(?!\{%-?\s*\1\b)[\s\S])*?\{%-?\s*end\1\b[^%\n]*%\}", "", "The tide.\n\n{% highlight ruby %}\nputs 'tide'\n{% endhighlight %}\n\nIt rises.", "The tide.\nIt rises."),
    Markup("Hugo code", "{{", r"\{\{[<%]\s*(highlight|mermaid|math|comment|chart|codes?|bilibili)\b[^}\n]*\}\}(?:(?!\{\{[<%]\s*\1\b)[\s\S])*?\{\{[<%]\s*/\s*\1\s*[>%]\}\}", "", "The tide.\n\n{{< mermaid >}}\ngraph LR; a-->b\n{{< /mermaid >}}\n\nIt rises.", "The tide.\nIt rises."),
    Markup("magazine box", "_START=", r"^=(TEXTBOX|CODE)_START=(?:(?!=\1_START=)[\s\S])*?=\1_END=[ \t]*$", "", "The tide.\n\n=CODE_START=\nputs 'tide'\n=CODE_END=\n\nIt rises.", "The tide.\nIt rises."),
    Markup("WordPress caption", "[caption", r"\[caption\b[^\]\n]*\](?:(?!\[caption\b)[\s\S])*?\[/caption\]", "", '[caption id="a" width="300"]<img src="a.jpg"> The pier in fog[/caption]\n\nIt rises.', "It rises."),
)
"""Marks whose content goes with them."""

MARKUPS: tuple[Markup, ...] = (
    # Hugo.
    Markup("Hugo shortcode", "{{", rf"(?:[ \t]+(?=\{{\{{[<%][^}}\n]*\}}\}}[.,;:!?]))?\{{\{{[<%/](?:(?!\{{\{{[<%/])[\s\S]){{0,{_LONGEST_TAG}}}?[>%/]\}}\}}", "", '{{% notice tip %}}\nThe tide rises, says {{< cite tables >}}.\n{{% /notice %}}\n\n{{< figure src="a.jpg" title="A > b" >}}', "The tide rises, says."),
    # Liquid (Jekyll), Nunjucks (Hexo and its themes), Tera (Zola): first tags that hold a text.
    Markup("Hexo post link", "post_link", rf"\{{%-?\s*post_link\s+\S+\s+(['\"]?)({_ARGUMENT})\1(?:\s+(?:true|false))?\s*-?%\}}", r"\2", "见{% post_link tides '海港的潮汐' %}一文。", "见海港的潮汐一文。"),
    Markup("Hexo label", "{%", rf"\{{%-?\s*label\s+\w*\s*@\s*({_ARGUMENT})\s*-?%\}}", r"\1", "{% label info@渡轮 %}今天停航。", "渡轮今天停航。"),
    Markup("Hexo coloured text", "{%", rf"\{{%-?\s*(?:p|span)\s+[^,%\n]{{0,80}},\s*({_ARGUMENT})\s*-?%\}}", r"\1", "{% span red, 渡轮 %}今天停航。", "渡轮今天停航。"),
    Markup("Hexo marked text", "{%", rf"\{{%-?\s*(?:u|emp|wavy|del|kbd|mark|psw|sup|sub)\s+({_ARGUMENT})\s*-?%\}}", r"\1", "{% emp 渡轮 %}今天停航。", "渡轮今天停航。"),
    Markup("Hexo link", "{%", rf"\{{%-?\s*link\s+({_ARGUMENT})(?:,\s*|\s+)https?://[^%\n]*%\}}", r"\1", "See {% link the tables, https://tide.example/ %} of the port.", "See the tables of the port."),
    Markup("Liquid tag", "{%", rf"(?:[ \t]+(?=\{{%[^%\n]*%\}}[.,;:!?]))?\{{%(?:[^%{{]|%(?!\}})|\{{(?!%)){{0,{_LONGEST_TAG}}}%\}}", "", "{% note info %}\nThe tide rises.\n{% endnote %}\n\nSee [the map]({% post_url 2021-05-06-map %}).", "The tide rises.\nSee the map."),
    Markup("Liquid value", "{{", r"(?:[ \t]+(?=\{\{[^{}\n]*\}\}[.,;:!?]))?\{\{[^{}\n]{0,300}\}\}", "", "The tide rises, says {{ page.author }}. See [the map]({{ site.url }}/map).", "The tide rises, says. See the map."),
    # Other tags that are written so are shown to readers.
    Markup("Liquid raw, as an entity", "&#123;%", r"&#123;%-?\s*(?:end)?raw\s*-?%\}", "", "&#123;% raw %}\n\nThe tide rises.\n\n&#123;% endraw %}", "The tide rises."),
    # WordPress.
    Markup("WordPress shortcode", "[", r"\[/?(?:gallery|embed|video|audio|playlist|youtube|vimeo|vc_\w+|et_pb_\w+|su_\w+|fusion_\w+)(?: [^\]\n]*)?\](?!\()", "", '[vc_column width="1/2"]The tide rises.[/vc_column]', "The tide rises."),
    # Free Software Magazine.
    Markup("magazine picture", "=\n", r"^=[A-Z_]{4,12}=[^\n]*=[ \t]*$", "", "=ZOOM=The tide rises=\n\nIt rises.", "It rises."),
    # Words for those who hear a page.
    Markup("new window", "(opens in", r"[ \u2060]?\(opens in (?:a )?new (?:window|tab)\)", "", "See [the table(opens in a new window)](https://tide.example/) of the port.", "See the table of the port."),
    # kramdown and Pandoc.
    Markup("kramdown contents", "{:", r"^[ \t]*(?:[-*+]|\d+\.)[ \t]+[^\n]{1,60}\n[ \t]*\{:\s*toc[^{}\n]*\}", "", "* Contents here\n{:toc}\n\nThe tide rises.", "The tide rises."),
    Markup("kramdown attributes", "{:", r"[ \t]*\{::?[^{}\n]{0,300}\}", "", 'The tide rises.\n{: .lead}\n\n[A map](map.html){:target="_blank"} shows it.', "The tide rises.\nA map shows it."),
    Markup("attributes of a box", "{.", r"^[ \t>]*\{\.[\w-]{1,40}(?: \.[\w-]{1,40}){0,4}\}[ \t]*$", "", "> The tide rises.\n{.is-info}", "The tide rises."),
    Markup("attributes of a span", "]{", r"\[([^\[\]\n]{1,300})\]\{[.#][^{}\n]{0,200}\}", r"\1", "The [tide]{.smallcaps} rises.", "The tide rises."),
    Markup("attributes of a link", "){", r"(?<=\))\{[^{}\n]{1,200}\}", "", "[A map](map.html){target=_blank .big} shows it.", "A map shows it."),
    Markup("attributes of a heading", "{", r"^(#{1,6} [^\n]{1,300}?)[ \t]*\{[#.][^{}\n]{0,200}\}", r"\1", "The tide.\n\n## What *is* next {#next}\n\nIt rises.", "The tide.\nWhat is next\nIt rises."),
    Markup("Markdown in HTML", "markdown=", r"^([ \t]*<\w+[^<>\n]* markdown=[\"']?\w+[\"']?[^<>\n]*>)", "\\1\n\n", '<div markdown="1">\nThe **tide** rises.\n</div>', "The tide rises."),
    Markup("abbreviation", "*[", r"^\*\[[^\]\n]{1,80}\]:[^\n]*$", "", "The tide rises.\n\n*[NHN]: normal height\n", "The tide rises."),
    Markup("definition", ": ", r"^:[ \t]{1,4}(?=\S)", "\n", "Ebb\n: The tide falls.", "Ebb\nThe tide falls."),
    Markup("table of contents", "]", r"^[ \t]*@?\[\[?_?(?:TOC|toc|Toc)_?\]?\][ \t]*$", "", "[TOC]\n\nThe tide rises.", "The tide rises."),
    # MDX, and components in any Markdown. An import may go over several lines; an export ends at a blank one.
    Markup("MDX import", "import", r"^import\s+(?:(?:[\w$*]+\s*,?\s*)?(?:\{[^{}]{0,2000}\}|\*?[\w$ ]*)\s*from\s*)?['\"][^'\"\n]+['\"][ \t]*;?[ \t]*$", "", "import {\n  Tide,\n} from '@site/src/tide';\n\nThe tide rises.", "The tide rises."),
    Markup("MDX export", "export", r"^export\s+(?:default|const|let|var|function|class|async)\b[^\n]*(?:\n[ \t]*\S[^\n]*)*", "", "export const meta = {\n  tide: 1,\n};\n\nThe tide rises.", "The tide rises."),
    Markup("MDX comment", "{/*", r"\{/\*(?:(?!\{/\*)[\s\S])*?\*/\}", "", "{/* to do:\n\n the ebb */}\n\nThe tide rises.", "The tide rises."),
    Markup("JSX component", "<", r"</?[A-Z][\w.]*(?=[\s/>])(?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*>", "", '<Video src="tide.mp4" onPlay={() => { play(1 > 0) }} />\n\n<Card title="Tide">The tide rises.</Card>', "The tide rises."),
    Markup("JSX attributes", "={", r"<([a-z][a-z0-9]*)\b(?:[^<>{}\"']|\"[^\"]*\"|'[^']*')*=\{(?:[^<>{}\"']|\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}|\})*?(/?)>", r"<\1\2>", "<span className={styles.tide} onClick={() => { rise() }}>The tide</span> rises.", "The tide rises."),
    Markup("JSX value", "{", r"\{(?:' '|\" \"|(?:props|frontMatter|metadata)\.[\w.]{1,80})\}", "", "The tide,{' '}\n{props.when}, rises.", "The tide, , rises."),
    # Boxes: Docusaurus and VuePress, Material for MkDocs, Obsidian and GitHub. A title that is a sentence stays.
    Markup("box between colons", ":::", r"^[ \t>]*:{3,}[^\n]*$", "", ":::tip Heads up\n\nThe tide rises.\n\n:::", "The tide rises."),
    Markup("box after marks", '"', r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+[\w -]{1,40}\"[^\"\n]*\"[ \t]*$", "\n", '!!! note "Heads up"\n    The tide rises.', "The tide rises."),
    Markup("box after marks", "!!! ", r"^[ \t]*!!![ \t]+[a-z -]{1,40}$", "\n", "!!! note\n    The tide rises.", "The tide rises."),
    Markup("callout with text", "[!", r"^([ \t>]*>[ \t]?)\[![\w|/ -]{1,40}\][-+]?(?:[ \t][^\n]{0,200}?[^\n.!?。！？])?[ \t]*\n(?=[ \t>]*>[ \t]*[^\s>])", "\\1\n", "> [!note]- Heads up\n> The tide rises.", "The tide rises."),
    Markup("callout", "[!", r"^([ \t>]*>[ \t]?)\[![\w|/ -]{1,40}\][-+]?[ \t]*", r"\1", "> [!note] The tide rises.", "The tide rises."),
    # Notes.
    Markup("footnote", "[^", r"^[ \t]*\[\^[^\]\n]{1,80}\]:[ \t]*", "\n", "The tide rises.\n\n[^1]: 见海港的潮汐表。\n[^2]: So says the table.", "The tide rises.\n见海港的潮汐表。\nSo says the table."),
    Markup("footnote mark", "[^", r"[ \t]?\[\^[^\]\n]{1,80}\]", "", "The tide[^1] rises. [^two]", "The tide rises."),
    # Obsidian, Roam, wikis.
    Markup("embedded note", "![[", r"!\[\[[^\]\n]{1,300}\]\]", "![](note)", "![[tide.png|300]]\n\nThe tide rises.", "The tide rises."),
    Markup("named wiki link", "[[", r"\[\[[^\[\]|\n]{1,300}\|([^\[\]\n]{1,300})\]\](?!\()", r"\1", "The [[Tides#Ebb|ebb]] has begun.", "The ebb has begun."),
    Markup("wiki link to another language", "[[", r"\[\[(?:zh|en|ru):([^\[\]|#\n]{1,300})\]\](?!\()", r"\1", "The [[en:ebb]] has begun.", "The ebb has begun."),
    Markup("wiki link", "[[", r"\[\[#?([^\[\]|#\n]{1,300})(?:#[^\[\]|\n]{0,300})?\]\](?!\()", r"\1", "The [[ebb#When]] has begun.", "The ebb has begun."),
    Markup("comment", "%%", r"(?<![\d%])%%(?!%)[\s\S]{1,2000}?%%", "", "%% to do %%\n\nThe tide rises.", "The tide rises."),
    Markup("marker pen", "==", r"(?<![=A-Za-z0-9])==(?=[^\s=])([^=\n]{1,500}?)(?<=\S)==(?![=A-Za-z0-9])", r"\1", "The ==high== tide rises.", "The high tide rises."),
    Markup("name of a block", "^", r"[ \t]\^[a-z0-9-]{4,40}[ \t]*$", "", "The tide rises. ^3f2a9c", "The tide rises."),
    Markup("box to tick", "[", r"^([ \t>]*(?:[-*+]|\d{1,3}[.)])[ \t]+)\[[ xX/-]\][ \t]+", r"\1", "- [x] The tide rises.", "The tide rises."),
    # Markdown that is not quite Markdown, as people write it.
    Markup("picture with a size", "![", r"!\[[^\[\]\n]{0,300}\]\([ \t]*([^()\s]{1,1000})[ \t]+[^()\"'\n]{0,100}\)", r"![](\1)", "![tide](tide.png =300x200)\n\nThe tide rises.", "The tide rises."),
    Markup("address with spaces", "](", r"(?<!!)\[([^\[\]\n]{1,300})\]\((?:(?:https?://|\.{0,2}/)[^()<>\"'\s]{1,500}[ \t][^()<>\"'\n]{1,500}|[^()<>\"'\n]{0,300}[ \t][^()<>\"'\n]{0,300}\.(?:html?|md|pdf|png|jpe?g))\)", r"\1", "[A map](the map.html) shows it.", "A map shows it."),
    Markup("wide brackets", "]（", r"!?\[([^\[\]\n]{1,300})\]（\s*https?://[^（）\s]{1,1000}\s*）", r"\1", "见[潮汐表]（https://tide.example/）。", "见潮汐表。"),
    Markup("quotation inside emphasis", "*>", r"^(\*{1,2})>[ \t]?(?=[^\s>*])", r"> \1", "*> The tide rises.*", "The tide rises."),
    Markup("line break above a quotation", "<br", r"^<br ?/?>[ \t]*\n(?=> ?\S)", "\n", "The tide rises.\n\n<br>\n> It falls at *night*.", "The tide rises.\nIt falls at night."),
    Markup("table before text", "</table>", r"</table>(?=[^\n<])", "</table>\n\n", "<table><tr><td>The tide table.</td></tr></table>## Today\n\nThe tide rises.", "The tide table.\nToday\nThe tide rises."),
    Markup("empty emphasis before a table", "****<", r"^\*{4}(?=<table\b)", "", "****<table><tr><td>The tide rises.</td></tr></table>", "The tide rises."),
    Markup("empty emphasis in a line", "****", r"(?<=[^\s*\\])\*{4}(?=[^\s*])", "", "0x05****潮水在海港的码头涨了。", "0x05潮水在海港的码头涨了。"),
    Markup("empty emphasis", "****", r"^((?:[^*\n]|\*\*[^*\n]+\*\*)+?)\*{4}[ \t]*$", r"\1", "潮水**昨天**涨了。****\n\n渡轮停航。", "潮水昨天涨了。\n渡轮停航。"),
    Markup("heading without space", "##", rf"^(#{{2,6}})(?=[0-9“《（【{_CJK}])", r"\1 ", "渡轮停航。\n\n##潮汐\n\n码头没有人。", "渡轮停航。\n潮汐\n码头没有人。"),
)
"""Marks alone: what stands between them is text. They apply in this order."""
# fmt: on

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}+|~{3,}+)[^\n`]*+\n(?:[\s\S]*?^[ \t>]*(?P=fence)[`~]*[ \t]*$|[\s\S]*\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE,
)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}((?:(?!\{%-?\s*raw\b)[\s\S])*?)\{%-?\s*endraw\s*-?%\}")
_PLACE = re.compile("\0([0-9]+)\0")


def without_markup(
    text: str, blocks: Iterable[Markup] = BLOCKS, markups: Iterable[Markup] = MARKUPS
) -> str:
    """Return Markdown without the marks of site generators.

    :param text: Markdown, lines ended by line feeds.
    :param blocks: marks that go with what is between them.
    :param markups: marks that go alone.
    """
    kept: list[str] = []

    def put_aside(piece: str) -> str:
        kept.append(piece)
        return f"\0{len(kept) - 1}\0"

    text = text.replace("\0", "")
    for block in blocks:
        if block.mark in text:
            text = block.compiled.sub(block.becomes, text)
    if "{%" in text:
        text = _RAW.sub(lambda found: put_aside(found[1]), text)
    if "`" in text or "~~~" in text:
        text = _CODE.sub(lambda found: put_aside(found[0]), text)
    for markup in markups:
        if markup.mark in text:
            text = markup.compiled.sub(markup.becomes, text)
    while kept and "\0" in text:  # what was put aside may hold what was put aside before
        text = _PLACE.sub(lambda found: kept[int(found[1])], text)
    return text
