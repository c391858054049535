"""Judgements of this package. Pure."""
