"""The portal's own REST API, through an incoming webhook."""
