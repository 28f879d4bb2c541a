"""A file on disk becomes rows of text, with the row numbers a person sees."""
