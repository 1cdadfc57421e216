"""What the icons of categories show, for whoever chooses one."""

from app.locale import in_words

ICONS: dict[str, tuple[str, str]] = {
    "brick-wall": ("Tường gạch", "Brick wall"),
    "cable": ("Dây cáp", "Cable"),
    "circle-dot-dashed": ("Nắp cống", "Manhole"),
    "circle-question-mark": ("Dấu hỏi", "Question mark"),
    "construction": ("Rào chắn", "Barrier"),
    "dog": ("Con chó", "Dog"),
    "droplet": ("Giọt nước", "Drop"),
    "droplets": ("Hai giọt nước", "Two drops"),
    "factory": ("Nhà máy", "Factory"),
    "file-text": ("Giấy tờ", "Paper"),
    "flame": ("Ngọn lửa", "Flame"),
    "graduation-cap": ("Mũ cử nhân", "Graduate’s cap"),
    "landmark": ("Di tích", "Monument"),
    "lightbulb": ("Bóng đèn", "Light bulb"),
    "map": ("Bản đồ", "Map"),
    "mountain": ("Ngọn núi", "Mountain"),
    "scale": ("Cái cân", "Scales"),
    "shield-alert": ("Khiên cảnh báo", "Shield"),
    "siren": ("Đèn báo động", "Siren"),
    "square-parking-off": ("Cấm đỗ xe", "No parking"),
    "stethoscope": ("Ống nghe", "Stethoscope"),
    "store": ("Cửa hàng", "Shop"),
    "traffic-cone": ("Cọc giao thông", "Traffic cone"),
    "trash-2": ("Thùng rác", "Bin"),
    "trees": ("Cây xanh", "Trees"),
    "unplug": ("Phích cắm rời", "Plug pulled out"),
    "user-x": ("Người và dấu chéo", "Person with a cross"),
    "utensils": ("Dao và nĩa", "Knife and fork"),
    "volume-2": ("Loa", "Speaker"),
    "zap": ("Tia sét", "Lightning"),
}


#: Whose drawing has another name in the icons' own house by now.
DRAWN_AS = {"square-parking-off": "square-letter-p-off", "trash-2": "trash"}


def icon_word(name: str) -> str:
    words = ICONS.get(name)
    return in_words(*words) if words else name
