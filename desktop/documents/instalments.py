"""Where templates look for payments: the arithmetic itself is shared with the dossiers (`desktop.instalments`)."""

from desktop.instalments import Instalment, instalments, months_later

__all__ = ["Instalment", "instalments", "months_later"]
