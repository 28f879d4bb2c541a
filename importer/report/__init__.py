"""What happened, from the journal alone; one face a file."""
