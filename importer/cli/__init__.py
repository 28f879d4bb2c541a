"""The command line: one command a file, its arguments and its printing, nothing else."""
