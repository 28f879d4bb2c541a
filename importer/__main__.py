"""`python -m importer`, and the `b24-import` command."""

from importer.cli.main import main

if __name__ == "__main__":
    main()
