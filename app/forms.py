"""How much of a form is read. Werkzeug bounds each text of a multipart form and lets a urlencoded
one be as large as any body; of those every `&` makes an object, so that a view which takes large
pictures would be sent millions of fields by anybody.
"""

from io import BytesIO
from typing import IO, Any

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import LimitedStream

from app.errors import TooLarge

URLENCODED = "application/x-www-form-urlencoded"


class FormTooLarge(TooLarge):
    code = "form-too-large"
    vi = (
        "Biểu mẫu quá lớn: nhiều nhất {most_bytes} byte chữ và {most_parts} mục. "
        "Bỏ bớt rồi gửi lại; ảnh thì gửi thành tệp (multipart/form-data)."
    )
    en = (
        "This form is too large: at most {most_bytes} bytes of text and {most_parts} fields. "
        "Leave some out and send again; send pictures as files (multipart/form-data)."
    )


class BoundedForms(FormDataParser):
    """A urlencoded form is as small as one text of a multipart form. Raises FormTooLarge."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        try:
            if mimetype == URLENCODED:
                stream = self._bounded(stream, content_length)
            return super().parse(stream, mimetype, content_length, options)
        except RequestEntityTooLarge:
            if content_length is None and getattr(stream, "is_exhausted", False):
                raise  # the body itself, whose length nobody said beforehand
            raise self._too_large() from None

    def _bounded(self, stream: IO[bytes], content_length: int | None) -> IO[bytes]:
        most = self.max_form_memory_size
        if most is None:
            return stream
        if (content_length or 0) > most:
            raise self._too_large()
        body = LimitedStream(stream, most + 1, is_max=True).readall()
        if len(body) > most:
            raise self._too_large()
        return BytesIO(body)

    def _too_large(self) -> FormTooLarge:
        return FormTooLarge(most_bytes=self.max_form_memory_size, most_parts=self.max_form_parts)
