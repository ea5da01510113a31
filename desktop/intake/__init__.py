"""The tab Accueil: queue, visit, day."""
