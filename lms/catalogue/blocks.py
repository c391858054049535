"""A lesson's Markdown as blocks, and back. Pure."""
