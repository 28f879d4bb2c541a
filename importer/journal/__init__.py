"""What survives a crash: one SQLite file that knows every row's state before and after each call."""
