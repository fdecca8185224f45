"""Make the fonts of letters from the upstream files; run once when they are updated.

    python -m outreach.rendering.fonts.build PATH/noto-sans PATH/noto-sans-sc

The two folders are the npm packages `@expo-google-fonts/noto-sans` and `@expo-google-fonts/noto-sans-sc` unpacked.
Small fonts carry the text of letters; the whole regular Chinese font stands last, for rare characters in names.
Families are renamed so that one font description never matches two files.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent
EUROPEAN = [*range(0x20, 0x530), *range(0x1E00, 0x2000), *range(0x2000, 0x2300), 0xFFFD]
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}


def gb2312() -> list[int]:
    """The code points of GB 2312: the 6,763 common characters and its punctuation."""
    rows = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    decoded = (pair.decode("gb2312", errors="ignore") for pair in rows)
    return [*range(0x20, 0x7F), *(ord(character) for character in decoded if character)]


def make(source: Path, family: str, weight: str, code_points: list[int] | None) -> None:
    """Write `family` in `weight` with only `code_points` (None: all of them), under its own name."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=code_points or font.getBestCmap())
    subsetter.subset(font)
    names = {1: family, 2: weight, 4: f"{family} {weight}", 6: f"{family.replace(' ', '')}-{weight}"}
    for record in list(font["name"].names):
        if record.nameID in names:
            record.string = names[record.nameID]
        elif record.nameID in (16, 17, 21, 22, 25):
            font["name"].removeNames(nameID=record.nameID)
    font.save(FOLDER / f"{family.replace(' ', '')}-{weight}.ttf")


def build(latin: Path, chinese: Path) -> None:
    """Write every font and the licences into this folder."""
    for weight, folder in WEIGHTS.items():
        make(next((latin / folder).glob("*.ttf")), "Letter", weight, EUROPEAN)
        make(next((chinese / folder).glob("*.ttf")), "Letter Hanzi", weight, gb2312())
    make(next((chinese / WEIGHTS["Regular"]).glob("*.ttf")), "Letter Hanzi Full", "Regular", None)
    shutil.copy(latin / "LICENSE_FONT", FOLDER / "OFL-Noto-Sans.txt")
    shutil.copy(chinese / "LICENSE_FONT", FOLDER / "OFL-Noto-Sans-SC.txt")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
