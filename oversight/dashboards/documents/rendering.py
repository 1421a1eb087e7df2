"""Pages of paper: a template and our own sheet in, a tagged PDF out. Nothing is fetched from anywhere."""

import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

WHAT_TO_INSTALL = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
SHEET = "hub/document.css"
FONTS = ("fonts/atkinson-latin.woff2", "fonts/atkinson-latin-ext.woff2")
#: Signs of markup. A document of this length takes about eight seconds of a processor; time grows with length.
LONGEST = 400_000
#: A face of many weights: browsers want the range, the PDF engine finds the weights in the file.
RANGE_OF_WEIGHTS = re.compile(r"font-weight:\s*\d+ \d+;?")
#: No host has this name (RFC 2606); it only tells our own files from everything else.
OURS = "https://documents.invalid/hub/"


# Every step of every document is no news for a log.
for _name in ("weasyprint", "fontTools"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class PdfUnavailableError(Exception):
    """No PDF can be made here: pango or the sheet is missing, or there is too much of it; the text says what to do."""


def pdf(template: str, context: dict[str, Any]) -> bytes:
    """The template rendered as PDF with tags (PDF/UA-1 declared). Raises PdfUnavailableError."""
    sheet = _static(SHEET)
    if sheet is None:
        raise PdfUnavailableError(
            "The document sheet is not built: ./hub up builds it, or node build.mjs in static/"
        )
    try:
        import weasyprint
    except OSError as problem:
        raise PdfUnavailableError(
            f"PDFs need pango, which this machine lacks: {WHAT_TO_INSTALL}"
        ) from problem
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher()
    fonts = FontConfiguration()
    css = weasyprint.CSS(
        string=RANGE_OF_WEIGHTS.sub("", sheet.read_text(encoding="utf-8")),
        base_url=OURS,
        url_fetcher=fetcher,
        font_config=fonts,
    )
    markup = render_to_string(template, context)
    if len(markup) > LONGEST:
        raise PdfUnavailableError("This is too long for a document. Read it on its page, or print that page")
    page = weasyprint.HTML(string=markup, base_url=OURS, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


@cache
def _fetcher() -> Any:
    """A fetcher that knows our two font files and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFontsOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(OURS)
            file = _static(f"hub/{name}") if name in FONTS and url.startswith(OURS) else None
            if file is None:
                raise ValueError(f"a document fetches nothing: {url[:80]}")
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": "font/woff2"})

    return OwnFontsOnly()


def _static(name: str) -> Path | None:
    """The built file of this name: where the finders or the collected files have it."""
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found)
    collected = Path(settings.STATIC_ROOT or "") / name
    return collected if collected.is_file() else None
