"""A loopback mail server: takes letters by SMTP and keeps them, parsed."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Thread
from typing import Self, cast


class SmtpSink:
    """`received` holds (recipient, letter). `refuse` makes it answer a command with a code."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.received: list[tuple[str, EmailMessage]] = []
        self._refused: dict[str, str] = {}
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

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

    def recover(self) -> None:
        self._refused.clear()

    def refusal(self, command: str) -> str | None:
        return self._refused.get(command)

    def keep(self, recipients: list[str], data: bytes) -> None:
        letter = cast(EmailMessage, message_from_bytes(data, policy=policy.default))
        with self.changed:
            self.received += [(recipient, letter) for recipient in recipients]
            self.changed.notify_all()


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

    def handle(self) -> None:
        self.say("220 loopback")
        self.recipients: list[str] = []
        while line := self.rfile.readline():
            words = line.decode().strip()
            command = words[:4].upper()
            self.obey(command, words)
            if command == "QUIT":
                return

    def obey(self, command: str, words: str) -> None:
        if refusal := self.server.sink.refusal(command):
            self.say(refusal)
        elif command == "EHLO":
            self.say("250-loopback\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN")
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
