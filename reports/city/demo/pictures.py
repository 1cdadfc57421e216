"""Pictures drawn by the program for invented reports: a street, what is wrong in it, and mended.

Flat drawings, the same for the same name. Nothing here is a photograph, nor pretends to be.
"""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from reports.city.demo import street
from reports.city.demo.matters import MATTERS
from reports.city.demo.street import HIGH, INK, WIDE, Colour

SIZE = (1120, 840)  # drawn larger, then made smaller, which smooths every edge

#: Light of the day: sky above, sky below, how much everything is darkened.
LIGHTS: dict[str, tuple[Colour, Colour, float]] = {
    "day": ((150, 200, 226), (232, 240, 236), 1.0),
    "rain": ((128, 138, 148), (190, 196, 198), 0.86),
    "evening": ((92, 74, 128), (238, 170, 130), 0.8),
    "night": ((24, 22, 52), (58, 50, 92), 0.5),
}

SCENES = tuple(MATTERS)


@cache
def picture(scene: str, *, mended: bool, variant: int) -> bytes:
    """A JPEG of the scene, before or after. `variant` changes houses and light, not the matter."""
    draw_from = Random(f"{scene}{variant}")  # before and after show the same street
    light = _light(scene, draw_from, mended=mended)
    canvas = Image.new("RGB", (WIDE, HIGH), LIGHTS[light][1])
    brush = ImageDraw.Draw(canvas)
    street.sky(brush, *LIGHTS[light][:2])
    street.houses(brush, draw_from)
    street.trees(brush, draw_from, spare=scene == "tree")
    street.ground(brush)
    MATTERS[scene](brush, draw_from, mended=mended)
    done = _finished(canvas, light, Random(f"{scene}{variant}{mended}"))
    return _jpeg(_lit(done) if scene == "lamp" and mended else done)


def _light(scene: str, draw_from: Random, *, mended: bool) -> str:
    if scene == "lamp":
        return "night"
    if scene in {"flood", "tree", "bank"} and not mended:
        return "rain"
    return draw_from.choice(("day", "day", "evening"))


def _finished(canvas: Image.Image, light: str, draw_from: Random) -> Image.Image:
    if light == "rain":
        brush = ImageDraw.Draw(canvas)
        for _ in range(150):
            x, y = draw_from.randint(0, WIDE), draw_from.randint(-40, HIGH)
            brush.line((x, y, x - 12, y + 46), fill=(214, 222, 228), width=2)
    small = canvas.resize(SIZE, Image.Resampling.BILINEAR)
    dark = LIGHTS[light][2]
    if light == "night":
        small = Image.blend(small, Image.new("RGB", SIZE, (22, 20, 46)), 0.45)
    elif dark < 1:
        small = Image.blend(small, Image.new("RGB", SIZE, INK), 1 - dark)
    return small


def _lit(night: Image.Image) -> Image.Image:
    """Lamps that burn: warm light from each head down to the road."""
    glow = Image.new("L", SIZE, 0)
    brush = ImageDraw.Draw(glow)
    for x in (362, 868):
        brush.polygon([(x - 18, 122), (x + 18, 122), (x + 196, 746), (x - 196, 746)], fill=120)
        brush.ellipse((x - 214, 654, x + 214, 802), fill=150)
    warm = Image.new("RGB", SIZE, (255, 214, 140))
    return Image.composite(warm, night, glow.filter(ImageFilter.GaussianBlur(26)))


def _jpeg(drawn: Image.Image) -> bytes:
    out = BytesIO()
    drawn.save(out, "JPEG", quality=86)
    return out.getvalue()
