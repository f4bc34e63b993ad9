"""The bot in Chinese, traditional characters."""

from bot.showing.texts.sentences import Texts

TRADITIONAL = Texts(
    name="繁體中文",
    start=(
        "您好！我逐字引用新聞檔案庫中的原文來回答問題，每段引文都註明出處。\n\n"
        "直接把問題傳給我即可，任何語言都可以。\n/help 查看更多用法。"
    ),
    greeting="大家好！我引用新聞檔案庫中的原文來回答問題。\n\n在群組裡我只閱讀傳給我的訊息：/ask 加問題、提到 @{bot} 的訊息，或對我的回覆。每位成員的對話互不影響。",
    examples="例如：",
    help=(
        "把問題傳給我，我會逐字引用檔案庫中的段落作答：回答問題的句子以粗體顯示，"
        "引文下方的一行可開啟原文。\n\n"
        "答覆下方的按鈕可以翻看更多引文、引文的上下文和所在的文章。修改您的問題，答覆也會隨之更新。\n\n"
        "可以在問題裡直接限定範圍：年月、來源，或用引號括住的詞句。"
        "緊接著的簡短追問會沿用上一個問題。\n\n"
        "/ask 問題 – 提問；在群組裡我只回應這個指令、@我的訊息和對我的回覆\n"
        "/new – 忘記之前的問題\n"
        "/since 2021-12、/until 2022-03 – 只看這段時間發布的文章\n"
        "/source 名稱 – 只看這個來源的文章\n"
        "/sources 部分名稱 – 列出來源\n"
        "/latest – 最新的文章\n"
        "/reset – 恢復搜尋整個檔案庫\n"
        "/watch 問題 – 有新文章能回答時通知我；/watch daily 問題 – 每天一次\n"
        "/watches – 查看追蹤的問題\n"
        "/language – 選擇我使用的語言\n"
        "/forget – 刪除我儲存的所有與您有關的資料\n"
        "/help – 顯示本說明\n\n"
        "在任何聊天中輸入 @{bot} 和問題，即可插入一段引文。"
    ),
    forgotten="已忘記之前的問題，下一個問題將重新開始。",
    ask_usage="請把問題寫在指令後面：/ask 港口的事是怎麼決定的？",
    small_talk="您好！請針對新聞檔案庫的內容提問，我會引用原文作答。",
    only_text="我只能閱讀文字，請把問題寫成文字。",
    unknown_command="我不認識這個指令。/help 查看用法。",
    only_private="請在私人聊天中這樣做：https://t.me/{bot}",
    failed="我這邊出了點問題，已記錄下來。請稍後再試。",
    nothing_found="檔案庫中沒有能回答這個問題的內容。",
    empty_archive="檔案庫是空的：索引中沒有任何文章。",
    nothing_more="檔案庫中沒有更多內容能回答這個問題。",
    mention="提到「{name}」的文章：{count} 篇",
    near_misses="以下內容最為接近，但並不能回答這個問題。",
    period="時間範圍：{window}",
    preferred="優先時間：{window}",
    widened="{window} 期間沒有能回答的內容，已改為搜尋所有日期",
    nearest="{window} 期間沒有能回答的內容；最接近的是 {nearest}",
    archive="檔案庫中的文章時間為 {window}",
    no_latest="沒有註明日期的文章。",
    latest="最新的文章，按下按鈕即可引用：",
    source="來源：{source}",
    follow_up="理解為：{text}",
    asked="提問：{text}",
    also="另有 {count} 個來源刊登相同內容",
    truncated="檔案庫中只有這篇文章的開頭。",
    title_only="檔案庫中只有這篇文章的標題。",
    only_a_title="只有標題：{title}",
    continues="（續下頁）",
    continued="（承上頁）",
    show_near="查看最接近的引文",
    show_mentions="查看這些文章",
    mentioning="以下內容提到「{name}」：",
    all_dates="不限時間",
    open_article="開啟原文",
    copy_citation="複製出處",
    share="分享",
    surroundings="上下文",
    card="文章資訊",
    back="返回",
    author="作者：{author}",
    date="日期：{date}",
    file="檔案：{file}",
    not_yours="這些按鈕只有提問者本人可以使用。",
    answer_gone="這則答覆已不再保留，請重新提問。",
    passage_gone="檔案庫已更新，其中不再有這段內容，請重新提問。",
    noted="謝謝，已記錄。",
    choose_language="請選擇我使用的語言：",
    language_automatic="跟隨 Telegram 的設定",
    language_set="我將使用繁體中文。",
    date_usage="請寫一個過去的年份、月份或日期：{command} 2021-12。/reset 取消限制。",
    source_usage="請把來源寫在指令後面：/source {example}。/reset 取消限制。",
    unknown_source="檔案庫中沒有名為「{source}」的來源。",
    no_sources="這個檔案庫中的文章沒有註明來源。",
    which_source="有多個來源符合，請選擇：",
    sources="檔案庫中的來源：{count} 個。按下按鈕即只搜尋該來源。",
    in_force="目前的限定條件：{filters}。/reset 取消限制。",
    no_filters="現在搜尋整個檔案庫。",
    no_such_period="不可能既從{since}起又到{until}為止；/reset 可取消現有限制。",
    no_rights="您在「{chat}」裡問我，但我無權在那裡發言。那裡的管理員可以更改。",
    stranger="抱歉，這個機器人不對外開放。如果您應有使用權限，請把您的 Telegram ID 告訴管理員：{user_id}",
    welcome="歡迎！您的邀請碼已生效。",
    bad_code="邀請碼無效或已被使用。",
    invitation="此連結可讓一個人加入一次，{days} 天內有效：\n{link}\n\n或者：/start {code}",
    only_admins="只有管理員可以這樣做。",
    too_fast="您的請求太多，我一時答不過來。請等待 {seconds} 秒。",
    too_many="您已有 {count} 個問題在等待，這一個暫不處理，請稍後再問。",
    watch_usage="請把名稱或問題寫在指令後面：/watch 蒼鷺大橋；每天通知一次：/watch daily 蒼鷺大橋",
    watching="已開始追蹤「{question}」，有新文章能回答時會在這裡通知您。/watches",
    watching_daily="已開始追蹤「{question}」，有新文章能回答時，每天在這裡通知一次。/watches",
    watches="您追蹤的問題如下，按下按鈕即可取消：",
    no_watches="您沒有追蹤任何問題。/watch 問題 即可開始。",
    unwatched="已取消。",
    only_group_admins="在群組中只有管理員可以這樣做。",
    told_otherwise="已更改。",
    at_once="立即",
    once_a_day="每天一次",
    too_many_watches="您已追蹤 {count} 個問題，請先取消一個：/watches",
    news="檔案庫中與「{question}」有關的新內容：",
    more_news="另有 {count} 段",
    digest="檔案庫中的新內容",
    inline_hint="輸入問題即可引用檔案庫",
    inline_nothing="檔案庫中沒有能回答這個問題的內容",
    forget_ask="要刪除我儲存的所有與您有關的資料嗎？包括問題、答覆、限定條件、語言、評價、追蹤和邀請。",
    forget_yes="刪除",
    forget_done="我儲存的所有與您有關的資料都已刪除。",
    status=(
        "索引版本：{generation}\n文章：{articles}\n段落：{passages}\n模型：{model}\n"
        "記憶體：{memory} MB\n啟動以來的答覆：{answers}\n"
        "答覆時間：{median} 毫秒（中位數），{p95} 毫秒（95%）\n等待中：{queue}"
    ),
    indexing="正在讀取檔案庫…… {seconds} 秒",
    indexed="新的索引已啟用。\n文章：{articles}\n段落：{passages}\n略過的檔案：{skipped}",
    unchanged="沒有變化，索引已是最新。",
    followed=("設定中的檔案庫路徑已更改。索引原來取自 {before}，現在改為 {paths}。"),
    not_indexed="索引沒有變化：{reason}",
    already_indexing="更新正在進行，新的內容會在其後讀取。",
    document_reading="正在讀取 {name}…",
    document_left_out="未加入：{reasons}",
    document_added="已加入檔案庫：{names}",
    document_refused="{name} 被拒絕：{reason}",
    commands=(
        ("ask", "向檔案庫提問"),
        ("new", "忘記之前的問題"),
        ("since", "只看此後發布的文章"),
        ("until", "只看此前發布的文章"),
        ("source", "只看一個來源"),
        ("latest", "查看最新的文章"),
        ("sources", "查看所有來源"),
        ("reset", "恢復搜尋整個檔案庫"),
        ("watch", "有新文章時通知我"),
        ("watches", "查看追蹤的問題"),
        ("language", "選擇語言"),
        ("forget", "刪除所有與我有關的資料"),
        ("help", "使用說明"),
    ),
    admin_commands=(
        ("status", "查看運作狀態"),
        ("reindex", "更新索引"),
        ("invite", "產生邀請碼"),
    ),
)
