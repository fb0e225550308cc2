"""A browser as small as can be: it speaks TLS, keeps cookies, fills in forms and shows no page."""

import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.cookiejar import CookieJar
from pathlib import Path

from tests.deployment.certificates import NAME

PATIENCE = 600


class Browser:
    """One person's browser at the proxy."""

    def __init__(self, port: int, authority: Path):
        self.port = port
        self.address = f"https://{NAME}:{port}"
        self.trust = ssl.create_default_context(cafile=str(authority))
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=self.trust),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )

    def get(self, path, **headers):
        """Open a page; its answer, whatever its status, after redirects."""
        return self._send(urllib.request.Request(self.address + path, headers=headers))

    def post(self, path, fields, files=()):
        """Send the form of a page, with what the page itself put into it."""
        page = self.get(path).text
        hidden = dict(
            re.findall(r'name="(csrfmiddlewaretoken|idempotency_key)" value="([^"]+)"', page)
        )
        body, kind = multipart({**hidden, **fields}, files)
        headers = {"Content-Type": kind, "Referer": self.address + path}
        return self._send(urllib.request.Request(self.address + path, data=body, headers=headers))

    def begun(self, path, announced, sent=b"x"):
        """A connection on which a form was begun and not ended: so many bytes announced, few of them sent."""
        connection = self._connection()
        head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {announced}\r\n"
        connection.sendall(
            f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + sent
        )
        return connection

    def raw(self, sent):
        """What comes back for these bytes, until the connection ends."""
        answer = b""
        with self._connection() as connection:
            connection.sendall(sent)
            while portion := connection.recv(4096):
                answer += portion
        return answer

    def _connection(self):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return self.trust.wrap_socket(plain, server_hostname=NAME)

    def _send(self, request):
        try:
            answer = self.opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            answer.text = answer.read().decode()
        return answer


def multipart(fields, files):
    """A form's body, and its content type. Files are (field, name, content)."""
    boundary = uuid.uuid4().hex
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts += [
        f'name="{name}"; filename="{file}"\r\n\r\n'.encode() + content
        for name, file, content in files
    ]
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; ".encode() + part + b"\r\n"
        for part in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def status_of(connection) -> int:
    """The status of the answer on a connection, which is read to its first line."""
    answer = b""
    while b"\r\n" not in answer and (portion := connection.recv(1000)):
        answer += portion
    return int(answer.split()[1])
