"""Readiness is told over a real datagram socket."""

import socket
from pathlib import Path

import pytest

from monitor.net import sd_notify


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(abstract: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"@newsmon-test-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + path[1:] if abstract else path)
        assert sd_notify("READY=1", "STATUS=48 feeds ok")
        assert listening.recv(100) == b"READY=1\nSTATUS=48 feeds ok"


def test_without_systemd_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not sd_notify("READY=1")
