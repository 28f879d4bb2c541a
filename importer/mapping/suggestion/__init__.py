"""A proposed mapping for a table nobody has mapped yet: known exports by signature, others by words and values."""
