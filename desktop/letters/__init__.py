"""The tab Courriers: models, fields, the real page."""
