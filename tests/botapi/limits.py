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
