"""An OAuth application of the sandbox portal: the authorisation page, the token server, the tokens the native door takes."""
