"""What can go wrong while signing in, in both languages.

None of them says whether a number or an address is known here.
"""

from app.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)


class NotAMobileNumber(Invalid):
    code = "not-a-mobile-number"
    vi = "Đây không phải số điện thoại di động. Ví dụ đúng: 0905 123 456."
    en = "This is not a mobile phone number. A right one: 0905 123 456, or +84 905 123 456."
    field = "phone"


class CountryNotServed(Invalid):
    code = "country-not-served"
    vi = "Không gửi mã đến số của nước đó được. Dùng số trong nước, hoặc gửi mà không đăng nhập."
    en = "No codes go to numbers of that country. Use one of this country, or do not sign in."
    field = "phone"


class WrongCode(Invalid):
    code = "wrong-code"
    vi = "Mã không đúng. Bạn còn {tries_left} lần thử."
    en = "The code is wrong. Tries left: {tries_left}."
    field = "code"


class CodeUsedUp(Invalid):
    """Five wrong tries: the code is dead, a right one does not help any more."""

    code = "code-used-up"
    vi = "Đã nhập sai 5 lần, mã này không dùng được nữa. Hãy xin mã mới."
    en = "Five wrong tries: this code no longer works. Ask for a new one."
    field = "code"


class NoLiveCode(Invalid):
    code = "no-live-code"
    vi = "Không có mã nào còn hiệu lực. Hãy xin mã mới."
    en = "There is no valid code. Ask for a new one."
    field = "code"


class TooManyCodes(TooMany):
    code = "too-many-codes"
    vi = "Đã gửi quá nhiều mã. Xem lại tin nhắn mới nhất, hoặc thử lại sau {minutes} phút."
    en = "Too many codes were sent. Look at the newest message, or try again in {minutes} minutes."


class CodeNotSent(Unavailable):
    code = "code-not-sent"
    vi = "Chưa gửi được mã. Thử lại sau {retry_after} giây."
    en = "The code could not be sent. Try again in {retry_after} seconds."


class WrongPassword(Unauthenticated):
    code = "wrong-password"
    vi = "Email hoặc mật khẩu không đúng."
    en = "The e-mail address or the password is wrong."


class LockedOut(TooMany):
    code = "locked-out"
    vi = "Sai mật khẩu quá nhiều lần. Thử lại sau {minutes} phút."
    en = "Too many wrong passwords. Try again in {minutes} minutes."


class SecondCodeNeeded(Unauthenticated):
    """The password was right, and this account asks for a code too."""

    code = "second-code-needed"
    vi = "Tài khoản này xác thực hai bước. Gửi kèm mã sáu số trong ứng dụng xác thực (`code`)."
    en = "This account has a second factor. Send the six digits of the authenticator too (`code`)."
    field = "code"


class WrongSecondCode(Unauthenticated):
    code = "wrong-second-code"
    vi = "Mã không đúng hoặc đã dùng. Chờ mã mới hiện ra rồi nhập lại, hoặc dùng mã dự phòng."
    en = "The code is wrong or was used. Wait for the next one, or use a recovery code."
    field = "code"


class WrongFirstCode(Invalid):
    """Of a key that is being set up: most often the phone's clock is wrong."""

    code = "wrong-first-code"
    vi = "Mã không đúng. Xem giờ trên điện thoại có đúng không, rồi nhập mã đang hiện."
    en = "The code is wrong. See whether your phone's clock is right, then enter the code of now."
    field = "code"


class TooManySecondCodes(TooMany):
    code = "too-many-second-codes"
    vi = "Sai mã quá nhiều lần. Thử lại sau {minutes} phút."
    en = "Too many wrong codes. Try again in {minutes} minutes."
    field = "code"


class KeyUnreadable(Forbidden):
    """Sealed by another house, or changed: nobody can tell the right code any more."""

    code = "second-factor-unreadable"
    vi = "Không đọc được khóa của xác thực hai bước. Nhờ quản trị viên gỡ, rồi bật lại."
    en = "The key of the second factor cannot be read. Ask an administrator to remove it."


class NotBegun(Conflict):
    code = "second-factor-not-begun"
    vi = "Chưa có khóa nào đang chờ xác nhận. Mở lại trang xác thực hai bước."
    en = "No key is waiting to be confirmed. Open the page of the second factor again."


class SecondFactorDemanded(Forbidden):
    """Their role must have one, and they have not set it up: the console leads them to it."""

    code = "second-factor-demanded"
    vi = "Vai trò của bạn cần xác thực hai bước. Đăng nhập ở {address} để bật, rồi thử lại."
    en = "Your role needs a second factor. Sign in at {address} to set it up, then try again."


class LetterGone(NotFound):
    """Used, too old, or followed by a newer one."""

    code = "letter-gone"
    vi = "Liên kết này đã dùng rồi, đã hết hạn, hoặc có thư mới hơn. Nhờ quản trị viên gửi lại."
    en = "This link was used, has expired, or a newer one was sent. Ask the administrator again."


class BadFirebaseToken(Unauthenticated):
    code = "bad-firebase-token"
    vi = "Phiên Firebase không hợp lệ hoặc đã hết hạn. Hãy đăng nhập lại."
    en = "The Firebase sign-in is not valid or has expired. Sign in again."


class FirebaseNotSetUp(Forbidden):
    code = "firebase-not-set-up"
    vi = "Nơi này không nhận đăng nhập bằng Firebase."
    en = "Signing in with Firebase is not set up here."


class NotAnEmail(Invalid):
    code = "not-an-email"
    vi = "Đây không phải địa chỉ email."
    en = "This is not an e-mail address."
    field = "email"


class AddressRefused(Invalid):
    """The mail server will not bring anything there, now or later."""

    code = "address-refused"
    vi = "Máy chủ thư không nhận địa chỉ này. Xem lại có gõ nhầm không."
    en = "The mail server does not take this address. See whether it is spelled right."
    field = "email"


class NoSuchOfficial(NotFound):
    code = "no-such-official"
    vi = "Không có cán bộ nào dùng {email}. Xem danh sách bằng `flask accounts list`."
    en = "No official has {email}. See the list with `flask accounts list`."


class EmailTaken(Conflict):
    code = "email-taken"
    vi = "Đã có tài khoản với email này."
    en = "There is already an account with this e-mail address."
    field = "email"


class WeakPassword(Invalid):
    code = "weak-password"
    vi = "Mật khẩu cần ít nhất {least} ký tự."
    en = "A password needs at least {least} characters."
    field = "password"


class AccountDisabled(Unauthenticated):
    """Said only to somebody who has just proved that the account is theirs."""

    code = "account-disabled"
    vi = "Tài khoản này đã bị khóa. Liên hệ quản trị viên."
    en = "This account is disabled. Ask the administrator."
