"""``newsquote check-quote TEXT``: whether a quotation stands in the archive, and what was changed."""

import argparse
import json
import sys
from pathlib import Path

from config.settings import Settings
from index.errors import NewsquoteError
from qa.checking.as_json import check_as_json
from qa.checking.verdicts import Claim
from qa.commands.ask import source_named
from qa.commands.look import wants_colour
from qa.commands.present_check import check_as_text, summary
from qa.opening import open_service
from qa.service import Service

ALL_VERIFIED, SOMETHING_ELSE = 0, 1


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print the verdicts; 0 when all quotations are verified, 1 when one is not or there is none."""
    settings = settings.with_flags(index={"dir": args.index})
    text = _read(args.file) if args.file else args.text
    with open_service(settings) as service:
        claim = _claim(args, service)
        if args.file or text == "-":
            text = text if args.file else sys.stdin.read()
            checks = service.check_quotes(text, claim)
        else:
            checks = [service.check_quote(text, claim)]
    if args.json:
        print(json.dumps([check_as_json(one) for one in checks], ensure_ascii=False, indent=2))
    else:
        sys.stdout.write("\n".join(check_as_text(one, colour=wants_colour()) for one in checks))
        if len(checks) != 1:
            sys.stdout.write(summary(checks))
    all_verified = bool(checks) and all(one.verified for one in checks)
    return ALL_VERIFIED if all_verified else SOMETHING_ELSE


def _claim(args: argparse.Namespace, service: Service) -> Claim:
    source = None if args.source is None else source_named(args.source, service)
    return Claim(source, args.date, args.author)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NewsquoteError(f"{path}: expected a text in UTF-8, found {error.reason}") from error
