"""The PDF: Typst sets `report.typ` from what `paper` says. The same contents give the same bytes.

The PDF is of the archive kind PDF/A-2a and of the accessible kind PDF/UA-1: tagged, with its
language, its fonts inside. No font of the machine is used.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from app.config import ROOT
from app.errors import Unavailable
from reports.figures.frozen.paper import Paper

TEMPLATE = Path(__file__).with_name("report.typ")
FOLDER = ROOT / "web" / "built"  # where the build lays the whole fonts aside
FONTS = ("paper-400.ttf", "paper-600.ttf")
STANDARDS = ("a-2a", "ua-1")


class FontMissing(Unavailable):
    code = "font-missing"
    vi = "Máy chủ chưa có phông chữ để dựng báo cáo. Người vận hành hãy chạy lệnh make pages."
    en = "The font of printed reports is missing. Whoever runs the server should run make pages."


def set_in_type(paper: Paper) -> bytes:
    """The PDF's bytes. Raises FontMissing."""
    import typst  # late: 30 MB that only whoever makes a report needs

    files = {
        "main.typ": TEMPLATE.read_bytes(),
        "report.json": orjson.dumps(paper.document),
        **{name: drawing.encode() for name, drawing in paper.drawings.items()},
    }
    compiled: Any = typst.compile  # it takes files by name, which its types do not tell
    made: bytes = compiled(
        files,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        timestamp=datetime.fromisoformat(paper.made_at),
        pdf_standards=list(STANDARDS),
    )
    return made


def _fonts() -> Any:
    if not all((FOLDER / name).is_file() for name in FONTS):
        raise FontMissing(retry_after=300)
    return _loaded(FOLDER)


@cache
def _loaded(folder: Path) -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )
