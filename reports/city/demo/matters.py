"""What is the matter in a street, and what it looks like once it is mended: one function each."""

from random import Random
from typing import Protocol

from PIL.ImageDraw import ImageDraw as Brush

from reports.city.demo.street import (
    ASPHALT,
    HIGH,
    HORIZON,
    INK,
    KERB,
    LEAVES,
    MUD,
    PAVING,
    TIM,
    TRUNK,
    WATER,
    WIDE,
    Colour,
    blob,
    mixed,
    tree,
)


class Matter(Protocol):
    """Draws the matter into a street, or the street without it."""

    def __call__(self, brush: Brush, draw_from: Random, *, mended: bool) -> None: ...


def _flood(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    if mended:
        _grate(brush, 640, 668)
        brush.polygon(blob(draw_from, 1050, 900, 150, 22), fill=mixed(ASPHALT, INK, 0.15))
        return
    brush.rectangle((0, KERB - 34, WIDE, HIGH), fill=WATER)
    for _ in range(46):
        x, y = draw_from.randint(-60, WIDE), draw_from.randint(KERB - 20, HIGH)
        length = draw_from.randint(60, 220)
        tone = mixed(WATER, (240, 236, 220), draw_from.uniform(0.15, 0.5))
        brush.arc((x, y, x + length, y + 26), 190, 350, fill=tone, width=4)
    _motorbike(brush, 430, 800, sunk=True)
    for _ in range(7):
        x, y = draw_from.randint(700, 1300), draw_from.randint(720, 980)
        brush.ellipse((x, y, x + 30, y + 12), fill=draw_from.choice(LEAVES))


def _manhole(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    ring = (520, 790, 920, 940)
    brush.ellipse((500, 776, 940, 956), fill=mixed(ASPHALT, PAVING, 0.5))
    if mended:
        brush.ellipse(ring, fill=(128, 124, 122))
        for step in range(5):
            y = 812 + step * 26
            brush.line((580 - 10 * (2 - abs(step - 2)), y, 860, y), fill=(88, 84, 86), width=8)
        return
    brush.ellipse(ring, fill=(22, 18, 24))
    brush.pieslice(ring, 20, 120, fill=(120, 112, 108))
    brush.line((700, 860, 640, 560), fill=TRUNK, width=14)
    for dx, dy in ((-50, -20), (20, -60), (-20, -90), (40, 0), (-70, 30)):
        brush.ellipse((630 + dx, 560 + dy, 700 + dx, 610 + dy), fill=draw_from.choice(LEAVES))


def _pothole(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    spots = ((700, 850, 260, 74), (1130, 770, 120, 32))
    for x, y, wide, high in spots:
        if mended:
            brush.rectangle((x - wide, y - high, x + wide, y + high), fill=(62, 60, 66))
            continue
        brush.polygon(blob(draw_from, x, y, wide + 34, high + 16), fill=mixed(ASPHALT, MUD, 0.5))
        brush.polygon(blob(draw_from, x, y, wide, high), fill=(64, 56, 54))
        brush.polygon(blob(draw_from, x + 12, y + 14, wide * 0.7, high * 0.6), fill=(122, 118, 108))
        for _ in range(12):
            px, py = x + draw_from.randint(-wide, wide), y + draw_from.randint(-high, high + 30)
            brush.ellipse((px, py, px + 18, py + 12), fill=mixed(ASPHALT, (230, 224, 214), 0.5))


def _lamp(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    for x in (330, 980):
        brush.line((x, KERB - 10, x, 130), fill=(52, 48, 56), width=16)
        brush.line((x, 136, x + 130, 150), fill=(52, 48, 56), width=12)
        head = (255, 244, 196) if mended else (70, 66, 74)
        brush.rounded_rectangle((x + 88, 142, x + 176, 170), 10, fill=head)


def _tree_down(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    if mended:
        brush.ellipse((640, 590, 760, 636), fill=TRUNK)
        brush.ellipse((660, 596, 740, 626), fill=(206, 174, 130))
        return
    brush.polygon([(560, 600), (600, 560), (1180, 830), (1150, 890)], fill=TRUNK)
    for _ in range(16):
        x, y, size = (
            draw_from.randint(880, 1300),
            draw_from.randint(700, 940),
            draw_from.randint(46, 84),
        )
        brush.ellipse(
            (x - size, y - size * 0.7, x + size, y + size * 0.7), fill=draw_from.choice(LEAVES)
        )
    brush.polygon(blob(draw_from, 560, 610, 86, 60), fill=MUD)


def _rubbish(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    _bin(brush, 980, 700)
    if mended:
        return
    tones: tuple[Colour, ...] = (
        (44, 44, 52),
        (70, 92, 120),
        (210, 206, 200),
        (150, 60, 70),
        (96, 120, 80),
    )
    for _ in range(26):
        x, y = draw_from.gauss(680, 150), draw_from.uniform(650, 800)
        size = draw_from.uniform(36, 74)
        brush.polygon(blob(draw_from, x, y, size, size * 0.8), fill=draw_from.choice(tones))
    for _ in range(18):
        x, y = draw_from.randint(480, 980), draw_from.randint(760, 860)
        brush.rectangle((x, y, x + 26, y + 10), fill=draw_from.choice(tones))


def _stall(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    if mended:
        brush.line((0, 604, WIDE, 604), fill=(232, 186, 60), width=10)
        return
    for x in (240, 620, 1000):
        brush.polygon([(x - 20, 420), (x + 300, 420), (x + 340, 500), (x - 60, 500)], fill=TIM)
        for stripe in range(0, 300, 90):
            left = x - 14 + stripe
            brush.polygon(
                [(left, 420), (left + 44, 420), (left + 40, 500), (left - 20, 500)],
                fill=(240, 226, 238),
            )
        brush.line((x, 500, x, 650), fill=INK, width=8)
        brush.line((x + 280, 500, x + 280, 650), fill=INK, width=8)
        brush.rectangle((x + 20, 590, x + 250, 616), fill=(176, 122, 72))
        for seat in range(4):
            left = x + 10 + seat * 72
            brush.rounded_rectangle(
                (left, 662, left + 46, 720),
                8,
                fill=draw_from.choice(((198, 60, 60), (46, 96, 150))),
            )


def _bricks(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    brush.rectangle((820, 240, 1240, HORIZON + 40), fill=(190, 120, 92))
    for y in range(250, HORIZON + 40, 24):
        brush.line((820, y, 1240, y), fill=(222, 200, 184), width=3)
    for x in (820, 1030, 1240):
        brush.line((x, 180, x, HORIZON + 60), fill=(110, 96, 70), width=10)
    if mended:
        brush.rectangle((800, 200, 1260, HORIZON + 50), fill=(92, 132, 112))
        return
    brush.polygon([(380, 740), (820, 740), (660, 600), (540, 600)], fill=(214, 190, 140))
    for _ in range(40):
        x, y = draw_from.randint(760, 1160), draw_from.randint(640, 760)
        brush.rectangle(
            (x, y, x + 44, y + 20), fill=draw_from.choice(((176, 84, 60), (194, 100, 72)))
        )


def _wire(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    for x in (260, 1180):
        brush.rectangle((x - 12, 120, x + 12, KERB), fill=(150, 146, 140))
        brush.line((x - 70, 170, x + 70, 170), fill=(96, 92, 88), width=12)
    sags = (70, 90, 110) if mended else (330, 420, 560)
    for number, sag in enumerate(sags):
        left, right = (260, 170 + number * 16), (1180, 170 + number * 16)
        line = [_hanging(left, right, sag, part / 24) for part in range(25)]
        brush.line(line, fill=INK, width=7, joint="curve")


def _hanging(
    left: tuple[int, int], right: tuple[int, int], sag: int, part: float
) -> tuple[float, float]:
    x = left[0] + (right[0] - left[0]) * part
    return x, left[1] + (right[1] - left[1]) * part + sag * 4 * part * (1 - part)


def _pipe(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    if mended:
        brush.rectangle((560, 770, 880, 860), fill=(62, 60, 66))
        return
    brush.polygon(blob(draw_from, 720, 860, 420, 90), fill=(128, 150, 160))
    brush.polygon(blob(draw_from, 700, 820, 110, 36), fill=(70, 60, 56))
    for _ in range(30):
        x, top = 700 + draw_from.randint(-70, 70), draw_from.randint(480, 700)
        brush.line((700, 810, x, top), fill=(196, 220, 230), width=5)


def _bank(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    brush.rectangle((0, 860, WIDE, HIGH), fill=(118, 138, 132))
    if mended:
        for row in range(4):
            for x in range(-40 + row * 30, WIDE, 96):
                spot = (x, 780 + row * 34, x + 88, 812 + row * 34)
                brush.rounded_rectangle(spot, 14, fill=(206, 190, 150))
        return
    edge = [(x, 760 + draw_from.randint(-60, 70)) for x in range(0, WIDE + 80, 80)]
    brush.polygon([(0, HIGH), *edge, (WIDE, HIGH)], fill=MUD)
    brush.rectangle((0, 960, WIDE, HIGH), fill=(118, 112, 92))
    crack = [(x, 700 + draw_from.randint(-14, 14)) for x in range(0, WIDE + 60, 60)]
    brush.line(crack, fill=INK, width=10)


def _wall(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    brush.rectangle((0, 300, WIDE, HORIZON + 60), fill=(150, 116, 96))
    for row, y in enumerate(range(300, HORIZON + 60, 30)):
        brush.line((0, y, WIDE, y), fill=(120, 92, 76), width=3)
        for x in range((row % 2) * 40, WIDE, 80):
            brush.line((x, y, x, y + 30), fill=(120, 92, 76), width=3)
    if mended:
        return
    brush.polygon(blob(draw_from, 640, 420, 190, 80), fill=(92, 70, 60))
    for _ in range(14):
        x, y, size = (
            draw_from.randint(480, 820),
            draw_from.randint(300, 480),
            draw_from.randint(20, 46),
        )
        brush.ellipse((x, y, x + size, y + size), fill=draw_from.choice(LEAVES))


def _street(brush: Brush, draw_from: Random, *, mended: bool) -> None:
    _motorbike(brush, 380, 790, sunk=False)
    brush.line((1060, KERB, 1060, 300), fill=(120, 116, 118), width=12)
    brush.ellipse((1000, 250, 1120, 370), fill=(198, 48, 52))
    brush.rectangle((1022, 298, 1098, 322), fill=(246, 242, 240))
    if not mended:
        tree(brush, draw_from, 1000, KERB - 60, 250)


def _grate(brush: Brush, x: int, y: int) -> None:
    brush.rectangle((x, y, x + 190, y + 46), fill=(70, 68, 72))
    for bar in range(8):
        brush.line((x + 14 + bar * 23, y + 6, x + 14 + bar * 23, y + 40), fill=INK, width=8)


def _bin(brush: Brush, x: int, y: int) -> None:
    brush.polygon(
        [(x, y - 130), (x + 150, y - 130), (x + 130, y + 60), (x + 20, y + 60)], fill=(58, 118, 84)
    )
    brush.rounded_rectangle((x - 12, y - 156, x + 162, y - 126), 10, fill=(44, 96, 68))


def _motorbike(brush: Brush, x: int, y: int, *, sunk: bool) -> None:
    if not sunk:
        for wheel in (x, x + 190):
            brush.ellipse((wheel, y, wheel + 96, y + 96), outline=INK, width=14)
    brush.polygon(
        [(x + 40, y + 40), (x + 120, y - 10), (x + 240, y + 10), (x + 210, y + 60)],
        fill=(176, 42, 60),
    )
    brush.rounded_rectangle((x + 110, y - 40, x + 230, y - 14), 10, fill=INK)
    brush.line((x + 60, y + 30, x + 30, y - 70), fill=INK, width=12)
    brush.line((x + 6, y - 70, x + 60, y - 78), fill=INK, width=10)
    if sunk:
        brush.rectangle((x - 20, y + 22, x + 320, y + 120), fill=WATER)


MATTERS: dict[str, Matter] = {
    "flood": _flood, "manhole": _manhole, "pothole": _pothole, "lamp": _lamp, "tree": _tree_down,
    "rubbish": _rubbish, "stall": _stall, "bricks": _bricks, "wire": _wire, "pipe": _pipe,
    "bank": _bank, "wall": _wall, "street": _street,
}  # fmt: skip
