"""What the acts in the audit log are called. One that has no words here is shown by its name."""

from app.locale import in_words

ACTS: dict[str, tuple[str, str]] = {
    "account.create": ("Tạo tài khoản", "Account made"),
    "account.disable": ("Khóa tài khoản", "Account disabled"),
    "account.enable": ("Mở lại tài khoản", "Account enabled"),
    "account.password": ("Đặt lại mật khẩu", "Password set"),
    "account.password_letter": ("Gửi thư đặt lại mật khẩu", "Letter for a new password sent"),
    "account.recovery_codes": ("Tạo mã dự phòng mới", "Recovery codes renewed"),
    "account.second_factor_off": ("Tắt xác thực hai bước", "Second factor turned off"),
    "account.second_factor_on": ("Bật xác thực hai bước", "Second factor turned on"),
    "account.second_factor_removed": ("Gỡ xác thực hai bước", "Second factor removed"),
    "areas.import": ("Nạp ranh giới", "Boundaries imported"),
    "areas.merge": ("Sáp nhập địa bàn", "Areas merged"),
    "audit.export": ("Tải nhật ký", "Audit log downloaded"),
    "calendar.correct": ("Sửa lịch làm việc", "Calendar corrected"),
    "calendar.hours": ("Đổi giờ làm việc", "Working hours changed"),
    "calendar.import": ("Nạp lịch làm việc", "Calendar imported"),
    "categories.add": ("Thêm lĩnh vực", "Category added"),
    "categories.edit": ("Sửa lĩnh vực", "Category changed"),
    "categories.import": ("Nạp lĩnh vực", "Categories imported"),
    "city.demo.remove": ("Gỡ dữ liệu mẫu", "Demo taken out"),
    "city.load": ("Nạp dữ liệu thành phố", "City loaded"),
    "complaint.refused": ("Không chấp nhận báo vi phạm", "Complaint refused"),
    "complaint.upheld": ("Chấp nhận báo vi phạm", "Complaint upheld"),
    "delivery.retry": ("Gửi lại tin", "Message sent again"),
    "duty.add": ("Thêm ca trực", "Shift added"),
    "duty.phone": ("Đổi số trực", "Duty number changed"),
    "duty.remove": ("Bỏ ca trực", "Shift removed"),
    "identity.reveal": ("Xem danh tính người phản ánh", "Reporter's identity read"),
    "invitation.send": ("Mời cán bộ", "Invitation sent"),
    "invitation.withdraw": ("Rút lời mời", "Invitation withdrawn"),
    "notice.end": ("Gỡ thông báo", "Notice taken down"),
    "notice.give": ("Đăng thông báo", "Notice given"),
    "office_link.revoke": ("Thu hồi đường dẫn của đơn vị", "Office's link revoked"),
    "office_link.send": ("Gửi lại thư cho đơn vị", "Letter sent to the office again"),
    "offices.add": ("Thêm đơn vị", "Office added"),
    "offices.edit": ("Sửa đơn vị", "Office changed"),
    "offices.import": ("Nạp đơn vị", "Offices imported"),
    "offices.succeed": ("Bàn giao đơn vị", "Office succeeded"),
    "person.email": ("Đổi địa chỉ thư", "E-mail address changed"),
    "person.erase": ("Xóa dữ liệu cá nhân", "Person erased"),
    "person.export": ("Tải dữ liệu của mình", "Own data downloaded"),
    "person.phone": ("Đổi số điện thoại", "Telephone number changed"),
    "photo.redact": ("Che ảnh", "Photo redacted"),
    "photo.restore": ("Trả lại ảnh gốc", "Original photo put back"),
    "report.enter": ("Ghi nhận thay", "Report entered for somebody"),
    "report.hand_over": ("Bàn giao việc", "Work handed over"),
    "report.redact": ("Che lời phản ánh", "Report redacted"),
    "reporter.limit": ("Giới hạn người gửi", "Sender limited"),
    "reporter.unlimit": ("Bỏ giới hạn người gửi", "Limit on a sender lifted"),
    "role.grant": ("Giao vai trò", "Role given"),
    "role.revoke": ("Thu vai trò", "Role taken"),
    "rules.add": ("Thêm quy tắc", "Rule added"),
    "rules.edit": ("Sửa quy tắc", "Rule changed"),
    "rules.import": ("Nạp quy tắc", "Rules imported"),
}


def act_word(action: str) -> str:
    words = ACTS.get(action)
    return in_words(*words) if words else action


def act_choices() -> list[tuple[str, str]]:
    return sorted(((action, act_word(action)) for action in ACTS), key=lambda pair: pair[1])
