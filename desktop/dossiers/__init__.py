"""Dossiers (F7): mediation with a partner, followed to its end."""
