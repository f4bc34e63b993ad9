"""Write ``index/text/variants.txt``: traditional Chinese characters and their simplified forms.

The table is OpenCC's, character by character. It is kept as a file because importing OpenCC takes
as long as answering a question does; a test compares the two.

Run: ``python tools/make_variants.py``
"""

from pathlib import Path

import opencc

TARGET = Path(__file__).parent.parent / "index" / "text" / "variants.txt"
BLOCKS = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""The blocks of Han characters in Unicode 15."""


def variants() -> dict[str, str]:
    """Return every traditional character whose simplified form is another single character."""
    convert = opencc.OpenCC("t2s").convert
    characters = (chr(code) for first, last in BLOCKS for code in range(first, last + 1))
    pairs = ((character, convert(character)) for character in characters)
    return {before: after for before, after in pairs if before != after and len(after) == 1}


def main() -> None:
    """Write the table: one line of traditional characters, one of simplified, aligned."""
    table = variants()
    TARGET.write_text("".join(table) + "\n" + "".join(table.values()) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(table)} characters")


if __name__ == "__main__":
    main()
