"""Every wait, lease and address of delivery that can be set is told in docs/reference/delivery.md, with its default."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
READ = re.compile(
    r'"(HUB_(?:SMTP|DELIVER|HEARTBEAT|PULSE|MONITOR|RELAY_EVERY|CLIMB|DIGEST|TASK|HANDLING|RETURN|WEB_A)\w*)", "?([\w.,]*)'
)


def test_every_setting_of_delivery_is_told_with_its_default() -> None:
    text = (ROOT / "docs/reference/delivery.md").read_text()
    found = READ.findall((ROOT / "hesley_hub/settings.py").read_text())
    assert len(found) > 20
    rows = [line for line in text.splitlines() if line.startswith("| `HUB_")]
    for name, default in found:
        told = [row for row in rows if f"`{name}`" in row]
        assert len(told) == 1, name
        assert default in told[0], (name, default)
