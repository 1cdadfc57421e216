"""The street in which it happens: sky, houses, trees, pavement and road, in Huế's colours."""

from random import Random

from PIL.ImageDraw import ImageDraw as Brush

WIDE, HIGH = 1440, 1080  # drawn so large, then made smaller, which smooths every edge
HORIZON, KERB, FRONT = 520, 640, 700  # where the houses end, the pavement ends, the road begins

Colour = tuple[int, int, int]

INK: Colour = (31, 26, 36)
TIM: Colour = (94, 43, 131)
OCHRES: tuple[Colour, ...] = ((236, 200, 128), (226, 178, 110), (240, 222, 180), (214, 190, 170))
ROOFS: tuple[Colour, ...] = ((150, 72, 52), (122, 60, 74), (94, 43, 131), (128, 84, 60))
LEAVES: tuple[Colour, ...] = ((74, 122, 70), (58, 104, 66), (96, 140, 78))
TRUNK: Colour = (96, 70, 50)
ASPHALT: Colour = (108, 106, 112)
PAVING: Colour = (196, 182, 164)
MUD: Colour = (150, 124, 88)
WATER: Colour = (142, 128, 100)


def sky(brush: Brush, above: Colour, below: Colour) -> None:
    for y in range(0, HORIZON, 6):
        part = y / HORIZON
        brush.rectangle((0, y, WIDE, y + 6), fill=mixed(above, below, part))


def mixed(one: Colour, other: Colour, part: float) -> Colour:
    mixed = [round(a + (b - a) * part) for a, b in zip(one, other, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def houses(brush: Brush, draw_from: Random) -> None:
    """A row of low houses with tiled roofs, shutters and doors."""
    x = -40
    while x < WIDE:
        width = draw_from.randint(170, 280)
        top = HORIZON - draw_from.randint(150, 290)
        wall, roof = draw_from.choice(OCHRES), draw_from.choice(ROOFS)
        brush.rectangle((x, top, x + width, HORIZON + 40), fill=wall)
        eaves = [
            (x - 14, top),
            (x + width + 14, top),
            (x + width - 26, top - 62),
            (x + 26, top - 62),
        ]
        brush.polygon(eaves, fill=roof)
        for row in range(1, 3):
            y = top - 62 + row * 21
            brush.line((x, y, x + width, y), fill=mixed(roof, INK, 0.25), width=2)
        _openings(brush, draw_from, x, top, width)
        x += width + draw_from.randint(-2, 16)


def _openings(brush: Brush, draw_from: Random, x: int, top: int, width: int) -> None:
    shutter = draw_from.choice((TIM, (60, 108, 116), (112, 76, 52)))
    for left in range(x + 24, x + width - 60, 78):
        brush.rectangle((left, top + 34, left + 46, top + 100), fill=shutter)
        brush.line(
            (left + 23, top + 34, left + 23, top + 100), fill=mixed(shutter, INK, 0.4), width=3
        )
    door = x + width // 2 - 32
    brush.rectangle((door, HORIZON - 62, door + 64, HORIZON + 40), fill=mixed(shutter, INK, 0.35))


def trees(brush: Brush, draw_from: Random, *, spare: bool) -> None:
    for x in (170, 1240) if spare else (150, 720, 1290):
        tree(
            brush, draw_from, x + draw_from.randint(-40, 40), KERB - 40, draw_from.randint(220, 290)
        )


def tree(brush: Brush, draw_from: Random, x: int, foot: int, height: int) -> None:
    brush.polygon(
        [(x - 13, foot), (x + 13, foot), (x + 7, foot - height), (x - 7, foot - height)], fill=TRUNK
    )
    for _ in range(9):
        dx, dy = draw_from.randint(-90, 90), draw_from.randint(-70, 50)
        size = draw_from.randint(50, 86)
        spot = (x + dx - size, foot - height + dy - size, x + dx + size, foot - height + dy + size)
        brush.ellipse(spot, fill=draw_from.choice(LEAVES))


def ground(brush: Brush) -> None:
    brush.rectangle((0, HORIZON + 40, WIDE, KERB), fill=PAVING)
    for x in range(-200, WIDE + 200, 74):
        brush.line((x, KERB, x + 60, HORIZON + 40), fill=mixed(PAVING, INK, 0.15), width=2)
    brush.rectangle((0, KERB, WIDE, KERB + 18), fill=(222, 214, 202))
    brush.rectangle((0, KERB + 18, WIDE, HIGH), fill=ASPHALT)
    for x in range(-60, WIDE, 260):
        brush.polygon(
            [(x, 890), (x + 130, 890), (x + 118, 912), (x - 12, 912)], fill=(232, 228, 216)
        )


def blob(
    draw_from: Random, x: float, y: float, wide: float, high: float
) -> list[tuple[float, float]]:
    """An uneven round shape, as holes, puddles and heaps are."""
    steps = ((1, 0), (0.92, 0.4), (0.7, 0.74), (0.38, 0.94), (0, 1), (-0.38, 0.94), (-0.7, 0.74),
             (-0.92, 0.4), (-1, 0), (-0.92, -0.4), (-0.7, -0.74), (-0.38, -0.94), (0, -1),
             (0.38, -0.94), (0.7, -0.74), (0.92, -0.4))  # fmt: skip
    return [
        (
            x + cx * wide * draw_from.uniform(0.84, 1.1),
            y + cy * high * draw_from.uniform(0.84, 1.1),
        )
        for cx, cy in steps
    ]
