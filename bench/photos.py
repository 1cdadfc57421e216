"""What a photo costs: CPU beside the draft-first pipeline, and the peak of memory, kind by kind.

    python -m bench.photos [FILE …]

Prints Markdown. With files, those are handled too (a HEIC of 48 MP takes minutes to make, so none
is made here). CPU is the process's own; absolute figures mean nothing between machines.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from PIL import Image, ImageOps

from reports.darkroom.child import Answer, Order, Refused
from reports.darkroom.headers import look
from reports.darkroom.pool import PhotoPool, _child_file
from reports.darkroom.printing import redraw

ROUNDS = 15
TWELVE, FIFTY = (4032, 3024), (8192, 6144)


def main(files: list[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    photo = encoded(textured(TWELVE), "JPEG", quality=90)
    print(ratio(photo), end="\n\n")
    print("| file | lane | CPU ms | peak MB | result |\n|---|---|---:|---:|---|")
    pool = PhotoPool(1)
    pool_warm(pool, photo)
    for name, data in [
        *made(photo),
        *((Path(file).name, Path(file).read_bytes()) for file in files),
    ]:
        print(line(name, data, pool), flush=True)
    pool.close()


def ratio(photo: bytes) -> str:
    """Ours against the draft-first pipeline, in turns, in one process."""
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(cpu(lambda: draft_first(photo)))
        ours.append(cpu(lambda: redraw(io.BytesIO(photo), look(photo))))
    best, middle = min(ours) / min(floor), statistics.median(ours) / statistics.median(floor)
    return (
        f"12 MP baseline JPEG, {ROUNDS} rounds: ours {min(ours):.0f} ms, draft-first pipeline "
        f"{min(floor):.0f} ms; ratio {best:.2f} of the best, {middle:.2f} of the medians."
    )


def draft_first(photo: bytes) -> None:
    """The floor: draft, thumbnail, turn, two JPEGs; no bounds, no hashes, no metadata."""
    image = Image.open(io.BytesIO(photo))
    image.draft("RGB", (1600, 1200))
    image.thumbnail((1600, 1600))
    image = ImageOps.exif_transpose(image)
    image.save(io.BytesIO(), "JPEG", quality=85)
    image.thumbnail((400, 400))
    image.save(io.BytesIO(), "JPEG", quality=85)


def cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def pool_warm(pool: PhotoPool, photo: bytes) -> None:
    for _ in range(3):
        answer(pool, photo)


def answer(pool: PhotoPool, data: bytes) -> Answer:
    with _child_file(data) as file:
        return pool._answer(Order(look(data)), file)


def line(name: str, data: bytes, pool: PhotoPool) -> str:
    lane = look(data).lane.name.lower()
    done = answer(pool, data)
    result = done.result.why if isinstance(done.result, Refused) else "taken"
    return (
        f"| {name} | {lane} | {done.cpu_seconds * 1000:.0f} | {done.peak_bytes >> 20} | {result} |"
    )


def made(photo: bytes) -> list[tuple[str, bytes]]:
    plain, alpha = textured(TWELVE), textured(TWELVE).convert("RGBA")
    large = textured(FIFTY)
    return [
        ("12 MP baseline JPEG", photo),
        ("12 MP progressive JPEG, 4:4:4", progressive(plain)),
        ("12 MP progressive JPEG, CMYK", progressive(plain.convert("CMYK"))),
        ("12 MP PNG with alpha", encoded(alpha, "PNG", compress_level=1)),
        ("12 MP GIF", encoded(plain.convert("P"), "GIF")),
        ("12 MP WebP, lossy", encoded(plain, "WEBP", method=0, quality=80)),
        ("12 MP WebP, lossless", encoded(alpha, "WEBP", method=0, quality=0, lossless=True)),
        ("12 MP AVIF", encoded(plain, "AVIF", speed=10, quality=60)),
        ("50 MP baseline JPEG", encoded(large, "JPEG", quality=90)),
        ("50 MP progressive JPEG, 4:2:0", encoded(large, "JPEG", progressive=True)),
        ("50 MP progressive JPEG, 4:4:4", progressive(large)),
    ]


def progressive(image: Image.Image) -> bytes:
    return encoded(image, "JPEG", progressive=True, subsampling=0)


def textured(size: tuple[int, int]) -> Image.Image:
    """A picture that does not compress to nothing."""
    noise = Image.effect_noise((size[0] // 4, size[1] // 4), 60).resize(size)
    return Image.merge("RGB", (noise, noise.transpose(0), noise.transpose(1)))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
