"""The icons of the installed page, drawn from `design/icon.svg` in the sizes that systems ask for.

No library for SVG: the drawing keeps to paths of M, L, C and Z in absolute coordinates, one plain
fill each, and this reads no more than that. Its first path is the ground, the others the mark.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

DRAWING = Path(__file__).parent / "design" / "icon.svg"
SIDE = 512  # of the drawing's own square
FINER = 4  # drawn so many times larger, then reduced: that smooths the edges
CURVE = 24  # straight pieces to a curve
PAPER = "#FBF9F5"

Point = tuple[float, float]
Shape = tuple[str, list[Point]]  # its colour and its outline

#: name → side in pixels, how large the mark is in it, and what is behind the mark.
ICONS = {
    "icon-192.png": (192, 1.1, "rounded"),
    "icon-512.png": (512, 1.1, "rounded"),
    "maskable-512.png": (512, 0.86, "full"),  # the mark within the circle that no mask cuts
    "apple-touch-180.png": (180, 1.0, "full"),
    "badge-96.png": (96, 1.16, "none"),  # Android takes its shape alone
}


def draw_icons(folder: Path) -> None:
    """Write every icon, and the drawing itself, into `folder`."""
    shapes = read_drawing(DRAWING)
    folder.mkdir(parents=True)
    (folder / "icon.svg").write_bytes(DRAWING.read_bytes())
    for name, (side, scale, ground) in ICONS.items():
        icon = _drawn(shapes, side, scale, ground)
        icon.save(folder / name, optimize=True)


def read_drawing(path: Path) -> list[Shape]:
    """The filled outlines of the drawing, from back to front."""
    root = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    paths = root.iter("{http://www.w3.org/2000/svg}path")
    return [(one.attrib["fill"], outline(one.attrib["d"])) for one in paths]


def outline(path: str) -> list[Point]:
    """A path's outline as straight pieces. Raises ValueError for what it cannot read."""
    points: list[Point] = []
    for order, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        if order not in "MLCZ":
            raise ValueError(f"{order} in a path of {DRAWING.name}: use M, L, C and Z")
        values = [float(number) for number in numbers.split()]
        given = list(zip(values[::2], values[1::2], strict=True))
        points += _curve(points[-1], *given) if order == "C" else given
    return points


def _curve(start: Point, first: Point, second: Point, end: Point) -> Iterable[Point]:
    for step in range(1, CURVE + 1):
        t = step / CURVE
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        corners = (start, first, second, end)
        yield (
            sum(weight * point[0] for weight, point in zip(weights, corners, strict=True)),
            sum(weight * point[1] for weight, point in zip(weights, corners, strict=True)),
        )


def _drawn(shapes: list[Shape], side: int, scale: float, ground: str) -> Image.Image:
    """One icon; the mark is scaled about the middle."""
    large = side * FINER
    behind = (251, 249, 245, 255 if ground == "full" else 0)
    icon = Image.new("RGBA", (large, large), behind)
    pen = ImageDraw.Draw(icon)
    if ground == "rounded":
        pen.polygon(_placed(shapes[0][1], large, 1.0), fill=shapes[0][0])
    for colour, points in shapes[1:]:
        pen.polygon(_placed(points, large, scale), fill=_ink(colour, ground))
    icon = icon.resize((side, side), Image.Resampling.LANCZOS)
    return icon.convert("RGB") if ground == "full" else icon


def _ink(colour: str, ground: str) -> str | tuple[int, int, int, int]:
    """In the badge the mark is white, and paper is where nothing is."""
    if ground != "none":
        return colour
    return (255, 255, 255, 0 if colour == PAPER else 255)


def _placed(points: Iterable[Point], side: int, scale: float) -> list[Point]:
    unit, middle = side / SIDE, SIDE / 2
    return [
        ((middle + (x - middle) * scale) * unit, (middle + (y - middle) * scale) * unit)
        for x, y in points
    ]
