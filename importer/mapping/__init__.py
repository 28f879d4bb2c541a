"""A row becomes a contact, or the problems that keep it from being one."""
