"""The demo's sandbox portal and its folder: a process of its own that ends with the demo, however that ends, and takes both away.

    python -m importer.cli.demo_portal        standard output: the folder, then the sandbox's lines; ends with standard input
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from contextlib import suppress

from importer.sandbox.server import serve
from importer.sandbox.settings import SandboxSettings

# The portal's 0.08 s a contact shown four times as fast: long enough to watch, short enough to wait for.
_SPEED = 4.0


def main() -> None:
    """Serves until the demo closes our standard input, as the system does for one that was killed."""
    # Ctrl-C in the terminal is for the import; the portal must live until the calls in flight are answered.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Until the server listens to it: leaving this way takes the folder along.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    # A demo that is killed at once leaves nobody to print for.
    with suppress(BrokenPipeError), tempfile.TemporaryDirectory(prefix="b24-import-demo-") as folder:
        threading.Thread(target=_end_with_demo, daemon=True).start()
        print(folder, flush=True)
        serve(SandboxSettings(speed=_SPEED), 0, lambda line: print(line, flush=True))


def _end_with_demo() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
