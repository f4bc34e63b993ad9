"""The bot in Chinese, simplified characters."""

from bot.showing.texts.sentences import Texts

SIMPLIFIED = Texts(
    name="简体中文",
    start=(
        "您好！我逐字引用新闻档案中的原文来回答问题，每段引文都注明出处。\n\n"
        "直接把问题发给我即可，任何语言都可以。\n/help 查看更多用法。"
    ),
    greeting="大家好！我引用新闻档案中的原文来回答问题。\n\n在群组里我只阅读发给我的消息：/ask 加问题、提到 @{bot} 的消息，或对我的回复。每位成员的对话互不影响。",
    examples="例如：",
    help=(
        "把问题发给我，我会逐字引用档案中的段落作答：回答问题的句子以粗体显示，"
        "引文下方的一行可打开原文。\n\n"
        "答复下方的按钮可以翻看更多引文、引文的上下文和所在的文章。修改您的问题，答复也会随之更新。\n\n"
        "可以在问题里直接限定范围：年月、来源，或用引号括住的词句。"
        "紧接着的简短追问会沿用上一个问题。\n\n"
        "/ask 问题 – 提问；在群组里我只回应这个命令、@我的消息和对我的回复\n"
        "/new – 忘记之前的问题\n"
        "/since 2021-12、/until 2022-03 – 只看这段时间发表的文章\n"
        "/source 名称 – 只看这个来源的文章\n"
        "/sources 部分名称 – 列出来源\n"
        "/latest – 最新的文章\n"
        "/reset – 恢复检索全部档案\n"
        "/watch 问题 – 有新文章能回答时通知我；/watch daily 问题 – 每天一次\n"
        "/watches – 查看关注的问题\n"
        "/language – 选择我使用的语言\n"
        "/forget – 删除我保存的关于您的一切\n"
        "/help – 显示本说明\n\n"
        "在任何聊天中输入 @{bot} 和问题，即可插入一段引文。"
    ),
    forgotten="已忘记之前的问题，下一个问题将重新开始。",
    ask_usage="请把问题写在命令后面：/ask 港口的事是怎么决定的？",
    small_talk="您好！请就档案内容提问，我会引用原文作答。",
    only_text="我只能阅读文字，请把问题写成文字。",
    unknown_command="我不认识这个命令。/help 查看用法。",
    only_private="请在私聊中这样做：https://t.me/{bot}",
    failed="我这边出了点问题，已记录下来。请稍后再试。",
    nothing_found="档案中没有能回答这个问题的内容。",
    empty_archive="档案是空的：索引中没有任何文章。",
    nothing_more="档案中没有更多内容能回答这个问题。",
    mention="提到“{name}”的文章：{count} 篇",
    near_misses="以下内容最为接近，但并不能回答这个问题。",
    period="时间范围：{window}",
    preferred="优先时间：{window}",
    widened="{window} 期间没有能回答的内容，已检索全部日期",
    nearest="{window} 期间没有能回答的内容；最接近的是 {nearest}",
    archive="档案中的文章时间为 {window}",
    no_latest="没有注明日期的文章。",
    latest="最新的文章，点按钮即可引用：",
    source="来源：{source}",
    follow_up="理解为：{text}",
    asked="提问：{text}",
    also="另有 {count} 个来源刊登相同内容",
    truncated="档案中只有这篇文章的开头。",
    title_only="档案中只有这篇文章的标题。",
    only_a_title="只有标题：{title}",
    continues="（转下页）",
    continued="（接上页）",
    show_near="查看最接近的引文",
    show_mentions="查看这些文章",
    mentioning="以下内容提到“{name}”：",
    all_dates="不限时间",
    open_article="打开原文",
    copy_citation="复制出处",
    share="分享",
    surroundings="上下文",
    card="文章信息",
    back="返回",
    author="作者：{author}",
    date="日期：{date}",
    file="文件：{file}",
    not_yours="这些按钮只有提问者本人可以使用。",
    answer_gone="这条答复已不再保存，请重新提问。",
    passage_gone="档案已更新，其中不再有这段内容，请重新提问。",
    noted="谢谢，已记录。",
    choose_language="请选择我使用的语言：",
    language_automatic="跟随 Telegram 的设置",
    language_set="我将使用简体中文。",
    date_usage="请写一个过去的年份、月份或日期：{command} 2021-12。/reset 取消限制。",
    source_usage="请把来源写在命令后面：/source {example}。/reset 取消限制。",
    unknown_source="档案中没有名为“{source}”的来源。",
    no_sources="这个档案中的文章没有注明来源。",
    which_source="有多个来源符合，请选择：",
    sources="档案中的来源：{count} 个。点按钮即只检索该来源。",
    in_force="当前限定：{filters}。/reset 取消限制。",
    no_filters="现在检索全部档案。",
    no_such_period="不可能既从{since}起又到{until}为止；/reset 可取消现有限制。",
    no_rights="您在“{chat}”里问我，但我无权在那里发言。那里的管理员可以更改。",
    stranger="抱歉，这个机器人不对外开放。如果您应当有权使用，请把您的 Telegram ID 告诉管理员：{user_id}",
    welcome="欢迎！您的邀请码已生效。",
    bad_code="邀请码无效或已被使用。",
    invitation="此链接可让一个人加入一次，{days} 天内有效：\n{link}\n\n或者：/start {code}",
    only_admins="只有管理员可以这样做。",
    too_fast="您的请求太多，我一时答不过来。请等待 {seconds} 秒。",
    too_many="您已有 {count} 个问题在等待，这一个暂不处理，请稍后再问。",
    watch_usage="请把名称或问题写在命令后面：/watch 苍鹭大桥；每天通知一次：/watch daily 苍鹭大桥",
    watching="已关注“{question}”，有新文章能回答时会在这里通知您。/watches",
    watching_daily="已关注“{question}”，有新文章能回答时，每天在这里通知一次。/watches",
    watches="您关注的问题如下，点按钮即可取消：",
    no_watches="您没有关注任何问题。/watch 问题 即可开始。",
    unwatched="已取消。",
    only_group_admins="在群组中只有管理员可以这样做。",
    told_otherwise="已更改。",
    at_once="立即",
    once_a_day="每天一次",
    too_many_watches="您已关注 {count} 个问题，请先取消一个：/watches",
    news="档案中关于“{question}”的新内容：",
    more_news="另有 {count} 段",
    digest="档案中的新内容",
    inline_hint="输入问题即可引用档案",
    inline_nothing="档案中没有能回答这个问题的内容",
    forget_ask="要删除我保存的关于您的一切吗？包括问题、答复、限定条件、语言、评价、关注和邀请。",
    forget_yes="删除",
    forget_done="我保存的关于您的一切已删除。",
    status=(
        "索引版本：{generation}\n文章：{articles}\n段落：{passages}\n模型：{model}\n"
        "内存：{memory} MB\n启动以来的答复：{answers}\n"
        "答复用时：{median} 毫秒（中位数），{p95} 毫秒（95%）\n等待中：{queue}"
    ),
    indexing="正在读取档案…… {seconds} 秒",
    indexed="新的索引已启用。\n文章：{articles}\n段落：{passages}\n跳过的文件：{skipped}",
    unchanged="没有变化，索引已是最新。",
    followed=("设置中的档案路径已更改。索引原来取自 {before}，现在改为 {paths}。"),
    not_indexed="索引没有变化：{reason}",
    already_indexing="更新正在进行，新的内容会在其后读取。",
    document_reading="正在读取 {name}…",
    document_left_out="未加入：{reasons}",
    document_added="已加入档案：{names}",
    document_refused="{name} 被拒绝：{reason}",
    commands=(
        ("ask", "向档案提问"),
        ("new", "忘记之前的问题"),
        ("since", "只看此后发表的文章"),
        ("until", "只看此前发表的文章"),
        ("source", "只看一个来源"),
        ("latest", "查看最新的文章"),
        ("sources", "查看所有来源"),
        ("reset", "恢复检索全部档案"),
        ("watch", "有新文章时通知我"),
        ("watches", "查看关注的问题"),
        ("language", "选择语言"),
        ("forget", "删除关于我的一切"),
        ("help", "使用说明"),
    ),
    admin_commands=(
        ("status", "查看运行状态"),
        ("reindex", "更新索引"),
        ("invite", "生成邀请码"),
    ),
)
