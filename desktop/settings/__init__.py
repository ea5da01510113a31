"""Réglages: what the place settles for itself, and the pages the first-run assistant shares."""
