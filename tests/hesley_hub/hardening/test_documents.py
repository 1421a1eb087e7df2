"""The maker of documents fetches nothing, attaches nothing and ends, whatever it is given."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.template import Engine
from pypdf import PdfReader

from oversight.dashboards.documents import rendering

CANARY = "canary-9f2c"


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port that notes whoever connects."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ending = threading.Event()

        def accept() -> None:
            while not ending.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    came.append(connection.recv(100))

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], came
        finally:
            ending.set()
            thread.join()


def made(markup: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, float]:
    """The document of markup that has slipped through every escape, and the processor seconds it took."""
    monkeypatch.setattr(rendering, "render_to_string", lambda *_: f"<html lang=en><title>t</title>{markup}")
    began = time.process_time()
    return rendering.pdf("any", {}), time.process_time() - began


REFERENCES = [
    "<img src=http://127.0.0.1:{port}/x.png>",
    "<img src=//127.0.0.1:{port}/x.png>",
    "<img src='{file}'>",
    "<img src=file:///etc/passwd>",
    "<img src=file:///dev/urandom>",
    "<img src=http://169.254.169.254/latest/meta-data/>",
    "<link rel=stylesheet href=http://127.0.0.1:{port}/x.css>",
    "<link rel=attachment href='{file}'>",
    "<a rel=attachment href='{file}'>x</a>",
    "<style>@import 'http://127.0.0.1:{port}/x.css'; @font-face {{font-family: x; src: url(http://127.0.0.1:{port}/x)}} p {{font-family: x; background: url({file})}}</style><p>x",
    "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:{port}/x'/><use href='{file}#x'/></svg>",
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:{port}/x'/></svg>\">",
    "<object data='http://127.0.0.1:{port}/x'></object><embed src='{file}'>",
    "<iframe src='{file}'></iframe>",
    "<base href='http://127.0.0.1:{port}/'><img src=x.png>",
    "<p style='background-image: url(http://127.0.0.1:{port}/x)'>x",
    "<script src=http://127.0.0.1:{port}/x.js></script>",
    "<img src='https://documents.invalid/hub/fonts/../../../etc/passwd'>",
    "<img src='ftp://127.0.0.1:{port}/x'><img src='gopher://127.0.0.1:{port}/x'>",
]


def test_no_reference_is_followed(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    file = f"{tmp_path}/secret.txt"
    with open(file, "w") as out:
        out.write(CANARY)
    with listening() as (port, came):
        for markup in REFERENCES:
            document, took = made(markup.format(port=port, file=f"file://{file}"), monkeypatch)
            reader = PdfReader(io.BytesIO(document))
            assert not reader.attachments, markup
            assert CANARY not in " ".join(page.extract_text() for page in reader.pages), markup
            assert CANARY.encode() not in document, markup
            assert took < 30, markup
        assert came == []


def test_the_port_would_have_noticed() -> None:
    with listening() as (port, came), socket.create_connection(("127.0.0.1", port)) as here:
        here.sendall(b"x")
        for _ in range(50):
            if came:
                break
            time.sleep(0.05)
        assert came == [b"x"]


def test_size_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter of a million kilometres may stop the document; it may not stop the website."""
    began = time.process_time()
    with suppress(ZeroDivisionError):
        made("<p style='font-size: 1e9px'>x</p>", monkeypatch)
    assert time.process_time() - began < 30
    font, took = made("<p><font size=1e9px>x</font></p>", monkeypatch)
    assert font.startswith(b"%PDF")
    assert took < 30
    word, took = made(f"<p>{'x' * 20_000}</p>", monkeypatch)
    assert word.startswith(b"%PDF")
    assert took < 30


def test_a_table_of_five_megabytes_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take two minutes of a processor."""
    row = "<tr><td>" + "word " * 200 + "</td></tr>"
    began = time.process_time()
    with pytest.raises(rendering.PdfUnavailableError, match="too long"):
        made("<table>" + row * (5_000_000 // len(row)) + "</table>", monkeypatch)
    assert time.process_time() - began < 30


def test_our_templates_escape() -> None:
    assert Engine.get_default().autoescape
