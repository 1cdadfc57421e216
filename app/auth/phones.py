"""Phone numbers as people write them, turned into one form (E.164)."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberType,
    region_code_for_number,
)

from app.auth.errors import CountryNotServed, NotAMobileNumber
from app.channel_settings import EVERY_COUNTRY

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def normalised(text: str, *, region: str, countries: Collection[str] = (EVERY_COUNTRY,)) -> str:
    """`0905 123 456` → `+84905123456`; raises NotAMobileNumber for what no text can reach, and
    CountryNotServed.

    `region` (ISO 3166) is where a number without a country's prefix belongs; codes go to numbers of
    `countries` alone: a text abroad costs the city ten times as much, and is what fraud is made of.
    """
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as error:
        raise NotAMobileNumber from error
    if phonenumbers.number_type(number) not in _MOBILE:
        raise NotAMobileNumber
    if EVERY_COUNTRY not in countries and region_code_for_number(number) not in countries:
        raise CountryNotServed
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(phone: str) -> str:
    """Enough to recognise one's own number, too little to call it: `+84 ••• ••• 456`."""
    country = phonenumbers.parse(phone).country_code
    return f"+{country} ••• ••• {phone[-3:]}"
