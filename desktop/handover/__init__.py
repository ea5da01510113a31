"""The tab Fin de journée: checks, copy, handover."""
