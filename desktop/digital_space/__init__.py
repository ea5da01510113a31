"""Espace numérique (F8): the public computers and the day's counters."""
