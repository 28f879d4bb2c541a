"""When a call may leave: arithmetic over a clock, and the gate that waits."""
