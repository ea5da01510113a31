"""From the mediator's words to a letter on paper: templates, filling, typography, PDF. No Qt, no database."""
