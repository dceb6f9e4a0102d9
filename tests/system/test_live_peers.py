"""Real servers of others, where a developer has installed them: what they say of our messages."""

import imaplib
import json
import os
import shutil
import smtplib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any
from urllib.request import Request, urlopen

import pytest
from aiosmtpd.controller import Controller

from monitor.model import EventId, Form, MessageId, Outcome, Receipt
from tests.system.test_notify import MESSAGE, NOW, notifier, target

pytestmark = pytest.mark.live_peers

os.environ["PATH"] += ":/usr/sbin"


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [each for each in programs if shutil.which(each) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*command: str, port: int) -> Iterator[None]:
    """Run a server until it listens, and end it afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while True:
            assert process.poll() is None, f"{command[0]} ended: {process.returncode}"
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < deadline, f"{command[0]} does not listen"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)


class Relay:
    """An SMTP server that hands everything on by LMTP."""

    def __init__(self, lmtp: int) -> None:
        self._lmtp = lmtp

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        with smtplib.LMTP("127.0.0.1", self._lmtp) as session:
            session.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)
        return "250 OK"


DOVECOT = """
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
base_dir = {folder}/run
log_path = {folder}/log
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 0
passdb {{
  driver = static
  args = password=pw
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


@pytest.fixture
def dovecot() -> Iterator[tuple[int, int]]:
    """Give the ports of LMTP and IMAP; the folder is one that processes of others may enter."""
    lmtp, imap = free_port(), free_port()
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        config = folder / "dovecot.conf"
        config.write_text(DOVECOT.format(folder=folder, imap=imap, lmtp=lmtp))
        with running("dovecot", "-F", "-c", str(config), port=imap):
            yield lmtp, imap


@needs("dovecot")
@pytest.mark.skipif(os.getuid() != 0, reason="dovecot wants to be started by root")
def test_dovecot_puts_the_mails_of_an_event_into_one_thread(dovecot: tuple[int, int]) -> None:
    lmtp, imap = dovecot
    relay = Controller(Relay(lmtp), hostname="127.0.0.1", port=free_port())
    relay.start()
    url = f"mailto://127.0.0.1:{relay.port}?from=news@example.org&to=desk@example.org"
    letters = [
        ("a", "ev-one", "New: Ferry"),
        ("b", "ev-two", "New: Fire"),
        ("c", "ev-one", "12 -> 15"),
    ]
    try:
        for name, event, subject in letters:
            message = replace(
                MESSAGE,
                id=MessageId(name * 26),
                event=EventId(event),
                thread=(event,),
                subject=subject,
            )
            assert notifier().send(message, target(url)) == Receipt(at=NOW)
    finally:
        relay.stop()
    with imaplib.IMAP4("127.0.0.1", imap) as session:
        session.login("desk@example.org", "pw")
        session.select()
        answers = [session.thread(how, "UTF-8", "ALL")[1] for how in ("REFERENCES", "REFS")]
    assert answers == [[b"((1)(3))(2)"]] * 2


@needs("mosquitto")
@pytest.mark.skipif(find_spec("paho") is None, reason="not installed: paho-mqtt")
def test_mosquitto_hears_a_short_message(tmp_path: Path) -> None:
    mqtt = import_module("paho.mqtt.client")
    subscribed, heard = Event(), Queue[str]()
    reader = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    reader.on_subscribe = lambda *_: subscribed.set()
    reader.on_message = lambda _client, _data, message: heard.put(message.payload.decode())
    port = free_port()
    (tmp_path / "conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    with running("mosquitto", "-c", str(tmp_path / "conf"), port=port):
        reader.connect("127.0.0.1", port)
        reader.subscribe("#")
        reader.loop_start()
        try:
            assert subscribed.wait(20)
            assert told(f"mqtt://127.0.0.1:{port}/news") == Receipt(at=NOW)
            assert "People killed 12 -> 15" in heard.get(timeout=20)
        finally:
            reader.loop_stop()
            reader.disconnect()


NGIRCD = """
[Global]
Name = irc.example.org
Info = test
Listen = 127.0.0.1
Ports = {port}
ServerUID = {uid}
ServerGID = {gid}
[Options]
PAM = no
Ident = no
DNS = no
"""


@needs("ngircd")
def test_ngircd_passes_a_short_message_into_the_channel(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "conf").write_text(NGIRCD.format(port=port, uid=os.getuid(), gid=os.getgid()))
    with (
        running("ngircd", "-n", "-f", str(tmp_path / "conf"), port=port),
        socket.create_connection(("127.0.0.1", port), timeout=20) as reader,
    ):
        reader.sendall(b"NICK reader\r\nUSER reader 0 * :r\r\nJOIN #news\r\n")
        heard = ""
        while " 366 " not in heard:
            heard += reader.recv(4096).decode()
        assert told(f"irc://newsmon@127.0.0.1:{port}/%23news?join=yes") == Receipt(at=NOW)
        while "PRIVMSG" not in heard:
            heard += reader.recv(4096).decode()
    assert "PRIVMSG #news :People killed 12 -> 15" in heard


SYNAPSE = """
server_name: example.org
listeners:
- {{port: {port}, bind_addresses: [127.0.0.1], type: http, resources: [{{names: [client]}}]}}
database: {{name: sqlite3, args: {{database: {folder}/db}}}}
media_store_path: {folder}/media
signing_key_path: {folder}/key
log_config: {folder}/log.yaml
pid_file: {folder}/pid
enable_registration: true
enable_registration_without_verification: true
report_stats: false
suppress_key_server_warning: true
trusted_key_servers: []
"""
MATRIX_API = "/_matrix/client/v3"


@needs("synapse_homeserver", "generate_signing_key")
def test_synapse_shows_a_marked_up_message_in_the_room(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "conf").write_text(SYNAPSE.format(port=port, folder=tmp_path))
    (tmp_path / "log.yaml").write_text("version: 1\n")
    subprocess.run(["generate_signing_key", "-o", str(tmp_path / "key")], check=True)
    with running("synapse_homeserver", "-c", str(tmp_path / "conf"), port=port):
        matrix = partial(asked, f"http://127.0.0.1:{port}{MATRIX_API}")
        joined = {"username": "newsmon", "password": "s3cret", "auth": {"type": "m.login.dummy"}}
        token = matrix("/register", joined)["access_token"]
        room = matrix("/createRoom", {"room_alias_name": "news"}, token)["room_id"]
        url = f"matrix://newsmon:s3cret@127.0.0.1:{port}/%23news:example.org"
        assert told(url, Form.HTML, "<b>People killed</b>: 12 → <b>15</b>") == Receipt(at=NOW)
        heard = matrix(f"/rooms/{room}/messages?dir=b&limit=1", None, token)["chunk"][0]["content"]
    assert heard["format"] == "org.matrix.custom.html"
    assert "<b>People killed</b>: 12 → <b>15</b>" in heard["formatted_body"]
    assert "People killed: 12 → 15" in heard["body"]


def asked(origin: str, path: str, data: object, token: str = "") -> Any:
    """Ask a server that speaks JSON: POST where there is something to say."""
    body = None if data is None else json.dumps(data).encode()
    request = Request(origin + path, body, {"Authorization": f"Bearer {token}"} if token else {})
    with urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def told(
    url: str, form: Form = Form.SHORT, text: str = "People killed 12 -> 15. ev-k3m7qx2d"
) -> Outcome:
    desk = target(url)
    (recipient,) = notifier().recipients(desk)
    assert recipient.form is form
    message = replace(MESSAGE, form=form, recipient=recipient.key, text=text)
    return notifier().send(message, desk)
