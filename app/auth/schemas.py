"""Shapes of signing in."""

from marshmallow import fields, validate

from app.auth.otp import Purpose
from app.locale import LOCALES
from app.openapi import Schema, Text
from app.schemas import YesNo

_locale = validate.OneOf(LOCALES)


class GuestIn(Schema):
    locale = fields.String(validate=_locale)
    anonymous = YesNo(
        load_default=False,
        metadata={"description": "An account for one anonymous report alone, never joined"},
    )


class PhoneIn(Schema):
    phone = Text(most=40, lines=False, required=True, metadata={"example": "0905 123 456"})


class CodeWishIn(PhoneIn):
    purpose = fields.String(
        validate=validate.OneOf([Purpose.SIGN_IN, Purpose.NUMBER]),
        load_default=Purpose.SIGN_IN,
        metadata={"description": "What the code is to do: `number` is for `PUT /me/phone`"},
    )


class CodeIn(PhoneIn):
    code = Text(most=20, lines=False, required=True, metadata={"example": "123456"})


class FirebaseIn(Schema):
    id_token = fields.String(required=True, validate=validate.Length(1, 8192))


class PasswordIn(Schema):
    email = Text(most=254, lines=False, required=True)
    password = fields.String(required=True, validate=validate.Length(1, 200))
    code = Text(
        most=40,
        lines=False,
        load_default=None,
        metadata={"description": "Of the authenticator, or a recovery code: with a second factor"},
    )


class CodeSentOut(Schema):
    expires_in = fields.Integer(metadata={"description": "Seconds that the code is valid"})


class AccountOut(Schema):
    id = fields.UUID()
    kind = fields.String()
    locale = fields.String()


class SignedInOut(Schema):
    token = fields.String(metadata={"description": "Shown this once: Authorization: Bearer …"})
    account = fields.Nested(AccountOut)
