"""The sandbox's second door: VibeCode's `/v1/…` over the same portal. `door` serves it."""
