"""`python -m importer`, and the `b24-import` command."""

import signal
import sys

_INTERRUPTED = 4


def main() -> None:
    """Runs the command line. A signal before it hears any, or after its last word, brings no trace and changes no exit code."""
    numbers = [number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None]
    for number in numbers:
        # Whoever started us under `nohup` ignores that a terminal closes, and so do we.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        # It takes most of a tenth of a second.
        from importer.cli.main import main as command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. Nothing was begun.\n")
        sys.exit(_INTERRUPTED)
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    main()
