"""A loopback mail server: takes letters by SMTP and keeps them, parsed."""

import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Event, Thread
from typing import Self, cast


class SmtpSink:
    """`received` holds (recipient, letter). `refuse` makes it answer a command with a code.

    With a `certificate` (PEM, with its key) it offers STARTTLS; with `encrypted` it speaks nothing
    else from the first byte on.
    """

    def __init__(self, certificate: Path | None = None, *, encrypted: bool = False) -> None:
        self.changed = Condition()
        self.received: list[tuple[str, EmailMessage]] = []
        self.said: list[tuple[str, bool]] = []  # each command, and whether it came encrypted
        self.tls = _context(certificate) if certificate else None
        self.encrypted = encrypted
        self._refused: dict[str, str] = {}
        self._held: dict[str, Event] = {}
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        scheme = "smtps" if self.encrypted else "smtp"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def refuse(self, command: str, reply: str) -> None:
        """Answer `command` (RCPT, DATA, MAIL, AUTH …) with e.g. `550 no such mailbox`."""
        self._refused[command] = reply

    def hold(self, command: str) -> Event:
        """Answer `command` only once the event is set, as a server does that is slow."""
        return self._held.setdefault(command, Event())

    def recover(self) -> None:
        self._refused.clear()
        for event in self._held.values():
            event.set()
        self._held.clear()

    def hear(self, command: str, *, encrypted: bool) -> None:
        with self.changed:
            self.said.append((command, encrypted))
            self.changed.notify_all()
        if event := self._held.get(command):
            event.wait(30)

    def has_heard(self, command: str) -> bool:
        """Wait for this command; False when it did not come."""
        with self.changed:
            return self.changed.wait_for(lambda: command in {c for c, _ in self.said}, 30)

    def refusal(self, command: str) -> str | None:
        return self._refused.get(command)

    def keep(self, recipients: list[str], data: bytes) -> None:
        letter = cast(EmailMessage, message_from_bytes(data, policy=policy.default))
        with self.changed:
            self.received += [(recipient, letter) for recipient in recipients]
            self.changed.notify_all()


def _context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


_PLAIN = {
    "HELO": "250 loopback",
    "MAIL": "250 ok",
    "RSET": "250 ok",
    "NOOP": "250 ok",
    "QUIT": "221 bye",
    "AUTH": "235 welcome",
}


class _Session(StreamRequestHandler):
    server: "_Server"

    def setup(self) -> None:
        if self.server.sink.encrypted:
            self._encrypt()
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()  # the server itself would close what was there before TLS

    def handle(self) -> None:
        self.say("220 loopback")
        self.recipients: list[str] = []
        while line := self.rfile.readline():
            words = line.decode().strip()
            command = words[:4].upper()
            self.server.sink.hear(command, encrypted=self._is_encrypted())
            self.obey(command, words)
            if command == "QUIT":
                return

    def obey(self, command: str, words: str) -> None:
        if refusal := self.server.sink.refusal(command):
            self.say(refusal)
        elif command == "EHLO":
            offer = "250-STARTTLS\r\n" if self._may_encrypt() else ""
            self.say(f"250-loopback\r\n{offer}250-8BITMIME\r\n250 AUTH PLAIN LOGIN")
        elif command == "STAR" and self._may_encrypt():
            self.say("220 go on")
            self._encrypt()
            super().setup()
        elif command == "RCPT":
            self.recipients.append(words.partition("<")[2].partition(">")[0])
            self.say("250 ok")
        elif command == "DATA":
            self.say("354 go on")
            self.server.sink.keep(self.recipients, self.letter())
            self.recipients = []
            self.say("250 kept")
        else:
            self.say(_PLAIN.get(command, "502 not here"))

    def _is_encrypted(self) -> bool:
        return isinstance(self.request, ssl.SSLSocket)

    def _may_encrypt(self) -> bool:
        return self.server.sink.tls is not None and not self._is_encrypted()

    def _encrypt(self) -> None:
        if self.server.sink.tls:
            self.request = self.server.sink.tls.wrap_socket(self.request, server_side=True)

    def letter(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


class _Server(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink
        super().__init__(("127.0.0.1", 0), _Session)

    def handle_error(self, *_: object) -> None:
        """A client may be killed in the middle."""
