"""The portal's own REST API, through an incoming webhook or an OAuth application."""
