"""`python -m importer.sandbox`: serve a sandbox portal; the first line of standard output is its webhook URL, the next ones the second door."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from importer.sandbox.oauth.switches import OAuthSwitches
from importer.sandbox.server import serve
from importer.sandbox.settings import PLANS, SandboxSettings
from importer.sandbox.vibecode.switches import VibeSwitches


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal comes; 0 then, 2 when it cannot start."""
    parser = argparse.ArgumentParser("python -m importer.sandbox", description="Serve a sandbox Bitrix24 portal on loopback.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; a free one by default")
    parser.add_argument("--plan", choices=tuple(PLANS), default="standard")
    parser.add_argument("--speed", type=float, default=1.0, help="times faster than real that limits and latency run")
    parser.add_argument("--seconds-per-command", type=float, default=0.08, help="operating time that one command costs")
    parser.add_argument("--faults", type=Path, help="YAML file of fault rules")
    parser.add_argument("--data", type=Path, help="SQLite file to keep between starts")
    parser.add_argument("--tls", action="store_true", help="https with a throw-away certificate; SSL_CERT_FILE names its authority")
    parser.add_argument("--vibe", action="append", default=[], metavar="NAME=POSITION", help="set a switch of the VibeCode door")
    parser.add_argument("--oauth", action="append", default=[], metavar="NAME=VALUE", help="set a switch of the OAuth application")
    chosen = parser.parse_args(arguments)
    try:
        settings = SandboxSettings(
            plan=chosen.plan,
            speed=chosen.speed,
            seconds_per_command=chosen.seconds_per_command,
            faults=chosen.faults,
            data=chosen.data,
            is_tls=chosen.tls,
            vibecode=VibeSwitches.from_words(chosen.vibe),
            oauth=OAuthSwitches.from_words(chosen.oauth),
        )
        serve(settings, chosen.port, lambda url: print(url, flush=True))
    except (ValueError, OSError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
