"""`b24-import sandbox`: its arguments."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("sandbox", short_help="Serve the sandbox portal.")
@click.option("--port", type=click.IntRange(0, 65535), default=8024, show_default=True, help="0 takes any free port.")
@click.option("--plan", type=click.Choice(["standard", "enterprise"]), default="standard", show_default=True)
@click.option("--speed", type=click.FloatRange(min=0.001), default=1.0, show_default=True, help="Everything one waits for is N times shorter.")
@click.option("--faults", type=click.Path(path_type=Path), help="A YAML file of faults to make.")
@click.option("--data", type=click.Path(path_type=Path), help="An SQLite file that keeps the portal's contacts. [default: in memory]")
@click.option("--tls", "is_tls", is_flag=True, help="Serve https with a throw-away certificate; a line SSL_CERT_FILE=… names the authority to trust.")
@click.option("--vibe", multiple=True, metavar="NAME=POSITION", help="Set a switch of the VibeCode door; may be given several times.")
@click.option("--oauth", multiple=True, metavar="NAME=VALUE", help="Set a switch of the OAuth application, as access_life_s=60.")
def command(port: int, plan: str, speed: float, is_tls: bool, vibe: tuple[str, ...], oauth: tuple[str, ...], **files: Path | None) -> int:
    """Serve a local portal on 127.0.0.1 until Ctrl-C; the first line names its webhook, the next ones its other doors."""
    import sqlite3

    from importer.errors import UsageError
    from importer.sandbox.oauth.switches import OAuthSwitches
    from importer.sandbox.server import serve
    from importer.sandbox.settings import SandboxSettings
    from importer.sandbox.vibecode.switches import VibeSwitches

    try:
        switches = {"vibecode": VibeSwitches.from_words(vibe), "oauth": OAuthSwitches.from_words(oauth)}
        settings = SandboxSettings(plan=plan, speed=speed, is_tls=is_tls, **files, **switches)
        serve(settings, port, click.echo)
    except (OSError, ValueError) as error:
        raise UsageError(f"sandbox: {error}") from None
    except sqlite3.Error as error:
        raise UsageError(f"sandbox: {files['data']}: the portal's contacts cannot be kept there ({error}). Name another file with --data.") from None
    return 0
