"""A process of the hub with the settings that docker-compose.yml gives a live world's part, and nothing else of ours."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
PARTS: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
GIVEN = {
    "HUB_SECRET_KEY": "7d5f0c3e9b1a48f26c8e0d4b7a9135f2e6c0d8b4a7915e3f81d2c4b6a8093e5f",
    "HUB_ADDRESS": "https://hub.example",
    "HUB_ALLOWED_HOSTS": "hub.example",
    "HUB_MAIL_FROM": "hub@hub.example",
    "HUB_OPERATOR_MAIL": "operator@hub.example",
    "HUB_AUDIT_MAIL": "seals@auditor.example",
}


def environment(part: str, folder: Path, **more: str) -> dict[str, str]:
    """What the part is given, its variables filled in as an operator would."""
    asked: dict[str, str] = PARTS[part]["environment"]
    filled = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: GIVEN.get(found[1], "0f3c9a"), str(value))
        for name, value in asked.items()
    }
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "HUB_DIR": str(folder), **filled, **more}


def run(*words: str, part: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One command, with every warning of Python an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", *words],
        cwd=ROOT,
        env=environment(part, folder, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
