"""The door of the VibeCode API: JSON in camelCase in front of the same portal."""
