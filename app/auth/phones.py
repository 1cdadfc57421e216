"""Phone numbers as people write them, turned into one form (E.164)."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from app.auth.errors import NotAMobileNumber

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def normalised(text: str, *, region: str) -> str:
    """`0905 123 456` → `+84905123456`; raises NotAMobileNumber for what no text can reach.

    `region` (ISO 3166) is where a number without a country's prefix belongs.
    """
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise NotAMobileNumber from error
    if phonenumbers.number_type(number) not in _MOBILE:
        raise NotAMobileNumber
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(phone: str) -> str:
    """Enough to recognise one's own number, too little to call it: `+84 ••• ••• 456`."""
    country = phonenumbers.parse(phone).country_code
    return f"+{country} ••• ••• {phone[-3:]}"
