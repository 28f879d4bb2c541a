"""Where contacts go: one protocol (`portal`), one folder a door."""
