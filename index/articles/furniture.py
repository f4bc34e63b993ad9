"""What a site's furniture looks like: captions, credit lines, advertisements, related reading.

This is the table to extend when something that is no part of an article gets through: one line a
rule, with an example that the tests run. ``place`` says what the pattern must match, in full unless
it says otherwise, in upper or lower case:

``element``  a token of an HTML element: ``tag``, ``.class``, ``#id``, ``tag.class`` or
             ``data-draft-type=value``; the element is dropped with all that is in it
``line``     the text of a paragraph or heading; it is dropped
``address``  the text of a paragraph that holds an address (``://`` or ``@``); it is dropped
``tags``     the text of a paragraph that holds ``#`` or ``|``; it is dropped
``phrase``   any part of a line of at most 80 characters, case told apart; the line is dropped.
             Each alternative begins with a plain character: that is what makes the search fast
``caption``  the text of a paragraph that directly follows a picture; it is dropped
``first``    the first paragraph; it is dropped
``last``     a paragraph after which no other stays; it is dropped
``note``     likewise, of those that are all in italics
``related``  a line that heads a list of other articles; it is dropped with the list
``closing``  a short line near the end; it is dropped with all that follows
``ending``   a line; it is dropped with all that follows

Of ``line``, ``related``, ``ending``, ``first`` and ``last`` only those alternatives (between bars outside brackets) are tried
that name words of the line's script, or no words. So each script has alternatives of its own, and a word
that may be missing stands in a class: ``[第]?``. Of those for Chinese, only what may begin as the line does
is tried, where ``index.articles.patterns`` can tell: it cannot of ``.{0,9}`` or ``[^。]{0,9}`` at the start.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias, get_args

from index.articles.patterns import (
    HAN,
    LETTERS,
    alternatives,
    begin,
    begins,
    is_for,
    without_groups,
)

Place: TypeAlias = Literal[
    "element",
    "line",
    "address",
    "tags",
    "phrase",
    "caption",
    "first",
    "last",
    "note",
    "related",
    "closing",
    "ending",
]
PLACES: tuple[Place, ...] = get_args(Place)

_LONGEST_LINE, _LONGEST_WITH_PHRASE, _LONGEST_WITH_MARK = 400, 80, 4000
"""Characters. A mark is what an address or a list of tags holds."""

_NEVER = r"(?!)"
"""A pattern that nothing matches."""

_CLASS_OF_TAGS = re.compile(r"\(?([a-z0-9|]+)\)?\\\.")
"""How a pattern begins that is of a class of one tag, or of several."""
_BEGINS_WITH_LETTER = re.compile(r"\W{0,4}[A-Za-z\u0400-\u04ff0-9]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is no part of an article.

    :ivar kind: what it is, for people; only ``"paywall"`` and ``"caption"`` mean something to the
        program: the article is a stub, and the picture before it has its caption.
    :ivar pattern: regular expression for what ``place`` names.
    :ivar example: HTML that this rule, and no other, keeps out of the paragraphs.
    """

    place: Place
    kind: str
    pattern: str
    example: str


_CREDITED = "编辑|編輯|主编|主編|责编|責編|校对|校對|审校|審校|审核|審核|校译|译者|譯者|翻译|翻譯|编译|編譯|监制|監製|统筹|作者|撰文|采写|採寫|摄影|攝影|排版|制图|製圖|图表|圖表|美编|美編|供图|来源|來源|出处|出處"
_RELATED = "相关阅读|推荐文章|(点击)?回顾往期(精彩|内容)?|参考来源|相關閱讀|相关文章|相關文章|相关报道|相關報導|相關報道|相关新闻|相關新聞|相关图集|相关链接|相關連結|延伸阅读|延伸閱讀|延伸文章|推荐阅读|阅读推荐|推薦閱讀|推薦文章|更多阅读|拓展阅读|往期回顾|往期推荐|往期文章|热门文章|更多文章|猜你喜欢|往期精彩|精彩回顾|近期热文|热门推荐|大家都在看|相关推荐|相關推薦|你可能(还|還|也)?(会|會)?(喜欢|喜歡|感兴趣)|为你推荐|編輯推薦|编辑推荐|喜欢此内容的人还喜欢|更多精彩(内容|文章)?"
_DISCLAIMER = r"(?=[^仅只僅]{0,60}[仅只僅])[^。]{0,60}(仅供|只供|僅供|仅限|仅用于|仅提供)[^。]{0,16}(学习|學習|研究|交流|参考|參考|测试)[^。]{0,60}[。，；,;].{0,240}(后果|後果|责任|責任|负责|承担|损失|删除|刪除).{0,120}|(请勿|請勿|切勿)(利用|使用|将)[^。]{0,80}(从事|用于|开展|进行)[^。]{0,40}(非法|违法|未授权|犯罪).{0,300}|.{0,30}(拥有|保留)对(此|本)文章的?[^。]{0,12}(修改|解释)[^。]{0,12}权.{0,300}|[^。]{0,20}由于(传播|使用|利用)[^。]{0,60}(后果|损失)[^。]{0,120}(负责|承担).{0,120}|.{0,120}(侵权|侵犯|敏感信息)[^。]{0,40}(联系|告知|通知)[^。]{0,20}(删除|处理|撤下).{0,120}|(?=[^仅]{0,90}仅).{0,40}(工具|脚本|文章|技术|内容|资料|代码|信息)[^。]{0,30}仅(用作|用于|供|限|作)[^。]{0,30}(学习|研究|交流|参考|测试|娱乐)[^。]{0,40}(禁止|请勿|不得|不能|如有|切勿|严禁).{0,240}|(如果|若|如)[^。]{0,40}(侵犯|侵权|侵害)[^。]{0,80}(通知|联系|告知|删除|删文|私聊).{0,120}|.{0,12}本(篇)?文章?[^。]{0,20}旨在[^。]{0,60}(学习|研究|交流|参考|信息).{0,240}(切勿|请勿|不得|禁止).{0,80}"
_AND_ITS_TITLE = r"[】\])）]?\s*([:：|｜].{0,80})?"
"""What may follow the name of a list; a title, if the list has only one."""

_TAGS = "标签|標籤|标籤|標簽|关键词|關鍵詞|关键字|關鍵字|主题词|主題詞|分类|分類"
_TAGS_IN_LETTERS = "(hash)?tags?|tagged( with)?|key ?words?|filed (under|in)|posted (under|in)|categor(y|ies)|теги?|метки|хештеги|ключевые слова|рубрики?|категори[яи]"
_TAG_MARKS = "，,、;；/|｜#＃·"
_TAG = rf"[^\s{_TAG_MARKS}:：。！？!?…]{{1,30}}( [^\s{_TAG_MARKS}:：。！？!?…]{{1,30}}){{0,5}}"
"""A tag: up to six words, so that it is no sentence."""
_TAGGED = (
    rf"[】\])）]?\s?[:：|｜]\s?[#＃]?{_TAG}(\s?[{_TAG_MARKS}]+\s?{_TAG})*[{_TAG_MARKS}]?(?<!\.)"
)
_ENTRY = r"([^\W\d_a-z\u00df-\u052f]{1,8}|[a-z\u00df-\u052f&'’.+-]{1,20}( [a-z\u00df-\u052f&'’.+-]{1,20}){0,2})"
"""An entry of a menu: a short word of Chinese, or up to three words in letters."""
_LONGER_ENTRY = r"[^\W\d_][^\s|｜，。！？：；、…]{0,14}"
"""An entry where there are many; numbers are a table's."""
_FIRST_ENTRY = "(网站)?首页|首頁|主页|主頁|登录|登入|分享|打印"
_FIRST_ENTRY_IN_LETTERS = (
    "home( ?page)?|menu|share|print|log ?in|sign in|skip to (main )?content|главная( страница)?"
)
_MORE_ENTRIES = rf"(\s?[|｜·•/／]\s?{_ENTRY}){{2,}}"
_WAY_DOWN = r"\s?([›»>][^›»>。！？]{1,60}+)+"

