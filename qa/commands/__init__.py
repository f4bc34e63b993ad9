"""The sub-commands of ``newsquote``: one module each, with ``run(args, settings) -> int``."""
