"""``newsquote keys``: give out, list and take back the keys of programs that ask over HTTP."""

import argparse
import sys

from config.settings import Settings
from qa.web.keys import add_key, read_keys, revoke_key


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Carry out the action; 0 when it is done.

    :raises KeysUnusable: if the file of keys cannot be used.
    """
    return {"add": _add, "list": _list, "revoke": _revoke}[args.action](args, settings)


def _add(args: argparse.Namespace, settings: Settings) -> int:
    key = add_key(settings.serve.keys, args.name, args.per_minute)
    sys.stderr.write(
        "Keep it well: it is shown once. Programs send it as 'Authorization: Bearer'.\n"
    )
    print(key)  # noqa: T201 - the command line prints
    return 0


def _list(_: argparse.Namespace, settings: Settings) -> int:
    for key in read_keys(settings.serve.keys).values():
        share = settings.serve.key_per_minute if key.per_minute is None else key.per_minute
        limit = f"{share} a minute" if share else "no limit"
        print(f"{key.name}\t{key.created}\t{limit}")  # noqa: T201 - the command line prints
    return 0


def _revoke(args: argparse.Namespace, settings: Settings) -> int:
    revoke_key(settings.serve.keys, args.name)
    print(f"{args.name} is revoked")  # noqa: T201 - the command line prints
    return 0
