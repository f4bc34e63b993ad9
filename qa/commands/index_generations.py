"""``newsquote index generations``: what is kept, and which of it answers."""

import argparse
import json

from config.settings import Settings
from index.building.status import Known
from qa.archiving import archive_of


def generations(args: argparse.Namespace, settings: Settings) -> int:
    """Print the generations that are kept, oldest first."""
    for known in archive_of(settings).generations():
        print(_as_json(known) if args.json else _as_text(known))
    return 0


def _as_json(known: Known) -> str:
    manifest = known.manifest
    values = {
        "generation": known.name,
        "answers": known.answers,
        "created": manifest and manifest.created,
        "articles": manifest and manifest.articles,
        "passages": manifest and manifest.passages,
        "paths": manifest and manifest.paths,
        "encoder": manifest and manifest.encoder.name,
        "bytes": known.bytes,
        "fault": known.fault or None,
    }
    return json.dumps(values, ensure_ascii=False)


def _as_text(known: Known) -> str:
    parts = ["answers" if known.answers else "kept   ", known.name]
    if known.manifest:
        manifest = known.manifest
        parts += [
            f"built {manifest.created}",
            f"{manifest.articles} articles, {manifest.passages} passages",
        ]
    if known.bytes:  # a server does not say
        parts.append(f"{known.bytes / 1e6:.1f} MB")
    if known.fault:
        parts.append(f"cannot answer: {known.fault}")
    return "  ".join(parts)
