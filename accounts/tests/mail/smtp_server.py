"""A mail server on this machine that takes mail, or refuses it with the words it was given."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self


class SmtpServer(socketserver.ThreadingTCPServer):
    """Args:
    refusal: its answer to recipients, such as `550 No such user`; without one it takes the mail.
    refused: whom it refuses; without it, everybody.
    """

    daemon_threads = True

    def __init__(self, refusal: str = "", refused: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.refusal, self.refused = refusal, refused.upper()
        self.received: list[EmailMessage] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: Any) -> None:
        self.shutdown()
        self.server_close()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Session(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self.say("220 ready")
        while command := self.rfile.readline().decode().strip().upper():
            if command == "DATA":
                self.say("354 go on")
                self.server.received.append(self.message())
                self.say("250 taken")
            elif command.startswith("RCPT") and self.server.refusal and self.server.refused in command:
                self.say(self.server.refusal)
            else:
                self.say("221 bye" if command == "QUIT" else "250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def message(self) -> Any:
        lines = iter(self.rfile.readline, b".\r\n")
        return message_from_bytes(b"".join(lines), policy=policy.default)
