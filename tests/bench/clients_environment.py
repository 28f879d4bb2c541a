"""The virtual environment of the other clients in `bench_clients`: made once in the user's cache folder, then kept.

Versions are fixed, because a figure belongs to one. Nothing of it comes near the project's own environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

#: distribution → version
CLIENTS = {"fast-bitrix24": "1.8.14", "b24pysdk": "1.3.2"}

_VERSIONS = f"from importlib.metadata import version; print(*map(version, {list(CLIENTS)!r}))"


def clients_python(folder: Path | None = None) -> Path:
    """The interpreter of an environment that has the clients, installed now if need be.

    Raises CalledProcessError when pip cannot install them; its own words are on standard error by then.
    """
    folder = folder or user_cache_path("b24-import") / "bench-clients"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if _versions(python) != list(CLIENTS.values()):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        wanted = [f"{name}=={version}" for name, version in CLIENTS.items()]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True, stdout=sys.stderr)
    return python


def _versions(python: Path) -> list[str]:
    if not python.exists():
        return []
    return subprocess.run([str(python), "-c", _VERSIONS], capture_output=True, text=True, check=False).stdout.split()
