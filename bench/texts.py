"""Short Vietnamese sentences by template: what happened, where, since when, and a request.

They are there to be as long as real ones and as various as an index of words needs, not to be read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.tickets import Ints

WHAT: Mapping[str, tuple[str, ...]] = {
    "an-ninh": ("Nhóm thanh niên tụ tập gây mất trật tự", "Đường vắng, hay có người lạ rình rập"),
    "cay-xanh": ("Cây phượng mục gốc, sắp ngã", "Cành cây gãy vướng vào đường đi"),
    "den-duong": ("Đèn đường tắt cả dãy", "Đèn chớp tắt liên tục, tối rất nguy hiểm"),
    "dien-nguy-hiem": ("Dây điện sà xuống ngang đầu người", "Tủ điện mở nắp, hở dây"),
    "dong-vat": ("Chó thả rông không rọ mõm", "Bò thả rông trên mặt đường"),
    "duong-hong": ("Mặt đường có ổ gà sâu", "Vỉa hè bong gạch, người già dễ vấp", "Đường sụt lún"),
    "giao-thong": ("Đèn tín hiệu không sáng", "Biển báo bị che khuất", "Lan can cầu gãy"),
    "khac": ("Xin phản ánh một việc chưa rõ đơn vị nào lo", "Kiến nghị về việc chung của xóm"),
    "lan-chiem": ("Hàng quán bày ra chiếm hết vỉa hè", "Vật liệu xây dựng đổ giữa lối đi"),
    "nap-cong": ("Nắp cống vỡ, hố sâu nửa mét", "Song chắn rác bị mất, xe đạp sập bánh"),
    "ngap-nuoc": ("Nước ngập tới đầu gối", "Cống nghẹt, nước không thoát sau mưa"),
    "o-nhiem": ("Nước thải đen chảy ra kênh", "Mùi hôi nồng nặc từ xưởng", "Khói đốt rác mù mịt"),
    "rac-thai": ("Rác chất đống ba ngày chưa gom", "Xà bần đổ trộm ban đêm", "Thùng rác tràn"),
    "thu-tuc": ("Hồ sơ quá hẹn chưa trả", "Hướng dẫn giấy tờ không thống nhất"),
    "tieng-on": ("Loa kẹo kéo mở lớn", "Xưởng cưa chạy suốt đêm", "Quán hát quá giờ"),
    "vi-pham-giao-thong": ("Xe đậu chắn lối ra vào", "Xe tải chạy giờ cấm", "Xe chạy ngược chiều"),
}
WHERE = ("trước cổng", "gần", "ngay ngã ba", "sau lưng", "trong kiệt cạnh", "đối diện", "bên hông")
WHEN = (
    "từ sáng nay", "từ hôm qua", "đã ba ngày", "đã hơn một tuần", "từ trận mưa đêm qua",
    "mỗi buổi tối", "vào giờ tan trường", "đã báo một lần mà chưa thấy ai tới",
)  # fmt: skip
PLEASE = (
    "Mong được xử lý sớm.",
    "Nhờ đơn vị kiểm tra giúp.",
    "Người già và trẻ em qua lại rất nguy hiểm, mong thành phố quan tâm.",
    "Bà con trong xóm rất bức xúc.",
    "",
)


def sentences(
    category: NDArray[Any], ward: Ints, places: Sequence[Sequence[str]], rng: np.random.Generator
) -> list[str]:
    """One text for each report: `category` are codes, `places` the known names of each ward."""
    draws = rng.integers(0, 1 << 16, (len(ward), 5)).tolist()
    rows = zip(category.tolist(), ward.tolist(), draws, strict=True)
    return [_sentence(WHAT.get(code, WHAT["khac"]), places[at], draw) for code, at, draw in rows]


def _sentence(what: Sequence[str], known: Sequence[str], draw: Sequence[int]) -> str:
    a, b, c, d, e = draw
    place = known[b % len(known)]
    told = f"{what[a % len(what)]} {WHERE[c % len(WHERE)]} {place}, {WHEN[d % len(WHEN)]}."
    return f"{told} {PLEASE[e % len(PLEASE)]}".rstrip()
