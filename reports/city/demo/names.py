"""Names of people who do not exist: common ones, the same for the same seed."""

from hashlib import sha256

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
GIVEN = (
    "Thị Lan", "Văn Hùng", "Thu Hà", "Minh Tuấn", "Ngọc Anh", "Quốc Bảo", "Thị Hương", "Đức Thắng",
    "Thanh Tâm", "Văn Phúc", "Thị Mai", "Hữu Nghĩa", "Kim Chi", "Quang Vinh", "Thị Hồng",
    "Anh Dũng", "Bích Ngọc", "Văn Lợi", "Thị Nga", "Công Thành", "Hoài An", "Xuân Trường",
    "Thùy Linh", "Viết Long", "Thị Yến",
)  # fmt: skip


def invented_name(seed: str) -> str:
    number = int.from_bytes(sha256(seed.encode()).digest()[:4], "big")
    return f"{FAMILIES[number % len(FAMILIES)]} {GIVEN[number // len(FAMILIES) % len(GIVEN)]}"
