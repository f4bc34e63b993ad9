"""The limits of the Bot API in one table, each with where it is written."""

# https://core.telegram.org/bots/api#sendmessage: "1-4096 characters after entities parsing".
# Counted here in UTF-16 units, as entities are: never laxer than Telegram.
MESSAGE_UNITS = 4096

# https://limits.tginfo.me and core.telegram.org/api/entities: what comes after the first hundred
# entities of a message is dropped without a word.
MESSAGE_ENTITIES = 100

# tdlib/td td/telegram/misc.cpp, clean_input_string: LENGTH_LIMIT, in bytes of UTF-8.
INPUT_BYTES = 35_000

# https://core.telegram.org/bots/api#getupdates: limit 1-100; Client.cpp caps timeout at 50 s.
UPDATES_LIMIT = 100
UPDATES_TIMEOUT_S = 50

# https://core.telegram.org/bots/api#getting-updates: "not longer than 24 hours"; callback queries
# expire sooner in Client.cpp.
MESSAGE_EXPIRES_S = 24 * 3600
CALLBACK_EXPIRES_S = 150

# https://core.telegram.org/bots/api#setmycommands and #botcommand.
COMMANDS = 100
COMMAND_CHARS = 32
COMMAND_DESCRIPTION_CHARS = 256

# https://core.telegram.org/bots/api#answercallbackquery: text "0-200 characters".
CALLBACK_TEXT_CHARS = 200

# https://core.telegram.org/bots/api#inlinekeyboardbutton: callback_data of "1-64 bytes". More than
# a hundred buttons are refused by the server; more than eight in a row look broken.
CALLBACK_DATA_BYTES = 64
BUTTONS = 100
BUTTONS_A_ROW = 8

# https://core.telegram.org/bots/api#copytextbutton: text "1-256 characters", here in UTF-16 units.
COPY_TEXT_UNITS = 256

# tdlib/td td/telegram/LinkManager.cpp: an address is at most so long; longer ones are no links.
URL_CHARS = 2048

# https://core.telegram.org/bots/api#rich-message-formatting-options: characters of text (here UTF-16
# units, buttons among them), blocks with all that they hold, nesting; #inputrichblockbuttons: "1-8
# buttons".
RICH_UNITS = 32_768
RICH_BLOCKS = 500
RICH_DEPTH = 16
RICH_BUTTONS_A_ROW = 8

# https://core.telegram.org/bots/api#inlinequery: query "up to 256 characters";
# #answerinlinequery: "No more than 50 results", next_offset "can't exceed 64 bytes";
# #inlinequeryresultarticle: id "1-64 bytes"; #inlinequeryresultsbutton: start_parameter
# "1-64 characters". An inline query expires after 30 s in Client.cpp.
INLINE_QUERY_CHARS = 256
INLINE_RESULTS = 50
INLINE_OFFSET_BYTES = 64
INLINE_ID_BYTES = 64
START_PARAMETER_CHARS = 64
INLINE_EXPIRES_S = 30

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: "In a group, bots
# are not be able to send more than 20 messages per minute".
GROUP_MESSAGES = 20
GROUP_MESSAGES_S = 60

# https://core.telegram.org/bots/api#replyparameters: quote "0-1024 characters after entities parsing".
REPLY_QUOTE_UNITS = 1024

# https://core.telegram.org/bots/api#inlinekeyboardbutton: the values of style.
BUTTON_STYLES = frozenset({"danger", "success", "primary"})

# https://core.telegram.org/bots/api#getfile: "files of up to 20MB in size".
FILE_BYTES = 20_000_000

# https://core.telegram.org/bots/api#setwebhook: ports 443, 80, 88, 8443; secret_token
# "1-256 characters".
WEBHOOK_PORTS = frozenset({None, 443, 80, 88, 8443})
WEBHOOK_SECRET_CHARS = 256

# https://core.telegram.org/bots/api#sendchataction: the values of action.
CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
