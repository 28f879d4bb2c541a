"""Contacts become outcomes: batches, retry decisions, workers, settling."""
