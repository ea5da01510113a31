"""Guichet, the offline reception desk: the application."""