# fmt: off
RULES: tuple[Rule, ...] = (
    # Any page: what HTML itself marks as no text.
    Rule("element", "page", r"nav|header|footer|aside|menu", "<nav>首页 / 本地</nav>"),
    Rule("element", "page", r"form|button|select|textarea|input|dialog", "<button>展开全文内容</button>"),
    Rule("element", "page", r"head|title|script|style|template|noscript|svg|math|object|canvas", "<noscript>请启用脚本。</noscript>"),
    Rule("element", "page", r"iframe|video|audio|embed|map", "<video>浏览器不支持视频。</video>"),
    Rule("element", "page", r"\.(screen-reader-text|visually-?hidden|sr-only)|\..*VisuallyHidden.*", '<p class="css-1f-VisuallyHiddenText">图像加注。</p>'),  # BBC
    Rule("element", "caption", r"figcaption|caption", "<figcaption>小镇的广场。</figcaption>"),
    Rule("element", "menu", r"\.(nav|navbar|navigation|main-?nav|site-?nav|breadcrumbs?)(-\w+)?", '<ul class="nav-op"><li>海港的频道。</li></ul>'),
    Rule("element", "comments", r"#(comments?|respond|disqus_thread)|\.comments?-(area|list|section|body|content|respond)|\.commentlist|\.comments|\.(\w+-)?comments?-(widget|wrapper|container|thread|box)|\.xenforo-comment.*|\.add-?comments?|\.disqus.*", '<div class="comments-area"><p>读者说：渡轮太慢。</p></div>'),  # WordPress
    # Captions by class.
    Rule("element", "caption", r"\.img_descr", '<div><span class="img_descr">市长在码头。</span></div>'),  # Sina
    Rule("element", "caption", r"\.picinfo", '<div class="picinfo">碼頭一景。</div>'),  # CNA
    Rule("element", "caption", r"\..*image-capture", '<p class="image-capture">桥头的灯。</p>'),  # allnow
    Rule("element", "caption", r"\.(?!has-|with-|no-|show-|ui-|g-)([\w-]+[-_])?captions?([-_]{1,2}[\w-]+)?|\.[\w-]*(image|photo|picture|media|figure|embed)Captions?", '<div class="caption-full">船长在码头。</div>'),  # Hearst, CNBC, CTV
    Rule("element", "caption", r"\.captionlink|\.hst-resgallery.*|\.featured-video", '<p class="captionlink">图片的说明，请点开看。</p>'),  # Hearst, Fox
    Rule("element", "caption", r"\.ai2html.*|\.g-(artboard|aiAbs)", '<div class="g-artboard"><p>Others 7.52.</p></div>'),  # charts, nei.st
    # Advertisements.
    Rule("element", "page", r"[.#](?!tag-|category-).*(cookie|gdpr|consent).*", '<div class="cookie-bar">接受后可继续浏览。</div>'),
    Rule("element", "advertisement", r"#dfp-.*|#innity-.*|#imu|\.dfp-.*", '<div id="dfp-ad-imu1">赞助内容。</div>'),  # Zaobao
    Rule("element", "advertisement", r"\.ads?[_-].*|\.advert.*|\.adsbygoogle|\.code-block", '<div class="ads_x1">特价促销。</div>'),  # nei.st
    Rule("element", "advertisement", r"\..*self-promo.*|\.m-interstitial.*", '<div class="o-self-promo--app">下载应用。</div>'),  # RFI
    Rule("element", "advertisement", r"[.#](outbrain|taboola|zergnet|mgid|criteo|nativo|trc_|mc_embed|mailmunch|optin)([-_]?\w.*)?|\.sponsor(ed|s|ship)?([-_]\w.*)?|\.promo(-(box|block|banner|module|unit|text|link|item|wrap)([-_]?\w.*)?)?", '<div class="sponsored-box">请坐渡轮，请住灯塔。</div>'),
    Rule("element", "promotion", r"[.#]newsletter[-_](?!article|post|content|body|issue|template)\w.*(?<!content)|[.#]([\w-]+[-_])?(newsletter|sign-?up|subscribe|subscription|optin)[-_](form|box|cta|promo|module|banner|widget|block|wrap|prompt|button|footer|text|link|inline)([-_]?\w.*)?|\.subscribe|\.signup", '<div class="newsletter-signup-text">喜欢海港的文章吗？</div>'),
    Rule("element", "promotion", r"\.feedback([-_](message|prompt|link|form|box).*)?|\..*-survey|\.(estimated-)?read(ing)?-time.*", '<p class="feedback-message">这一页好读吗？请告诉我们。</p>'),
    Rule("element", "page", r"\.modal-?(window|dialog|box)|\.pop-?up[-_](window|box|content|overlay|dialog|wrap).*", '<div class="modalWindow">您要离开海港吗？请选一个。</div>'),
    Rule("element", "notice", r"\.([\w-]+[-_])?disclaimer([-_]\w.*)?", '<div class="article-disclaimer">意见是作者自己的。</div>'),
    Rule("element", "promotion", r"\.appendQr_.*|\.qr-?code.*", '<div class="appendQr_wrap">资讯尽在应用。</div>'),  # Sina
    Rule("element", "promotion", r"\.BarrierFailsafe.*|\.css--lede.*", '<div class="BarrierFailsafe__body">风高浪急，请看别处。</div>'),  # nei.st
    # Pay walls.
    Rule("element", "paywall", r"\.article-microtransaction|\.cta-subscribe|\.paywall.*", '<div class="cta-subscribe">请登录。</div>'),  # Zaobao
    # Other articles.
    Rule("element", "related", r"\.jp-relatedposts|\.([\w-]+[-_])?related-?.*|\.article-relation", '<div class="article-relation"><p>另一篇文章。</p></div>'),  # iYouPort, cnBeta
    Rule("element", "related", r"[.#]([\w-]+[-_])?recirc.*|[.#](recommended|trending|most-?(read|popular|viewed)|you-?may|read-?(next|also)|up-?next)([-_]?\w.*)?|\.(more|other|latest|popular|top|also)-(stories|articles|news|posts|from|in|on)([-_]\w.*)?", '<div class="content-recirculation"><p>海港别的消息。</p></div>'),
    Rule("element", "related", r"[.#](left-|right-|page-|primary-)?sidebar|\.widget_(?!_)\w+|\.textwidget", '<div class="widget_text"><p>本站还有渡轮的时刻。</p></div>'),  # WordPress
    Rule("element", "related", r"\.hatnote|\.navbox.*|\.authority-control|\.mw-editsection|\.header__(nav|channels?)([-_].*)?", '<div class="hatnote">这一条讲海港，别的见海。</div>'),  # Wikipedia, Forbes
    Rule("element", "related", r"\.single-story-module.*|\..*siblings-list.*", '<div class="single-story-module"><p>一期专刊。</p></div>'),  # nei.st
    Rule("element", "related", r"section\.collection", '<section class="jsx-1 collection"><ul><li>别的专题。</li></ul></section>'),  # nei.st
    Rule("element", "related", r"\.view-more", '<div class="view-more"><a href="/q">去看讨论。</a></div>'),  # Zhihu
    Rule("element", "related", r"data-draft-type=link-card|\.link-?card", '<a data-draft-type="link-card" href="/x">另一个问题的答案。</a>'),  # Zhihu
    # Who wrote it, where it is filed, how to share it.
    Rule("element", "author", r"\.author-?(wrap|bio|info|box)|\.(saboxplugin|abh_|m-a-box|starbox).*|\.about-(the-)?author|\.entry-author.*|\.byline|\.(article|story|post)[-_]{1,2}(author|byline|meta)s?([-_]\w.*)?|\.js-postMetaLockup", '<div class="author-wrap">某某的专栏。</div>'),  # allnow, iYouPort, nei.st
    Rule("element", "author", r"\..*-Person", '<ul class="css-pu-Person"><li>某某记者。</li></ul>'),  # BBC
    Rule("element", "author", r"\.submitted|\.field-name-author|\.cboxes", "<div class='submitted'>某某在 星期四, 05/06/2021 - 07:08 提交</div>"),  # Drupal, ChinaFile
    Rule("element", "author", r"\.(?!has-|with-|no-)[\w-]*byline([-_]\w.*)?|\.(author|contrib(utor)?)s?[-_]{1,2}(name|bio|byline|description|details|profile|card|block|about|wrapper)([-_]\w.*)?|\.[\w-]+-contrib-block|\.(bio|authors)([-_](text|box|block|wrapper).*)?", '<p class="g-byline">某某与某某报道。</p>'),  # New York Times, Forbes, Snopes
    Rule("element", "credit", r"\.article-editor|\.show_author", '<p class="article-editor">本版由王五负责。</p>'),  # Sina
    Rule("element", "title", r"\.ori_titlesource|p\.title|p\.column", '<p class="title">题目在这里。</p>'),  # Sina, allnow
    Rule("element", "footer", r"\.entry-(meta|footer)|\.(post|article)-?tags|\.tags|\.tag-?(list|cloud|links|box)|\.cat-links|\.(\w+__)?rubric|\.bottom-info", '<div class="entry-meta">归档于社会。</div>'),  # WordPress
    Rule("element", "timestamp", r"p\.((post|entry|article|news|publish|pub)[-_]?)?(date|datetime|time|timestamp)", '<p class="datetime"><em>2021-05-06 - 海港网</em></p>'),
    Rule("element", "share", r"\.sharedaddy|\.sd-.*|\.share-.*|\.social-.*", '<div class="sharedaddy">分享给朋友。</div>'),  # WordPress

    # Lines of the page, not of the article.
    Rule("line", "page", r"Array|图片|【T\d", "<p>Array</p>"),  # template slips of the mirror
    Rule("line", "separator", r"[\W_]+", "<p>———</p>"),
    Rule("line", "separator", r"[第]?[0-9０-９]{1,2}[.、．]?\*{0,4}|[（(][0-9０-９]{1,2}[)）]|[一二三四五六七八九十]{1,3}[、.]?|[IVX]{1,5}[.、]?|Part \w{1,5}", "<p>02</p>"),  # section numbers
    Rule("line", "timestamp", r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?\s?(Z|[+-]\d\d:?\d\d)?", "<p>2021-05-06T07:08:09Z</p>"),  # Reuters, DW
    Rule("line", "player", r"00?:00(\s?/ ?[\d:]{4,8})?|\d[\d:]{3,7}\s?/\s?\d[\d:]{3,7}", "<p>00:00 / 03:21</p>"),
    Rule("line", "player", r"loading( \w+){0,2}\s?(…|\.{3})|загрузка\s?(…|\.{3})|加载中\s?(…+|\.{3})?|正在加载\s?(…+|\.{3})?", "<p>Loading samples…</p>"),
    Rule("line", "timestamp", r"\d{1,2}[/.]\d{1,2}[/.]\d{4}( - \d\d:\d\d)?", "<div>10/09/2021 - 10:53</div>"),  # RFI
    Rule("line", "timestamp", r"(发布|發布|发表|更新|修改|首发)(时间|時間|日期|于)?[:： ].{0,12}(\d{4}|\d\d年).{1,20}", "<p>更新时间：2021年5月6日 7:08</p>"),
    Rule("line", "timestamp", r"\d{1,2} (sec|second|min|minute|hr|hour|day|week|month)s? ago|\d{1,2} (секунд|минут|час|дн|недел)\w* назад|\d{1,2}\s?(分钟|小时|天|分鐘|小時)前", "<p>9 Hrs Ago</p>"),
    Rule("first", "timestamp", r"((mon|tues|wednes|thurs|fri|satur|sun)day,? )?(january|february|march|april|may|june|july|august|september|october|november|december|jan\.?|feb\.?|mar\.?|apr\.?|jul\.?|aug\.?|sept?\.?|oct\.?|nov\.?|dec\.?) \d{1,2}, \d{4}(,? \d{1,2}:\d\d( ?[ap]\.?m\.?)?( [a-z]{2,4})?)?|\d{4}-\d\d-\d\d|\d{4}年\d{1,2}月\d{1,2}日(\s*(星期.|周.))?(\s*\d{1,2}[:：]\d\d)?", "<time>2021年5月6日</time>"),  # BBC
    Rule("address", "link", r"((https?://|www\.)[!-~]++[\w）】。]{0,8}\s*)+", "<p><a>https://example.org/a</a></p>"),
    Rule("address", "promotion", r"[^。！？!?，,]{0,30}(👉|👇|➤|instagram|facebook|IG|臉書|twitter|patreon|telegram|youtube|discord|首頁|主页|訂閱|購買|購課|購課連結|課金|打赏|support).{0,20}https?://[!-~]+\s*", "<p>海港的首頁：https://a.example/b</p>"),  # video texts, Matters
    Rule("address", "link", r"(?>[^。！？!?]{0,40}?https?://[!-~]++\s*){2,}+.{0,40}", "<p>网页在 https://a.example/ 相册在 https://b.example/</p>"),  # video texts
    Rule("address", "related", r".{0,10}(视频推荐|系列视频内容)[:：].{0,1500}", "<p>火热视频推荐：海港为何结冰？https://a.example/b</p>"),  # video texts
    Rule("address", "promotion", r"[^。！？]{0,40}(合作|联系|聯繫|聯系|邮箱|郵箱|方式)\W{0,3}[\w.+-]+@[\w.-]+.{0,30}", "<p>聯繫：someone@mail.example</p>"),  # Matters, video texts
    Rule("address", "promotion", r"[^。！？!?，,]{0,30}(粉丝|粉絲)?(专页|專頁|赞助连结|贊助連結|赞助链接)\s?[:：]\s?https?://[!-~]+\s*|(patreon|lbry|mewe|odysee|rumble|minds|plurk|threads|mastodon)\s?([(（][^()（）]{1,8}[)）])?\s?[:：]\s?https?://[!-~]+\s*", "<p>海港的粉絲專頁：https://pages.example/quay</p>"),
    Rule("address", "promotion", r"(【[^】]{1,8}】)?(喜欢|喜歡)[^。]{0,12}[请請]支持[^。]{0,16}(频道|頻道)\s?[:：]\s?https?://[!-~]+\s*|(参加|參加|加入)[^。]{0,16}(粉丝团|粉絲團|会员|會員)[^。]{0,20}[:：]\s?https?://.{0,3000}", "<p>【介绍】喜欢海鸥请支持小海频道：https://a.example/b</p>"),  # video texts
    Rule("address", "promotion", r"[✪☞★☆]\s?(e-?mail|website|subscribe|instagram|facebook|tiktok|tittok|twitter)\s?[:：].{0,3000}|[♥❤💗💕]+.{0,4}(关于|關於).{300,4000}|[^。]{0,40}扫码.{0,300}打赏.{0,1500}", "<p>✪ Website: https://quay.example 海港的日子。每天都有渡轮的新消息。</p>"),  # video texts
    Rule("address", "promotion", r"(一起|欢迎|歡迎)?(来|來|加入)[^。！？]{2,30}(频道|頻道|社群|群组|群組)[^。！？]{0,16}\s?https?://[!-~]+\s*", "<p>一起來「海港頻道」即時交流 https://a.example/b</p>"),  # Matters
    Rule("line", "link", r"【?((facebook|facbook|mastodon|twitter|meta|medium|vocus|matters|potato|liker social|instagram|ig|telegram|youtube|discord|x)\s*+[｜|／/、,，]?\s*){2,}】?", "<p>【Twitter｜Medium｜vocus】</p>"),  # Matters
    # Tags and menus.
    Rule("tags", "footer", r"([^\w\s#＃]{1,3}\s?)?([#＃][^\s#＃:：，,、。！？!?;；|｜·•]{1,40}+[#＃]?[\s，,、;；|｜·•]*+){2,}", "<p>#天气 #海港</p>"),  # hashtags
    Rule("tags", "footer", rf"([|｜]\s?)?({_ENTRY}\s?[|｜]\s?){{2,}}({_ENTRY})?", "<p>天气|海港|渡轮时刻</p>"),  # video texts
    Rule("tags", "footer", rf"({_LONGER_ENTRY}[|｜]){{5,}}({_LONGER_ENTRY})?", "<p>雾|海港|渡轮|渡轮停航三天以后的码头|灯塔|风</p>"),  # video texts
    Rule("line", "footer", rf"\W{{0,4}}(本文|文章)?({_TAGS}){_TAGGED}", "<p>标签：天气、海港、渡轮</p>"),
    Rule("line", "footer", rf"\W{{0,4}}({_TAGS_IN_LETTERS}){_TAGGED}", "<p>Tags: fog, harbour</p>"),
    Rule("line", "menu", rf"({_FIRST_ENTRY}){_MORE_ENTRIES}", "<p>首页 · 海港 · 联系我们</p>"),
    Rule("line", "menu", rf"({_FIRST_ENTRY_IN_LETTERS}){_MORE_ENTRIES}", "<p>Home · Harbour · Contact us</p>"),
    Rule("line", "menu", rf"({_FIRST_ENTRY}){_WAY_DOWN}|(当前|您的|你的|您现在的)位置[:：]?\s?({_FIRST_ENTRY}|{_FIRST_ENTRY_IN_LETTERS}){_WAY_DOWN}", "<p>当前位置：首页 > 海港 > 渡轮停航三天</p>"),
    Rule("line", "menu", rf"(you are here[:：]?\s?)?({_FIRST_ENTRY_IN_LETTERS}){_WAY_DOWN}", "<p>Home > Harbour > The ferry in three days</p>"),
    Rule("line", "page", r"查看知乎讨论|举报[/／]反馈|(您的|你的|该|该).{0,4}(设备|浏览器)不支持.*|警告：.{0,12}(网站|内容)可能含有广告|(结尾|跳过) ?\S+ ?帖子.*", "<p>查看知乎讨论</p>"),  # Zhihu, Sina, BBC
    Rule("line", "page", r"[\w-]{1,60}\.(jpe?g|png|gif|webp|bmp)", "<p>harbour_841.jpeg</p>"),  # Drupal
    Rule("line", "timestamp", r"[(（]?(更新|抓取|采集|生成)?时间戳\s?[:：]\s?\d{10,13}[)）]?", "<p>(更新时间戳: 1620284889000)</p>"),
    Rule("line", "page", r"(source link ?)?\[/?[a-z][a-z_]{1,30}( [a-z_]{1,20}=['‘’“”][^'‘’“”\[\]]{0,60}['‘’“”]){1,6} ?/?\]|source link|\[email.protected\]", "<p>[the_buoy id='7']</p>"),  # WordPress

    # The original's title.
    Rule("line", "title", r"[（(]?原(标题|標題|题|文标题)[:：].*", "<p>原标题：海港有雾</p>"),  # Sina

    # Credits that stand alone.
    Rule("line", "credit", rf"(?=.{{2,8}}?[:：/／|｜丨])[（(【\[]?\S{{0,4}}({_CREDITED})\s?[:：/／|｜丨]\s?[^。？！?!]{{1,60}}", "<p>责任编辑：王五</p>"),  # Sina and others
    Rule("line", "credit", rf"[（(【\[]\s*(记者|記者|{_CREDITED})\s?\S[^。？！?!]{{1,60}}[)）】\]]", "<p>（编译 王五、赵六）</p>"),  # Reuters, CNA
    Rule("line", "credit", r"(文|图|圖|译|譯|记者|記者|图文|口述|整理)\s?[/／|｜丨]\s?\S.{0,30}", "<p>文／王五</p>"),
    Rule("line", "credit", r"记者[:：]\s?\w{2,4}([ 、，]\w{2,4}){0,4}", "<p>记者：王五 赵六</p>"),
    Rule("line", "credit", r"(图片|圖片|图|圖|题图|題圖|封面图?|头图|首图|視頻|视频)(来源|來源|来自|來自|源|版权)\s?[:：/／|｜丨]?.{0,60}|图片\s?[:：]\s?\S{1,20}|(题图|題圖|封面图?|头图|首图)\s?[:：].{0,60}", "<p>题图来自档案馆</p>"),
    Rule("line", "credit", r"(Translated|Edited|Written|Photo(graph)?s?|Illustrations?|Images?)( courtesy)? (by|of|via) .{2,80}", "<p>Translated by A. Nobody</p>"),  # Medium
    Rule("line", "credit", r"[（(—\-【\s]*(全文|本文)?完[)）—\-】\s]*", "<p>（完）</p>"),
    Rule("line", "credit", r"[—–－(（\[【…·.\s-]{0,9}(未完待[续續]|[不持][断斷续續]更新中|to be continued)[—–－)）\]】…·.\s-]{0,9}", "<p>—— 未完待续 ——</p>"),
    Rule("line", "credit", r"matters\s?(编辑|編輯)\s?[|｜:：].{1,20}", "<p>Matters编辑 | 王五</p>"),
    Rule("line", "credit", r"[▷▶►◆■●]\s?\S{0,4}(编辑|編輯|校对|校對|排版|撰文|翻译|翻譯|插图|插圖|配图|配圖|设计|設計)\s?[:：]\s?[^。？！?!]{1,40}", "<p>▷ 排版：王五</p>"),
    Rule("line", "credit", r"[·・•]?\s?(原文(見於|见于|刊於|刊于|載於|载于)|本文(刊於|刊于|原載)|(首發|首发|原載|原载|同步(發表|发表|刊登))(於|于)).{1,40}", "<p>·原文見於某刊</p>"),  # Matters
    Rule("last", "author", r"[（(【\[]?(本文)?作者(简介|簡介|介绍|介紹|系|为|為|是|现任|現任)[:：]?.{2,300}", "<p>作者系某大学讲师。</p>"),
    Rule("last", "author", r"[资資]深(新闻工作者|新聞工作者|传媒人|傳媒人|记者|記者)[、，,。].{4,500}|本[专專][栏欄]逢.{1,12}更新[。].{0,200}", "<p>資深新聞工作者、燈塔的看守人，住在海港。</p>"),

    # Copyright.
    Rule("line", "copyright", r"(©|\(c\)|版权|版權|copyright\b).{0,390}", "<p>© 2021年 某台版权声明：不得擅自使用。</p>"),  # DW, Nikkei, AFP
    Rule("line", "copyright", r"(免责声明|免責聲明|特别声明|郑重声明)\s?[:：].{0,390}|声明[:：].{0,200}", "<p>免责声明：以上内容仅供参考。</p>"),  # Sina
    Rule("line", "notice", r"以下(文本|文字|内容)(为|是|由)[^。，]{0,12}(转录|转写|识别|听写)[^。]{0,40}[。]?([^。]{0,30}(校对|错误)[^。]{0,20}[。]?)?", "<p>以下文本为音频转录结果，校对还没有做完。</p>"),
    Rule("line", "copyright", r"[（(]?(本文|文章|本稿)(为|由|系|经|已|来自|來自|转载|轉載|转自|原载|原載|首发|首發|獲|获|授权|授權).{0,60}[)）]", "<p>（本文已获作者同意。）</p>"),
    Rule("phrase", "copyright", r"著作权归作者所有|未经.{0,10}(授权|许可|允许|同意)[，,]?(不得|谢绝|禁止|严禁|请勿)|非經授權，不得轉載|转载[请需须]|轉載[請需須務]", "<p>本站文字未经许可，谢绝转载。</p>"),
    Rule("line", "copyright", r"(文中)?(图片|圖片|照片|插图|插圖|配图|配圖)[^。，]{0,10}未[经經](同意|授权|授權|允许|允許|许可|許可)[^。]{0,30}[。]?", "<p>文中圖片未經同意，請勿取走</p>"),

    # Calls to read on elsewhere, to follow, to download, to pay.
    Rule("line", "promotion", r"(更多.{0,20})?(欢迎|歡迎|请|請|敬请|长按|扫码|微信|并)*(搜索|搜尋|关注|關注|添加|订阅|訂閱).{0,20}(公众号|公眾號).{0,40}|请?微信搜索.{0,60}", "<p>关注“某某”公众号入群</p>"),  # DockOne, allnow
    Rule("line", "promotion", r"[请請]?(加入)?(成为|成為)[^，。]{0,16}(月费|月費|年费|年費|付费|付費|长期|長期)(订户|訂戶|会员|會員)[，,！!].{0,20}支持.{0,80}|[请請]支持[《「]?[^。，]{1,12}[》」]?[，,].{0,12}(成为|成為)(我们的|我們的)?(订户|訂戶|会员|會員)[。！!]?", "<p>請加入成為海港早報的月費訂戶，長期支持我們的工作。</p>"),
    Rule("line", "promotion", r"(月费|月費|年费|年費|付费|付費)(订户|訂戶|会员|會員)\s?(网址|網址|链接|鏈接|連結)\s?[:：].{0,100}", "<p>月費訂戶 網址：quay.example/join</p>"),
    Rule("line", "promotion", r"(点击|點擊|按)(此处|此處|这里|這裡)(订阅|訂閱|关注|關注|追踪|追蹤)[^。]{0,30}", "<p>點擊此處訂閱海港的月刊</p>"),
    Rule("phrase", "promotion", r"长按.{0,12}二维码|長按.{0,12}二維碼|扫描.{0,12}二维码|掃描.{0,12}二維碼|识别.{0,12}二维码|扫码(下载|关注)|掃碼(下載|關注)", "<p>扫描下方的二维码</p>"),
    Rule("phrase", "promotion", r"尽在.{0,12}(APP|客户端)|欢迎下载|下載中央社|下载(法广|RFI)", "<p>海量资讯，尽在某某APP</p>"),  # Sina, CNA, RFI
    Rule("phrase", "promotion", r"请访问.{1,40}阅读.{0,6}原文|点击进入专题|点击(阅读|查看)(原文|全文|更多)|點擊(閱讀|查看)(原文|全文|更多)", "<p>请访问某台未来栏目阅读英文原文。</p>"),  # BBC, Sina
    Rule("phrase", "paywall", r"登录[，,]?.{0,3}继续阅读|登入[，,]?.{0,3}繼續閱讀|订阅.{0,6}继续阅读|訂閱.{0,6}繼續閱讀|付费后?.{0,3}(继续阅读|查看全文)|ubscribe.{0,20} to (continue|keep|read|unlock)", "<p>请登录，以继续阅读全文！</p>"),
    Rule("line", "paywall", r"this (article|story) is (only )?(for|available to) (subscribers|members).*", "<p>This article is for subscribers only.</p>"),
    Rule("phrase", "advertisement", r"折扣碼「|優惠碼「|推薦碼「|折扣码“|优惠码“|早鳥優惠|早鳥價", "<p>結帳時輸入折扣碼「海港」可以折減</p>"),  # Matters
    Rule("line", "promotion", r"(如果.{0,20})?[想可]?(以)?(请|請)我喝.{0,4}咖啡.{0,200}|buy me a coffee.{0,60}|(微信|支付宝|支付寶|paypal)\s?(打赏|赞赏|打賞|讚賞)?[:：].{0,100}|加入會員最低.{0,60}", "<p>想请我喝杯咖啡就扫这里</p>"),  # video texts
    Rule("line", "promotion", r"(?!.{60})(?=[^下评評留]{0,24}[下评評留])[^。！？，,]{0,20}[，,]?(可以|可|欢迎|歡迎|請|请)?在?(下方|评论区|評論區|留言区|留言區).{0,4}(留言|评论|評論|告诉我)[^。]{0,12}[。！!~]*", "<p>想看什么，可以在下方留言</p>"),  # video texts
    Rule("phrase", "promotion", r"记得(订阅|点赞|评论|关注)|記得(訂閱|點讚|點贊|按讚|評論|留言|追蹤)|欢迎(大家)?(订阅|点赞|评论|留言|关注)|歡迎(大家)?(訂閱|點讚|按讚|評論|留言|追蹤|關注|轉發)|请(大家)?(订阅|点赞|关注我)|請(大家)?(訂閱|按讚|追蹤)|希望大家(订阅|訂閱)|点击订阅|點擊訂閱", "<p>歡迎大家關注！</p>"),  # video texts, Matters
    Rule("line", "promotion", r"\W{0,4}(免費|歡迎|為什麼.{1,8}[？?])?(大家)?訂閱.{0,24}電子報.{0,60}|.{0,4}電子報是以.{1,60}", "<p>訂閱【海港】電子報，每週一送達。</p>"),  # Matters
    Rule("phrase", "promotion", r"lease (follow|subscribe)|upport the stream", "<p>Please follow my channel!</p>"),  # video texts
    Rule("phrase", "promotion", r"DW中文有Instagram|選擇與事實站在一起|订阅(电子邮件|电邮)新闻|电邮新闻头条|嘉宾发表的是个人观点", "<p>订阅电邮新闻头条</p>"),  # DW, CNA, RFI, VOA
    Rule("phrase", "advertisement", r"\[广告\]|【广告】|【廣告】|\[AD\]|股市回暖，抄底炒股|炒股就看", "<p>[广告]夏季促销</p>"),  # cnBeta, Sina
    Rule("line", "advertisement", r"活动入口.{0,60}|访问(购买页面)?[:：].{0,60}|(购买|購買).{0,20}(请|請)(往|点|點|到).*", "<p>購買本期雜誌請往這裡</p>"),  # cnBeta, Medium
    Rule("line", "promotion", r"\W{0,4}(👉.{1,60}👈|🌱.{0,40}(平台出沒|圍爐|公民|教學文|電子報|追蹤|社區活動|合作聯繫|臉書|筆耕不輟|定期灌溉|連載中).{0,200}|謝謝各位看到這邊.{0,100}|谢谢各位看到.{0,100})", "<p>🌱 我在其它平台出沒 👇</p>"),  # Matters
    Rule("line", "promotion", r"·?\s?(歡迎|欢迎|快來|快来)(大家)?.{0,4}(訂閱|订阅|追蹤|追踪|支持|贊助|赞助|加入).{0,130}|·\s?支持.{0,60}|加入[〈【「《].{1,30}(社群|頻道|圍爐).{0,60}", "<p>·歡迎支持海港： PayMe</p>"),  # Matters
    Rule("line", "advertisement", r"≣?\s?註冊\s?\S{2,20}\s?｜.{0,300}|好書金句／.{0,60}", "<p>≣ 註冊 海港幣｜擼羊毛教學。</p>"),  # Matters
    Rule("address", "promotion", r"https?://[!-~]+ .{0,10}圍爐.{0,20}", "<p>https://a.example/civic 獲邀進圍爐</p>"),  # Matters
    Rule("line", "promotion", r"(https?://[!-~]+)?哈[嘍喽囉]\W?\s?大家好.{0,200}(評論|评论|訂閱|订阅).{0,60}", "<p>哈嘍，大家好！這裡拍海港，喜歡就評論哦！</p>"),  # video texts
    Rule("address", "promotion", r"(支持我們繼續努力|PayPa\w(及|支付)).{0,2000}", "<p>支持我們繼續努力，會員看 https://a.example/join</p>"),  # video texts
    Rule("line", "promotion", r"[♥❤💗💕]+.{0,4}(关于|關於).{1,300}", "<p>♥关于海港♥ 这里记录码头。</p>"),  # video texts
    Rule("line", "promotion", r"((【[^】]{1,8}】){1,3}摄影器材|🎵.{0,4}MUSIC|摄影器材|攝影器材|联系我的方式|聯繫我的方式).{0,1000}", "<p>摄影器材：某某相机</p>"),  # video texts
    Rule("line", "promotion", r"(翻墙上网办法|收听收看美国之音|美国之音(新闻应用程序|中文网|新推出|开通了)|通过(Podcasts|GoogleNews)).{0,1000}", "<p>收听收看美国之音节目</p>"),  # VOA
    Rule("line", "promotion", r"Share|Subscribe( now)?|Give a gift subscription|Leave a comment|升級訂閱.{0,40}", "<p>Give a gift subscription</p>"),  # Substack
    Rule("phrase", "promotion", r"連載中\s?(👉|。?$)|连载中\s?(👉|。?$)|Writing NFT 版本", "<p>海港專題 連載中 👉 01｜02｜</p>"),  # Matters

    # Pages and posts of WeChat.
    Rule("line", "promotion", r"\W{0,4}(请|可|↑|▲)?(点击|點擊|戳|轻触)(这里|[上下]方|上面|下面|左下角|右上角|文末|屏幕|标题下)?[^。！？]{0,12}(蓝字|藍字|蓝色字|卡片|名片|关键词|阅读原文|小程序)[^。]{0,30}", "<p>点击上方<span>蓝字</span>关注我们</p>"),
    Rule("phrase", "promotion", r"点(个|亮|一下|击|赞)?[、，和“\"「『]{0,2}在看|點(個|亮|一下)?[“\"「『]?在看|点[“「『]好看|一键三连|点个赞再走|右下角点", "<p>点个“在看”，让更多人看到</p>"),
    Rule("line", "promotion", r"(使用|打开)?微信扫一扫[^。]{0,30}|扫一扫[^。！？，]{0,20}", "<p>微信扫一扫<br>关注该公众号</p>"),
    Rule("line", "promotion", r"(点击)?[\[【“]?(阅读|閱讀|查看)原文[\]】”]?(\s?[>»→].*)?|阅读\s?\d+万?\+?|(在看|分享|收藏|点赞|留言|写留言|精选留言|赞赏|喜欢作者|人划线)\s?\d*", "<p>阅读原文</p>"),
    Rule("line", "page", r"预览时标签不可点|\W{0,8}(继续|向上|向下|上下|左右)滑动(看下一个|查看.{0,10}|图片.{0,10})?\W{0,8}|已同步到看一看.{0,10}|轻点两下取消.{0,6}|收录于(合集|话题|专辑).{0,40}|名称已清空|选择留言身份|视频加载失败.{0,20}|该内容已被发布者删除|轻触阅读原文|点击\W{0,3}阅读原文.{0,60}|NEWS( TODAY)?|RECOMMEND", "<p>预览时标签不可点</p>"),
    Rule("line", "promotion", r"受苹果公司新规定影响[，,].{0,100}|(长按|可通过)?二维码(向我)?转账.{0,30}|喜欢(这篇|本)文章.{0,20}(打赏|赞赏|支持).{0,20}", "<p>受苹果公司新规定影响，微信 iOS 版的赞赏功能被关闭</p>"),
    Rule("phrase", "promotion", r"请加.{1,8}微信|加(小编|客服|群主|我)的?微信|加微信[:：]|微信号[:：]\s?[A-Za-z]|微信[:：]\s?[A-Za-z][\w-]{4}", "<p>请加阿海微信</p>"),
    Rule("line", "promotion", r"(微信)?(公众号|公眾號|微信号|微信ID|ID)(搜索)?\s?[:：|｜丨]\s?[^。！？，]{1,40}|功能介绍\s.{0,100}", "<p>公众号：海港早报</p>"),
    Rule("phrase", "promotion", r"（(ID|微信号|微信ID|公众号|公众号ID)[:：]\s?\w|\((ID|微信号|微信ID|公众号)[:：]\s?\w", "<p>海港早报（ID：harbour-daily）</p>"),
    Rule("phrase", "promotion", r"设为星标|加星标|星标(我们|本号)|不错过每一|防失联|后台回复|公众号(内|后台)?回复", "<p>记得把海港设为星标</p>"),
    Rule("line", "promotion", r"[“\"]?(投稿|爆料|商务|商業|广告|廣告|转载|轉載|合作)?(投稿|合作|爆料|报料|转载|开白|授权|进群|入群|加群)[^。！？，]{0,12}(邮箱|信箱|请?联系|热线|电话|微信|[:：])[^。！？]{0,50}", "<p>商务合作请联系海港小编</p>"),
    Rule("line", "copyright", r"[*＊※（(【]?\s?((特别|特別)?(申明|声明|聲明|说明)\s?[:：]?)?\s?(本文|此文|该文|文章|文中|以上|上述|作品|内容|言论|图文)[^。！？]{0,60}(不|仅|僅|只)代表[^！？]{0,140}", "<p>*文章为作者独立观点，不代表海港网立场</p>"),
    Rule("line", "copyright", r"(特别|特別)申明[:：].{0,200}", "<p>特别申明：照片归船长所有</p>"),
    Rule("line", "copyright", r"(本账号|本帐号|本号|作者)?[为系][^。！？，]{0,30}[“”「」]?[^。！？，]{0,10}(签约|特约|独家|入驻)(账号|作者|作家|帐号|号)", "<p>本账号系海港网“灯塔”签约账号</p>"),
    Rule("line", "promotion", r"\W{0,4}(赶紧|赶快|快来|快)?(点击|點擊|戳)(上方|下方|文末)?[^。！？]{0,12}(订阅|訂閱|关注|關注|查看|阅读|了解)(详情|更多|全文)?(吧|哦)?\W{0,3}|(进入|登录|访问)(官网|官方网站)[^。！？]{0,16}", "<p>► 点击阅读</p>"),
    Rule("line", "page", r"点击展开(答案|全文|更多|查看)?|展开(全文|阅读)|显示答案|按回车或点击查看大图|点击(图片)?(可)?(查看|放大)(大图|高清图|原图)?|(press enter or )?(click|tap) to (view|enlarge|expand|zoom)( (the )?image)?( in full size| to full size)?|zoom image will be displayed", "<p>Press enter or click to view image in full size</p>"),  # Medium
    Rule("line", "link", r"(安全|参考|相关|下载|项目|工具|官方|补丁|更多|原文|文章|视频|文件|公告|附|及|和){0,3}(链接|地址|网址|鏈接|連結|来源){1,2}\s?[:：]", "<p>参考链接：</p>"),
    Rule("last", "notice", _DISCLAIMER, "<p>本公众号的工具仅供学习参考，由此造成的后果由使用者承担。</p>"),
    Rule("first", "notice", _DISCLAIMER, "<p>请勿利用海港的图纸从事违法活动。</p>"),
    Rule("last", "promotion", r"[^。]{0,40}(公众号|公眾號|本号|本订阅号)[^。]{0,24}(专注|致力|分享|定位|主要|是一个|旨在|關注)[^！？]{2,200}|[^。！？]{0,60}(原创|干货|推送|本号|公众号)[^。！？]{0,40}(敬请|欢迎|请)(大家)?(关注|订阅|持续关注)[^。！？]{0,12}[。！]?|[^。]{0,24}(专注于|致力于)[^。]{2,60}(产品线|平台|公众号|团队|社区|媒体)[。！]?", "<p>公众号专注于海港的历史，每周一篇，敬请关注。</p>"),
    Rule("last", "promotion", r"感谢您抽出", "<p>感谢您抽出</p>"),  # the rest of it is a picture
    Rule("last", "promotion", r"(欢迎|歡迎)(您|你|大家)?在?(文章|本文)?下方(评论|評論|留言)[^。]{0,40}[。]?|欲(了解|瞭解)[^。]{1,40}(关注|關注)[^。]{0,60}[。]?|(这里|這裡|這裏)是.{2,160}(通过|通過|透過)以下(链接|連結|鏈接|方式)(订阅|訂閱)[^。]{0,20}[:：。]?", "<p>欲了解海港，请关注本报并点击上方的菜单</p>"),  # Matters
    Rule("last", "promotion", r"如果(你|您|大家)?(喜欢|喜歡)[^。]{0,24}[，,][^。]{0,8}(欢迎|歡迎|请|請)[^。]{0,10}(赞助|贊助|支持|打赏|讚賞|赞赏).{0,160}|在\s?(各|其他|其它)[^。，]{0,8}平台[，,]?(追蹤|追踪|关注|關注|收听|收聽|欣賞|欣赏|找到)[^。]{0,16}[。]?|在\s?(spotify|apple music|youtube|kkbox)[^。]{0,10}(聆聽|收聽|聆听|收听|觀看)[。]?", "<p>如果您喜歡海港，歡迎贊助我們，謝謝！</p>"),  # Matters
    Rule("last", "promotion", r"(不論|不论|無論|无论)你.{0,60}(課程|课程)的(學員|学员).{0,200}|.{0,30}(募資|早鳥)[^。]{0,16}(優惠|优惠).{0,300}|浩瀚的.{0,160}(課程|课程).{0,120}|這份電子報.{4,900}|另一[门門](課|课).{4,300}|.{2,36}(入門課|入门课)", "<p>不論你是船長還是水手，都是最適合這些課程的學員。</p>"),  # Matters
    Rule("last", "promotion", r"([#＃][^\s#＃]{1,20}\s?){0,5}期待影像能.{2,200}|(這|这|本)(個|个)?(頻道|频道)主要(講述|讲述|分享|介紹|介绍|拍攝|拍摄|記錄|记录).{4,1500}|大家好[,，!！].{0,400}(订阅|訂閱)(是|就是)(我|对我|對我).{0,1000}|[^。]{0,40}(欢迎|歡迎)(订阅|訂閱)我的(频道|頻道).{0,800}", "<p>這頻道主要講述海港的日子。都是用手機拍的，請多包涵，有風有浪，也有渡輪的汽笛。</p>"),  # video texts
    Rule("last", "notice", r".{0,40}\bFM\s?\d{2,3}(\.\d{1,2})?\b.{0,200}(歡迎|欢迎|收听|收聽).{0,120}", "<p>週一 18:00 FM96.3 海港電台。歡迎收聽。</p>"),
    Rule("last", "promotion", r"[^。]{0,40}(没有|沒有)付费墙.{0,80}(支持|捐助|捐款).{0,160}", "<p>海港早报没有付费墙、也没有广告；我们需要您的支持来活下去。</p>"),
    Rule("first", "promotion", r"聚焦源代码安全，网罗国内外最新资讯.{0,6}", "<p>聚焦源代码安全，网罗国内外最新资讯！</p>"),  # an account that reports on the security of software
    Rule("last", "promotion", r"网罗圈内热点\W{0,3}专注网络安全|实时资讯一手掌握\W?|好看你就分享\W?有用就点个赞|支持「?.{0,16}」?就点个三连吧.{0,4}", "<p>实时资讯一手掌握！</p>"),
    Rule("first", "promotion", r".{0,80}(设为星标|加星标|星标(我们|本号)).{0,120}", "<p>大家好，这里是海港早报。建议把海港早报设为星标，否则推送的规则改了以后可能就看不到每天早上的班次、潮水、天气和码头上的新消息了，操作只要三步：进入主页，点右上角的三个点，再点星标。</p>"),
    Rule("last", "promotion", r"[^。]{0,50}(点赞|在看|转发|赞赏|收藏|关注)[、，,/和+ ]{1,2}(点赞|在看|转发|赞赏|收藏|分享|关注)[^。]{0,100}[。！]?", "<p>喜欢海港的朋友动动手指点赞、转发吧，谢谢！</p>"),
    Rule("last", "promotion", r"[^。]{0,60}(扫码|微信|二维码|私聊|进群|加群)[^。]{0,40}(群聊|交流群|进群|入群|加群|优惠|领取|直播|咨询)[^。]{0,80}[。！]?|(了解|获取|查看)更多[^。]{0,16}(资讯|干货|内容|详情|信息)[^。]{0,20}[。！]?|如需转载[^。]{0,60}[。！]?", "<p>微信私聊小海，领取船票</p>"),
    Rule("last", "promotion", r"[^。！？]{0,60}(招募|有兴趣|感兴趣|想加入|加入我们)[^。！？]{0,40}(联系|扫码|微信|私信|邮箱|投递)[^。！？]{0,60}[。！]?", "<p>海港社招募队友，有兴趣的请联系小编</p>"),
    Rule("last", "contact", r"\W{0,3}(vx|wx|v信|微信|qq群?|tg|telegram|bilibili|b站|github|gitee|知乎|微博|官网|网站|博客|邮箱|e-?mail|contact me)\s?[:：]\s?[^\s，。]{2,60}|https?://\s?[!-~]{4,200}", "<p>bilibili: harbourtimes</p>"),
    Rule("last", "contact", r"(patreon|instagram|twitter|facebook|lbry|mewe)(\s?[(（][^()（）]{1,8}[)）])?\s?[:：](\s?@?[\w.]{2,40}(\s?(twitter|facebook)\s?[:：]\s?@?[\w.]{2,40})?)?", "<p>Instagram: quay.daysTwitter: QuayDays</p>"),
    Rule("last", "contact", r"\W{0,3}(官网|官方网站|网址|邮箱|公众号|视频号|微博|抖音|小红书|哔哩哔?哩?号?|B站|知乎|QQ群?|微信号?)\s?[:：|｜]\s?[^。！？]{2,80}", "<p>官网｜海港，白天有人接</p>"),
    Rule("last", "author", r"[^。，]{2,40}(公司|集团|研究院|实验室|事务所)(\s?[（(][^（）()]{1,60}[)）])?[，,]?\s?(成立于|创立于|创建于|始建于|是(川内|国内|中国|全球|业内|业界|领先|一家|一支|专注|专业|由)).{10,380}", "<p>海港渡轮有限公司是一家专注于渡轮的公司，有船九艘，走遍了湖上的码头。</p>"),
    Rule("last", "promotion", r"(?=[^球圈群]{0,120}[球圈群])([^。]{0,60}(星球|圈子|交流群|粉丝群|微信群|内部群|会员群|技术群|学习群|读者群|群内)[^。]{0,60}(加入|扫码|优惠|门票|续费|招新|限时|早鸟|福利|答疑|抽奖|自取|领取|直播|课程|大纲).{0,260}|[^。]{0,60}(加入|扫码|优惠|门票|续费|招新|限时|早鸟|福利|答疑|放在)[^。]{0,60}(星球|圈子|交流群|粉丝群|微信群|内部群|会员群|技术群|学习群|读者群).{0,260})|加入[^。，]{1,20}社群[^。]{0,40}[！!。]?.{0,80}", "<p>渡轮的图纸已放在知识星球中，需要的自取！</p>"),
    Rule("last", "promotion", r"[^。！？]{0,12}(感谢|谢谢)(阅读|观看|支持|收看|关注)[。！!~]{0,3}|(期待|欢迎|感谢|谢谢)(与|和|大家|各位|您|你)[^。！？]{0,30}(合作|关注|加入|支持|阅读|观看|转发|联系)[。！!~]{0,3}|(欢迎|请|快来|记得|别忘了)(大家|各位|您|你)?[^。！？，]{0,12}(收藏|转发|扫描|扫码|订阅|点赞|分享给|分享朋友圈|分享到|关注我).{0,80}|了解.{2,24}请点击.{0,16}|.{0,12}(如有)?雷同[，,]?.{0,6}(纯属)?巧合.{0,6}|(仅代表个人|(祝|愿)(大家|各位)[^。]{2,20}[。！!])", "<p>期待与您的合作！</p>"),
    Rule("first", "promotion", r"(更多|全球|聚焦|专注).{0,24}(资讯|干货|内容|情报|动态|精彩|知识).{0,4}(尽在|就在|请关注|关注).{1,24}|第\d{1,5}期|\W{0,8}(防走失|不想错过).{0,60}|.{0,12}(点击|关注)(上方|下方|我们|本号).{0,24}", "<p>更多湖上的资讯尽在海港</p>"),
    Rule("last", "label", r"([\d.、]{1,6}\s?)?\W{0,2}(参考(链接|资料|来源|文献|文章)|相关链接|时间轴|附录)\s?\W{0,3}|参考来源[:：].{0,300}|(欲知|了解)(更多)?详情[^。]{0,12}(访问|登录|点击).{0,200}", "<p>3.4 参考链接</p>"),
    Rule("last", "label", r"(参考|引用|原文|来源|链接|下载|附件?|标签|(ref(erence)?|link|source|ta[gp])s?)\s?[:：]", "<p>参考：</p>"),
    Rule("first", "label", r"\W{0,4}(免责|郑重|特别|法律|版权)声明\s?\W{0,4}", "<p>【免责声明】</p>"),
    Rule("first", "promotion", r"关注.{2,8}[，,](探讨|了解|学习|掌握|获取|畅聊|一起).{2,12}", "<p>关注海港湾，探讨渡轮与潮水</p>"),
    Rule("first", "author", r"[（(【\[]?(本文)?作者((简介|簡介|介绍|介紹)\s?[:：].{2,300}|\s?[:：][^:：]{2,200})|(作者|撰文|编译|编者|译者|文)\s\S{2,6}(\s\S{2,6}){0,2}", "<p>作者简介：王五，海港大学讲师，研究潮水。</p>"),
    Rule("first", "author", r"原创\s?[:：\s]\s?\S{1,16}(\s+\S{1,16})?", "<p>原创 王五</p>"),
    Rule("first", "promotion", r"(?=[^关]{0,60}关)[^。]{0,60}关注(此|本|该|这个)(周刊|专栏|公众号|频道|栏目|博客|账号|号)[^。]{0,30}[。]?|(?=[^投i]{0,80}[投i])[^。]{0,60}(欢迎|可以|请).{0,12}(投稿|issues?)\b.{0,140}|(这里|本刊|本周刊|本杂志)(记录|分享|收录|汇总)每?周[^。]{2,30}(发布|更新)[。]?", "<p>记录每周的潮水和班次，觉得不错可关注此周刊，方便获取更新通知</p>"),
    Rule("first", "promotion", r"(?=[^周月早]{0,24}[周月早])[^。，]{2,24}(周报|周刊|月刊|早报)[，,](只为|为你|为您|带你|陪你|与你)[^。]{2,30}[。]?|(?=[^你]{0,30}你)[^。]{0,30}你也可以为.{2,60}issues?\b.{2,200}", "<p>海港周刊，只为你呈现湖上的消息。</p>"),
    Rule("first", "timestamp", r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?(\s+\S{2,16}){0,3}|\d{4} 年 \d{1,2} 月 \d{1,2} 日", "<p>2021-05-06 07:08:09 海港日报</p>"),
    Rule("first", "author", r"[^，。！？：:\s]{4,24}(报道|報導|采写)", "<p>海港日报王五、赵六报道</p>"),
    Rule("first", "label", r"导语|导读|正文|摘要", "<p>导语</p>"),
    Rule("first", "promotion", r"(微信号|微博|公众号)\s?[:：].{2,60}|有(兴趣|意)[^。]{0,12}加[^。]{0,10}微信.{0,20}|本号[^。]{2,40}[。]?", "<p>微信号：32785。微博：海港。</p>"),
    Rule("first", "page", r"translations?: [^.]{2,80}", "<p>Translations: Russian</p>"),
    Rule("note", "author", r"(?=.{0,40}\b(is|are|was|were|works?|writes?|leads?|covers|has|serves|joined)\b)(?-i:[A-ZА-Я])[\w.’'-]*( (?-i:[A-ZА-Я])[\w.’'-]*){1,3}[ ,(].{10,500}", "<p><em>Ada Brine is a specialist at the harbour office.</em></p>"),
    Rule("note", "author", r"автор\b.{4,300}|(?-i:[А-ЯЁ])\w+ (?-i:[А-ЯЁ])\w+\s?[,—–-].{4,300}|作者.{2,300}", "<p><em>Анна Бухтина — смотрительница маяка</em></p>"),
    Rule("last", "notice", r"(?=[^赞]{0,64}赞)[^。，]{2,40}是[^。，]{2,20}的赞助商[。]?|(?=[^评]{0,80}评)[^。]{0,40}(不允许|关闭了?|暂停)[^。]{0,30}评论。.{0,200}", "<p>海港公司是海港早报的赞助商。</p>"),
    Rule("last", "author", r"(?-i:[A-ZА-Я])[\w.’-]+ (?-i:[A-ZА-Я])[\w.’-]+( (?-i:[A-ZА-Я])[\w.’-]+)? is an? [\w -]{0,40}\b(writer|journalist|reporter|editor|blogger|columnist|correspondent|freelancer)\b.{0,400}", "<p>Ada Brine is a technical writer at the harbour.</p>"),
    Rule("last", "promotion", r"(support|donate to) .{2,40}[!.] ?.{0,60}\b(donate|donations?|patreon|paypal|purchase)\b.{0,300}|(have|got) .{2,60}\? you can .{0,40}\b(submit|send|add|share)\b.{0,160}", "<p>Support the lamp! Donate a candle.</p>"),
    Rule("last", "footer", r"(?!图).{1,280} was originally published in .{2,100} on medium, where people are continuing the conversation.{0,80}", "<p>海港有雾 was originally published in The Quay on Medium, where people are continuing the conversation.</p>"),  # Medium; the character makes it be tried on titles in Chinese too
    Rule("last", "promotion", r"(every|each) (mon|tues|wednes|thurs|fri|satur|sun)day is .{2,40} here at .{2,500}|(continue reading|view full coverage) on (medium|google news)\W{0,4}", "<p>Every Friday is FogDay here at the Courier! Send us your fog.</p>"),
    Rule("last", "author", r"(?-i:[A-Z])[\w.’-]*( (?-i:[A-Z])[\w.’-]*){0,2} 是[^。]{2,60}(工程师|总监|主管|创始人|作者|记者|编辑|经理|顾问|副总裁|专家|研究员|分析师)([^。]{0,60}[。].{0,300}|[。])?", "<p>Ada Brine 是海港的一名灯塔工程师。</p>"),
    Rule("last", "promotion", r"(?=[^扫]{0,30}扫码)[^。]{0,30}扫码(了解|订阅|关注|查看|报名|咨询)[^。]{0,40}|在 ?\S{3,30} ?上(发现|查看|阅读|找到)更多.{0,20}", "<p>最新的班次与潮水，扫码查看全部！</p>"),
    Rule("last", "notice", r"disclaimer\s?:.{4,400}", "<p>Disclaimer: the views are those of the keeper.</p>"),
    Rule("last", "credit", r"通过 ?\S{2,20} ?的?(特征|专题|特色)?图[像片][。]?|(特征|专题|特色|头)图[像片]?(来自|通过|由|来源).{2,60}", "<p>通过 Quay 的特征图像。</p>"),
    Rule("last", "footer", r"(this (work|article|post|text|page) is |text )?(licensed|released|available|distributed) under .{2,300}", "<p>Licensed under the terms of the harbour.</p>"),
    Rule("last", "promotion", r"(to learn more|for more (information|details|info)|learn more)\b.{0,80}\b(visit|see|contact|check out|read|go to|email|follow|subscribe)\b.{2,240}|(want|would you like|interested in|looking) .{0,20}\b(learn|learning|know|do) .{0,40}\?.{2,240}", "<p>For more information about the tides, please visit the harbour office.</p>"),
    Rule("note", "notice", r"(this|the) (post|article|story|piece|essay|blog|text|translation)\b.{4,400}|(editor|author|translator)[’']?s?[’']? note.{2,400}", "<p><em>This post is part of a series about the harbour.</em></p>"),
    Rule("last", "notice", r"如果发现译文.{0,240}|.{0,30}(翻译计划|字幕组|译文组|翻译组)\s?是一个.{0,380}", "<p>海港翻译计划 是一个翻译海港文章的社区。</p>"),  # gold-miner
    Rule("closing", "about", r"\W{0,8}(第?[0-9零一二三四五六七八九十]{1,3}[、.．\s]\s*|0x\w\w\s*)?(关于(我们|作者|本号|本公众号|团队|公司)|(公司|团队|作者|公众号|个人|企业|平台)(简介|介绍)|(内部|知识|安全|纷传|本)?(圈子|星球|社群|交流群|粉丝群|学习群|帮会|培训)(介绍|简介|福利|推荐|招新|公告)?|(粉丝|技术|学习|读者)?交流群招新.{0,4}|联系(我们|方式)|关注(我们|作者|公众号)|支持(我们|作者)|赞助(我们|者|商)|加入(我们|圈子|社群|星球|交流群)|(好书|今日|福利|每日|课程)\s?推\s?荐|专属福利|往期课程|((法律|版权)?(声明|说明)|免责声明|免责条款)\s?[:：]?|招聘(信息|启事)|内推|商务合作)\W{0,8}|\W{0,4}.{0,12}(粉丝|读者|技术|学习)?交流群(招新|开放|招募).{0,6}|\W{0,4}新圈子上线.{0,16}|【[^【】]{1,12}圈】\W{0,4}", "<p>圈子介绍</p><p>有船。</p>"),
    Rule("last", "credit", r"(the |this )?[A-Z]([^.]|(?<=[ .][A-Z])\.){4,280} contributed( reporting)?( from [^.]{2,60}| to this (report|article|story|post))\.?", "<p>Ada Brine in Kern, Tom Reed on the ferry and six of the men who keep the lamp of the tower contributed to this report.</p>"),
    Rule("last", "footer", r"a version of this article appear.{4,300}|\W{0,2}this (article|story) (appears|appeared) in (the )?.{4,80} (issue|edition).{0,60}|contributing: [^.]{2,120}|see (more|the|[a-z]+['’]s) (pictures|photos|cartoons|videos?) (of|from) .{2,40}|(e-?mail|contact) [^.]{2,40} at \S+@\S+.{0,160}|via [^.]{2,30}(\.\w{2,6})?", "<p>A version of this article appears in print on page A1.</p>"),
    Rule("closing", "about", r"\W{0,4}(about (us|the authors?|me)|join (us|our team)|work with us|media contacts?|об автор(е|ах)|о нас|контакты|мы в соцсетях)\s?[:.]?\W{0,4}", "<p>About us</p><p>。</p>"),
    Rule("closing", "about", r"(博客|专栏|專欄)\s?[|｜]\s?[^|｜]{1,20}|[赠贈]送福利\s?([:：].{0,10})?", "<p>博客 | 王五</p><p>。</p>"),
    # Where a text comes from.
    Rule("line", "credit", r"[（(【]?(原文|本文|文章|此文|以下内容|以下文章)(内容|原文)?(转自|轉自|转载自|轉載自|转发自|来自于?|來自於?|来源于?|來源於?|摘自|选自|選自|节选自|節選自|出自|首发[于自在]?|首發[於自在]?|原载于?|原載於?|刊[于於载載]|链接|連結|地址)[^。！？，]{0,40}([」）)》:：]\s?.{1,120}|[)）】。]?)", "<p>原文来自海港网站</p>"),
    Rule("line", "credit", r"本文(由|经|為|为|已)[^。！？]{0,40}(转码|编译|翻译|译|荣誉推出|授权(发布|转载|刊发|发表)|整理(发布)?|首发|首發|转载|原创(首发)?|出品|提供|轉載|供稿)[^！？]{0,250}", "<p>本文由 海港译社 原创编译，海港网 荣誉推出</p>"),
    Rule("line", "credit", r"(感谢|感謝)[^。！？，]{0,24}(供稿|投稿|授权|来稿|提供(本文|图片|素材))[^。！？]{0,16}[。！]?", "<p>感谢海港的投稿</p>"),
    Rule("address", "link", r"\W{0,3}(via|from|source|link|url|original( post| article)?|(原文|本文|文章|新闻|项目|视频|相关|参考|下载|官方)?\s?(链接|連結|地址|网址|網址|原文|来源|來源|出处|出處|官网|参考及来源|参考来源|参考资料)|.{0,12}(试用|体验|下载|申请|报名)(链接|地址|网址|入口)|источник|ссылка|оригинал)\s?[:：]?\s?https?://[!-~]+\s*", "<p>项目链接：https://quay.example/two-tools</p>"),
    Rule("line", "credit", r"\W?(作 者|编 辑|编 译|文 字|撰 文|摄 影|记 者|校 对|责 编|美 编|翻 译|来 源|排 版|采 写|策 划|制 作|监 制)\s?[:：/／|｜丨]\s?[^。？！?!]{1,60}", "<p>作 者 | 王 五</p>"),
    Rule("line", "credit", r"(文\s?[/／|｜丨:：]?\s?)?((本报|本刊|本网|本台|本社|新华社|中新社|央视|总台|实习|见习|特约|首席|特派|驻[^记，。]{1,6}?)[^，。记]{0,6})?(记者|記者|通讯员|撰稿人|评论员|特派员)\s?[|｜/／丨]\s?\w{2,12}([ 、，]\w{2,6}){0,5}", "<p>实习记者｜王五</p>"),
    Rule("line", "credit", r"(本报|本刊|本网|本台|本社|新华社|中新社|央视|总台)[^，。！？]{0,12}(记者|記者|通讯员|评论员)\s?\w{2,4}([ 、]\w{2,4}){0,5}", "<p>本报驻海港记者 王五 赵六</p>"),
    Rule("line", "credit", r"[（(【\[][^。！？?!，（）()]{1,24}(记者|記者|通讯员|通訊員|评论员|評論員|特派员|实习生|撰稿人)[^。！？?!（）()]{1,50}[)）】\]]", "<p>（海港商报驻京记者王五）</p>"),
    Rule("line", "credit", r"book review\s?[:：]\s?.{2,80}", "<p>Book Review: Ada Brine</p>"),
    Rule("line", "credit", r"\((additional )?(reporting|writing|editing|compiled|translated|graphics?|production|compilation) (by|and) .{2,250}\)\.?", "<p>(Reporting by Ada Brine; Editing by Tom Reed)</p>"),  # Reuters
    Rule("line", "credit", r"(additional )?(reporting|writing) by [^.]{2,150}[;,] ?(additional |writing |editing |reporting |and ).{2,120}|(additional|with) reporting (by|from) [^.]{2,120}\.?|(editing|compiled|edited) by:? [^.;]{2,60}\.?", "<p>Reporting by Ada Brine; Editing by Tom Reed</p>"),
    Rule("phrase", "credit", r"contributed( reporting)? to this (report|article|story|post)", "<p>Ada Brine in Kern contributed to this report.</p>"),
    Rule("line", "standards", r"our standards:.{2,100}", "<p>Our Standards: The Thomson Principles.</p>"),
    Rule("line", "credit", r"[-—–#*\s]*(the )?(end|ends|-30-|fin)[-—–#*\s]*|[\W_]*(the )?end[\W_]*", "<p>- END -</p>"),
    Rule("line", "credit", r"[\[(]?((featured )?(photo(graph)?|picture|image)s?|illustration|video|credit|photo credit|image credit|cover photo|composite|graphic|фото|иллюстрация|иллюстрации|видео|фотография|снимок|обложка|коллаж|инфографика)( credit| by)?\s?[:/©|]\s?[^.!?]{2,100}\.?[\])]?", "<p>Photograph: Tom Reed/Saltmouth Courier</p>"),
    Rule("line", "credit", r"(автор(ы|( текста| материала| перевода|ы текста))?|текст|редактор(ы)?|корректор|перевод|перевела?|подготовила?|беседовала?|записала?|источник(и)?|по материалам|оригинал|редакция)\s?[:—–]\s?[^.!?]{2,80}\.?", "<p>Автор: Анна Бухтина</p>"),
    Rule("line", "credit", r"(?=[\[(]?[a-zтр视新中东])[\[(]?((getty( images)?|reuters|afp|ap|epa|pa|rex|shutterstock|istock|alamy|corbis|bloomberg|xinhua|тасс|риа новости|视觉中国|新华社|中新社|东方IC)(\s?[/|,]\s?)?){1,3}[\])]?", "<p>AFP/Getty Images</p>"),
    Rule("first", "author", r"by [^.,;:!?]{3,50}(, [^.;:!?]{2,60})?", "<p>By Ada Brine, Harbour Editor</p>"),
    Rule("line", "credit", r"(查看|阅读|参考)?(英文|中文|日文|俄文|法文|德文|外文)原文\s?[:：].{1,150}", "<p>英文原文：Ferry returns</p>"),
    Rule("line", "promotion", r"如果(你|您|大家)?(觉得|喜欢)[^。]{0,24}(有帮助|有用|不错|有所?收获)[^。]{0,60}[。！]?", "<p>如果你觉得这篇文章对你有帮助，欢迎转给朋友！</p>"),
    Rule("address", "credit", r"[(（]?([A-Za-zА-Яа-яЁё’'. -]{2,40}[,:：]?\s)?[\w.+-]+@[\w.-]+\.\w+\s?(\(END\))?[)）]?", "<p>reporter@saltmouth.example (END)</p>"),
    # Feeds and mirrors of them.
    Rule("line", "footer", r"feed enhanced by .{2,60}|(feed )?generated by .{2,40}|powered by .{2,40}|read in (your )?browser.{0,5}", "<p>Feed enhanced by Better Feed from Ozh</p>"),
    Rule("line", "footer", r"the post .{1,200} (appeared first|first appeared) on .{2,100}|запись .{1,200} впервые появилась.{2,100}|(文章|本文)\s?.{1,200}(首先|最先|最早)(出现|出現|发布|發佈)[在于於].{1,60}", "<p>The post Ferry returns appeared first on Saltmouth Courier.</p>"),
    Rule("line", "footer", r"(this (article|post|story|piece) (was |is )?|it )?(originally|first) (published|appeared|posted) (on|at|in|by) .{2,100}", "<p>Originally posted in 2019 by the harbour office</p>"),
    Rule("line", "footer", r"submitted by\s+/?u/\S+.{0,60}|(article url|comments url|points|# comments)\s?:.{0,200}|permalink.{0,20}", "<p>submitted by /u/harbour [link] [comments]</p>"),
    Rule("line", "footer", r"[\[(]?(continue reading|read more|read on|keep reading|read the (full|whole|rest of the) (story|article|post)|подробнее|читать (далее|дальше|полностью|целиком)|阅读(全文|更多)|閱讀(全文|更多)|查看(全文|更多)|繼續閱讀|继续阅读)\s?[.…→»›>]+[\])]?|(阅读全文|閱讀全文|читать далее|continue reading)", "<p>Continue reading →</p>"),
    # Substack, Medium.
    Rule("line", "promotion", r"thanks for reading.{0,200}|.{1,80} is a reader-supported publication.{0,200}|(this (post|episode) is public so )?feel free to share it\W?|if you (enjoy|like)(ed|d)? .{1,80}(share it|consider|subscri|proposition|newsletter|sign up|donat|support).{0,260}|ready for more\?|(get more from|start writing today|start your) .{0,100}substack.{0,60}|discussion about this (post|episode)|available for ios and android|(upgrade to|become a) (paid|founding)( subscriber| member)?|type your email\W*|give a gift|restack(s|ed)?|.{0,12}invite (your )?friends.{0,80}", "<p>Thanks for reading The Quay! Subscribe for free to receive new posts.</p>"),
    Rule("line", "paywall", r"if you[’']re seeing this message.{0,200}|join now or renew.{0,200}|(stay on top of|get) .{4,80}\b(direct(ly)?|straight) to your inbox.{0,20}|want (free |full )?access to .{0,80}\b(sign up|subscribe|log ?in).{0,40}", "<p>Want free access to the whole archive? Sign up here!</p>"),
    Rule("line", "paywall", r"this (post|episode) is (only )?for (paid|paying) subscribers\W?|keep reading with a .{2,20}free trial|this is a (free )?preview of a paid episode\W?", "<p>This post is for paid subscribers</p>"),
    Rule("line", "page", r"\d{1,3} min(ute)?s? read( ·.{0,40})?|member-only story|open in app|(·\s?)?listen( to (this )?(article|story|episode|post))?(\s?\W\s?\d+.{0,10})?|written by [^.]{2,40}|published in .{2,60}", "<p>5 min read</p>"),
    # Around the articles of English news.
    Rule("line", "advertisement", r"(- )?(skip )?(advertisement|advertorial|advert|(show |hide )?captions?|close|sponsored( content| by .{2,40})?|paid post|promoted( content)?|supported by)\W{0,3}(scroll to continue|continue reading below)?|(article|story|content) continues( below)?( (this )?advertisement)?|(continue reading|scroll)( below| down)?( the main story| to continue)?|реклама|на правах рекламы|广告|廣告|赞助内容", "<p>Advertisement</p>"),
    Rule("line", "promotion", r"(?!.{0,60} to (continue|keep|read|unlock))\W{0,3}(click here to )?(sign up|subscribe|register)( now| today| here| free)?( (to|for|with) [^.!?]{2,120})?[.!]?( (here|now)\.?)?|get (the|our) [^.!?]{2,100} (inbox|newsletter|app|email)[^.!?]{0,40}[.!]?( subscribe to .{2,60})?|(get|let) .{4,80} (alerts|inbox)\b.{0,100} delivered .{4,40}|want .{2,60} in your inbox\?.{0,40}|have a (news )?tip\?.{4,200}|(we[’\']re interested in|send us|give us) your feedback.{0,80}|this slideshow requires javascript.{0,4}|to read the full story.{0,20}|follow .{2,40} on (facebook|twitter|x|instagram)(, (facebook|twitter|instagram))*( and (facebook|twitter|instagram))?\.?", "<p>Sign up for our newsletter</p>"),
    Rule("line", "share", r"(share|tweet|print|email)\s?\|?|(share|tweet|post|email|print|save|copy|send|pin)( this| it)?( article| story| post| page| link)?( (on|to|via|with|in|by) (facebook|twitter|x|linkedin|whatsapp|email|e-mail|reddit|telegram|pinterest|friends).{0,30})?|(facebook|twitter|linkedin|whatsapp|telegram|вконтакте|одноклассники)|sharing is caring\W?|поделиться( .{0,40})?|分享(到|至)[^。！？，]{0,40}", "<p>Share on Facebook</p>"),
    Rule("line", "promotion", r"\W{0,3}(you can )?(follow|like|find|join|connect with) (us|me|him|her|them|@\w+|[\w’'. -]{2,40}) on (facebook|twitter|x|instagram|telegram|linkedin|mastodon|bluesky|youtube|threads|google news|whatsapp|social media).{0,60}|follow @\w+.{0,40}", "<p>Follow us on Facebook or by post</p>"),
    Rule("address", "promotion", r"\W{0,3}((you can )?(follow|like|find|join) .{2,40} on (facebook|twitter|x|instagram|telegram|linkedin|mastodon|bluesky|youtube|threads)|(contact|email|write to|reach) [^.!?]{2,60} (at|via|on)|(follow|twitter|e-?mail|contact|почта)\W{1,3}@?)\s?.{0,80}", "<p>Write to the desk at https://courier.example/desk</p>"),
    Rule("address", "promotion", r"follow (us|the|@)[^.!?]{0,60} on (facebook|twitter|x|instagram|telegram)\b.{0,300}", "<p>Follow The Courier on Twitter and Instagram @courier, and if you would rather write by hand, send a postcard to the desk of the ferry, or mail desk@courier.example</p>"),
    Rule("line", "related", r"\W{0,3}(read( more| next| also| this)?|related|see (also|more)|also read|also see|on \w{3,30}\.(com|org|net)|don[’']t miss|more on this|watch( more)?|listen|background|also on .{2,30}|recommended|trending|in pictures|читайте также|подробнее|смотрите также|по теме|читать также) ?[:|] ?.{2,160}|(另见|另見|延伸|推荐阅读)\s?[:：] ?.{2,160}", "<p>Don’t miss: the ferry that never left</p>"),
    Rule("line", "copyright", r"this material may not be published, broadcast.{0,100}|(no part of this|reproduction (in whole|of)).{0,160}|все права защищены.{0,120}|(при|любое) (использовании|использование|полном|копировании|перепечатке|цитировании).{0,120}(ссылка|запрещен|согласия|разрешения).{0,80}|перепечатка.{0,120}(запрещ|ссылк|разрешен).{0,60}", "<p>This material may not be published, broadcast or rewritten.</p>"),
    Rule("phrase", "copyright", r"ll rights reserved", "<p>The Saltmouth Courier. All rights reserved.</p>"),
    Rule("line", "page", r"(you are|you[’']re|you seem to be) using an? (old|older|outdated|unsupported)\b.{0,40}browser.{0,200}|please (update|upgrade) your browser.{0,100}", "<p>You are using an older browser. Some pages may look odd.</p>"),
    Rule("line", "notice", r"(this (post|article|page|story)|our (posts|articles)|we)\b.{0,60}\b(contains?|includes?|use) .{0,30}affiliate.{0,200}|by signing up,? (you|i) (agree|consent|accept).{0,300}", "<p>This post may contain affiliate links.</p>"),
    Rule("line", "page", r"(this (web)?site|we|our (web)?site)( and our partners)? uses? (own |third-party )?cookies( (to|on|for|and|in|that|which)\b.{0,300}|\.?)|(accept|reject|allow|manage)( all)?( cookies| preferences)?|cookie (settings|policy|notice|preferences)|by (continuing|using|clicking).{0,120}(agree|consent|accept).{0,120}|(мы|этот сайт|наш сайт) использу(ем|ет).{0,20}(cookie|куки).{0,200}|(本站|本网站|我们)使用.{0,6}cookies?.{0,100}", "<p>We use cookies to improve your visit.</p>"),
    Rule("line", "page", r"(\d+ |no |view |show |hide |load |see |add a? ?|leave a? ?|post a? ?|join the )?(comments?|reply|replies|responses?|conversation|discussion)( \(\d+\)| are closed\.?| below\.?)?|(load|show|view|see) (more|all)( .{2,20})?|be the first to comment\W?|(please )?(log ?in|sign in|register)\b.{0,40}\b(comment|reply)\b.{0,30}|join the conversation\b.{0,250}|we want to hear (what you think|from you)\b.{0,160}|skip to (main )?content|share selection|thanks for contacting us.{0,80}|(оставить |написать |все |показать )?комментари(и|й|ев|ях)( ?\(?\d+\)?| отключены\.?| закрыты\.?)?|(我要|发表|發表|网友|查看|全部|最新|暂无|還沒有|还没有)?评论\s?[（(]?\d*[)）]?|登录后.{0,10}(评论|查看|回复)", "<p>Leave a comment</p><p>Comments (3)</p>"),
    Rule("line", "timestamp", r"(first |last )?(published|updated|posted|modified)( on| at)?(\s?:\s?| ).{0,20}\d{4}.{0,90}|(news )?date\s?: ?\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.{0,60}|(опубликовано|обновлено|дата( публикации)?|добавлено)\s?:? .{0,20}\d{4}.{0,30}|\d{1,2} (января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря) \d{4}( г\.?| года)?([ ,в]+\d{1,2}:\d\d)?", "<p>Last updated: 6 May 2021, 7:08</p>"),
    # Around the articles of Russian news.
    Rule("line", "promotion", r"\W{0,4}(подписывайтесь|подпишитесь|подписаться|следите за|читайте нас|присоединяйтесь|вступайте|больше новостей|наш (telegram|телеграм)|ещё больше|самое (интересное|важное|главное)|хотите|поддержите|поддержать|помогите|оформите|скачайте|оставайтесь)[^.!?]{0,100}(telegram|телеграм|канал|вконтакте|соцсет|социальных|дзен|дзене|рассылк|подпис|приложени|новост|нас|редакци|страниц|youtube|донат|ежемесячн)[^.!?]{0,80}[.!]?", "<p>Подписывайтесь на наш канал в Telegram!</p>"),
    Rule("line", "notice", r"\W{0,4}(настоящий материал|данное сообщение|данный материал|сообщение|материал)[^.]{0,40}(произвед|создан|распростран).{0,300}(иностранн|агент).{0,200}|\W{1,3}(признан[аоы]?|внес[её]н[аы]?|организация признана|иноагент|власти рф|деятельность).{0,40}(росси|рф|минюст|агент|нежелательн|запрещ|экстремист|реестр).{0,200}", "<p>*Признан в России иностранным агентом.</p>"),
    Rule("line", "promotion", r"(нашли|заметили|обнаружили|увидели) (ошибку|опечатку).{0,120}|(выделите|сообщите об).{0,60}(ctrl|ошибк).{0,60}", "<p>Нашли ошибку? Выделите её и нажмите Ctrl + Enter</p>"),
    # Around the articles of Chinese portals.
    Rule("line", "menu", r"(上一篇|下一篇|上一条|下一条|上一页|下一页|上一頁|下一頁|上一则|下一则)(\s?[:：].{0,80})?|(返回|回到|去)(顶部|首页|列表|目录|頂部|首頁)|【?(打印|关闭|打印本页|关闭窗口|字体|字号)】?([:：\s大中小】【|｜\[\]]|打印|关闭|分享|收藏){0,12}", "<p>上一篇：海港的冬天</p>"),
    Rule("line", "page", r"(浏览|点击|阅读|访问|查看|瀏覽|閱讀)(次数|量|数|人次|次數)\s?[:：]?\s?\d[\d,.万]*\s?次?|违法和不良信息举报.{0,60}", "<p>浏览次数：1204</p>"),
    Rule("phrase", "page", r"ICP(备|证|備)\w{0,4}\d|公网安备|服务许可证\w?\d|节目许可证\w?\d|京网文", "<p>海港网 港ICP备12345678号</p>"),

    # Captions known by their words, right after a picture.
    Rule("caption", "caption", r"(▲|△|▼|↑|←|【?(图|圖)[一二三四五六七八九十\d]{0,2}(为|為|注|说|：|:|／|/|\|)|(图|圖|照)片?(说明|說明|来源|來源)|Photo|Image|Credit|Source|[（(]?来自[:：]).{0,200}", "<p><img></p><p>图为新落成的车站，昨天开放参观。</p>"),
    Rule("caption", "caption", r".{0,200}[（(〈［【][^（）()]{0,40}(供图|供圖|图源|圖源|图片|圖片|资料图|資料圖|照片|摄|攝|提供|档案|檔案|来源|來源|授权|photo|getty|reuters|AFP|路透|法新|美联|新华|中新)[^（）()]{0,20}[)）〉］】].{0,20}", "<p><img></p><p>游客昨天在湖边散步。（王五摄）</p>"),
    Rule("caption", "caption", r"[^|©]{3,250}[|©]\s?.{0,40}(getty|reuters|AFP|AP|EPA|shutterstock|bloomberg|istock|alamy)( images| photo)?\W{0,3}", "<p><img></p><p>The mayor at the pier. | A. Nobody/Getty Images</p>"),
    Rule("line", "caption", r"(图|圖|图表|圖表)\s?\d{1,2}([-.]\d{1,2})?\s?[:：]\s?.{1,100}", "<p>图 3：海港的新大厅</p>"),
    Rule("line", "caption", r"[▲△].{1,100}", "<p>▲ 车站的新大厅。</p>"),

    # Zhihu puts the answerer first.
    Rule("first", "author", r".{1,40}的回答", "<div>某甲的回答</div>"),

    # Other articles, listed under a line of their own.
    Rule("related", "footer", r"关键词|關鍵詞|关键字|關鍵字", "<h3>关键词</h3><p>渡轮、雾</p>"),
    Rule("related", "related", rf"[【\[(（]?({_RELATED}){_AND_ITS_TITLE}", "<h3>延伸阅读</h3><ul><li>另一篇报道</li></ul>"),
    Rule("related", "related", rf"[【\[(（]?(related( posts| articles| stories)?|read (more|next)|up next|see also|further reading|more from .{{2,30}}|more (on this story|stories|coverage|about( this)?)|recommended( stories| reading)?|you (may|might) also (like|be interested in)\s?[.…]{{0,3}}|most (read|popular)|latest (in .{{2,30}}|news|stories|posts)|читайте также|материалы по теме|новости по теме|по теме|смотрите также|ещё по теме|рекомендуем( почитать)?){_AND_ITS_TITLE}", "<h3>Further reading</h3><ul><li>A year in the harbour</li></ul>"),

    # The rest is the mirror's.
    Rule("ending", "footer", r"(获取|獲取)更多RSS.*", "<div>获取更多RSS：<br>某个地址</div>"),  # feedx
)
# fmt: on


class Rules:
    """A rule table made ready for use."""

    def __init__(self, rules: Iterable[Rule] = RULES) -> None:
        rules = tuple(rules)
        table = [(rule, rule.pattern) for rule in rules]
        self._tables = {
            place: _Table(one for one in table if one[0].place == place)
            for place in ("element", "address", "tags", "caption", "note", "closing")
        }
        self._lines = _ByScript(
            one for one in table if one[0].place in {"line", "related", "ending"}
        )
        self._edges = {
            place: _ByScript(one for one in table if one[0].place == place)
            for place in ("first", "last")
        }
        self._phrases = [
            (rule, re.compile(pattern)) for rule, pattern in table if rule.place == "phrase"
        ]
        self._any_phrase = re.compile("|".join(rule.pattern for rule, _ in self._phrases) or _NEVER)
        self._tags_with_classes = frozenset(
            tag
            for rule in rules
            if rule.place == "element"
            for alternative in alternatives(rule.pattern)
            if (found := _CLASS_OF_TAGS.match(alternative))
            for tag in found[1].split("|")
        )
        self.token = lru_cache(maxsize=8192)(self._tables["element"].match)
        self.element = lru_cache(maxsize=4096)(self._element)

    def match(self, place: Place, text: str) -> Rule | None:
        """Return a rule of this place that all of the text matches, or None."""
        edges = self._edges.get(place)
        return self._tables[place].match(text) if edges is None else edges.match(text)

    def line(self, text: str) -> Rule | None:
        """Return the rule that drops a line as it stands, or with what follows, or None."""
        length = len(text)
        rule = None
        if length <= _LONGEST_WITH_MARK:
            if "://" in text or "@" in text:
                rule = self.match("address", text)
            if rule is None and ("#" in text or "|" in text or "｜" in text or "＃" in text):
                rule = self.match("tags", text)
        if rule is None and length <= _LONGEST_LINE:
            rule = self._lines.match(text)
        if rule is None and length <= _LONGEST_WITH_PHRASE:
            rule = self._phrase(text)
        return rule

    def _phrase(self, text: str) -> Rule | None:
        # One search for all of them is several times faster than one each.
        if self._any_phrase.search(text) is None:
            return None
        return next(rule for rule, pattern in self._phrases if pattern.search(text))

    def _element(
        self, tag: str, classes: str | None, identifier: str | None, draft_type: str | None
    ) -> Rule | None:
        """Return a rule that drops such an element, or None.

        :param classes: the value of ``class``, likewise for ``id`` and ``data-draft-type``.
        """
        rule = self.token(tag)
        if rule is None and identifier is not None:
            rule = self.token(f"#{identifier}")
        if rule is None and draft_type is not None:
            rule = self.token(f"data-draft-type={draft_type}")
        if rule is None and classes and tag not in {"html", "body"}:
            names = classes.split()
            rule = next(filter(None, (self.token(f".{name}") for name in names)), None)
            if rule is None and tag in self._tags_with_classes:
                found = (self.token(f"{tag}.{name}") for name in names)
                rule = next(filter(None, found), None)
        return rule


def _begins_with_letter(text: str) -> bool:
    # As a rule it is a Han character, which needs no search.
    return not "\u3400" <= text[:1] <= "\u9fff" and _BEGINS_WITH_LETTER.match(text) is not None


class _Table:
    """Patterns and their rules, and one regular expression that tells whether any of them matches."""

    def __init__(self, patterns: Iterable[tuple[Rule, str]]) -> None:
        found = [(rule, without_groups(pattern)) for rule, pattern in patterns]
        self._rules = [rule for rule, _ in found]
        self._patterns = [pattern for _, pattern in found]

    def match(self, text: str) -> Rule | None:
        """Return the first rule that all of a text matches, or None."""
        if self._any.fullmatch(text) is None:
            return None
        if len(self._rules) == 1:
            return self._rules[0]
        found = self._each.fullmatch(text)
        return self._rules[found.lastindex - 1] if found and found.lastindex else None

    @cached_property
    def _any(self) -> re.Pattern[str]:
        # Made when it is needed: many letters never begin a line.
        return re.compile("|".join(self._patterns) or _NEVER, re.IGNORECASE)

    @cached_property
    def _each(self) -> re.Pattern[str]:
        """The same with a group for each pattern, which takes twice the time."""
        return re.compile("|".join(f"({pattern})" for pattern in self._patterns), re.IGNORECASE)


class _ByScript:
    """Patterns for lines, of which one is tried only on lines in a script that it has words of.

    Those for Han letters are tried only on lines that begin with a letter, or with anything else, with
    which they may begin.
    """

    def __init__(self, table: Iterable[tuple[Rule, str]]) -> None:
        parts = [(rule, part) for rule, pattern in table for part in alternatives(pattern)]
        self._place = {rule: number for number, (rule, _) in enumerate(parts)}
        anyhow = []
        signs = []
        self._by_letter: dict[str, list[_Table]] = {}
        for one in parts:
            if not is_for(one[1], HAN, but_not=LETTERS):
                continue
            letters = begins(one[1])
            if letters is None:
                anyhow.append(one)
                continue
            if "" in letters:
                signs.append(one)
            own = _Table([one])  # for all its letters: to compile a pattern takes long
            for letter in letters - {""}:
                self._by_letter.setdefault(letter, []).append(own)
        self._han = _Table(anyhow)
        self._by_letter[""] = [_Table(signs)]
        self._letters = _Table(one for one in parts if is_for(one[1], LETTERS, but_not=HAN))

    def match(self, text: str) -> Rule | None:
        """Return the first rule that all of a text matches, or None."""
        is_ascii = text.isascii()
        rule = None if is_ascii else self._match_han(text)
        if rule is None and (is_ascii or _begins_with_letter(text)):
            rule = self._letters.match(text)
        return rule

    def _match_han(self, text: str) -> Rule | None:
        rule = self._han.match(text)
        for table in self._by_letter.get(begin(text), ()):
            other = table.match(text)
            if other is not None and (rule is None or self._place[other] < self._place[rule]):
                rule = other
        return rule
