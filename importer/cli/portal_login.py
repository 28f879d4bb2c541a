"""`b24-import portal login`: the first authorisation of an OAuth application, at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import click

from importer.access import open_access, unreachable
from importer.batcher.progress import Progress
from importer.cli import options, signals
from importer.cli.progress import shown
from importer.errors import UsageError
from importer.pacing.plans import PLANS
from importer.portals.bitrix24.login import Login, code_from_browser
from importer.portals.connection import application_named
from importer.portals.operations import WhoAmI
from importer.portals.portal import Done, Failure, Identity

_WAITS_S = 600.0


@click.command("login", short_help="The first authorisation of an OAuth application.")
@click.option("--env-file", type=click.Path(path_type=Path), help="A file of NAME=value lines with the connection.")
@click.option("--listen", type=click.IntRange(1, 65535), metavar="PORT",
              help="Wait for the browser at http://127.0.0.1:PORT/, which must be the address in the application's settings.")  # fmt: skip
@click.pass_context
def command(context: click.Context, env_file: Path | None, listen: int | None) -> int:
    """Asks the portal for an application's tokens and keeps them in B24_TOKEN_FILE, readable by you alone.

    Needs B24_PORTAL_URL, B24_CLIENT_ID, B24_CLIENT_SECRET and B24_TOKEN_FILE. Open the address that is shown, allow the
    application, and paste the address at which the browser ends, or the code in it, within 30 seconds.
    """
    environment = options.environment(env_file or (context.parent.params.get("env_file") if context.parent else None))
    login = Login(application_named(environment))
    if listen is None and not sys.stdin.isatty():
        raise UsageError(
            "portal login waits for a code that a person pastes, and there is no terminal here. Run it at a terminal, or with --listen PORT "
            "where the application's own address is http://127.0.0.1:PORT/."
        )
    click.echo(f"Open this address in a browser, as the user whose rights the import shall have:\n\n  {login.address}\n", err=True)
    code = signals.run(code_from_browser(login, listen, _WAITS_S)) if listen else _pasted(login)
    click.echo(signals.run(_completed(login, code, environment)))
    return 0


def _pasted(login: Login) -> str:
    click.echo("Then copy the address the browser ends at, which has `code=` in it. The code lives 30 seconds.", err=True)
    return login.code_in(click.prompt("Address or code", err=True))


async def _completed(login: Login, code: str, environment: Mapping[str, str]) -> str:
    """Buys and keeps the tokens; who we are with them."""
    file = await login.complete(code)
    progress = Progress("asking")
    access = open_access(environment, "oauth", PLANS["standard"], progress, is_watched=True)
    try:
        with shown(progress, options.Saying()):
            [result] = (await access.enquiry.send([WhoAmI()])).results
    except Failure as failure:
        raise unreachable(failure, access.portal) from None
    finally:
        await access.portal.close()
    who = result.value if isinstance(result, Done) and isinstance(result.value, Identity) else None
    name = f"{who.name or 'a user without a name'} (user {who.user_id}{', administrator' if who.is_admin else ''})" if who else "a user it does not tell"
    return f"{urlsplit(login.settings.base).netloc}: logged in as {name}. The tokens are in {file}, readable by you alone."
