"""Whether two pictures look the same, by their difference hashes (`darkroom.printing`): 64 bits,
stored as the database's signed numbers.
"""

BITS = 2**64 - 1
PLAIN = range(6, 59)  # bits that are set: with fewer or more, a picture is a plain surface


def look_alike(one: int, other: int, *, within: int) -> bool:
    """Do no more than `within` bits differ? Plain surfaces look like nothing: all look the same."""
    if not (_tells(one) and _tells(other)):
        return False
    return ((one ^ other) & BITS).bit_count() <= within


def _tells(likeness: int) -> bool:
    return (likeness & BITS).bit_count() in PLAIN
