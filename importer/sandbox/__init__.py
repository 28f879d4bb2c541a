"""A portal of our own on loopback, for the demo and the tests. Imports nothing of ours, on purpose."""
