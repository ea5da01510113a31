"""What the digital space says: remaining time, uses, and their icons."""

from datetime import datetime, timedelta

from db import digital_space, lists
from desktop import french

ICONS = {"demarche": "globe", "emploi": "briefcase", "messagerie": "at-sign", "recherche": "wifi", "autre": "monitor"}
COUNTER_KEYS = {"I": "nb", "C": "couleur", "P": "copie", "F": "fax_emis", "R": "fax_recu", "N": "scan"}
COUNTER_ICONS = {"nb": "printer", "couleur": "file-text", "copie": "copy", "fax_emis": "send", "fax_recu": "inbox",
                 "scan": "scan-line"}  # fmt: skip


def who(post: digital_space.Post) -> str:
    return post.label or "Anonyme"


def uses(post: digital_space.Post) -> str:
    """« Démarche en ligne, Messagerie · aide ponctuelle »."""
    counted = {use: post.uses.count(use) for use in post.uses}
    names = [lists.label("use", use) + (f" × {n}" if n > 1 else "") for use, n in counted.items()]
    support = "" if post.support == "autonome" else f" · {lists.label('support', post.support).casefold()}"
    return ", ".join(names) + support


def clock(remaining: timedelta) -> tuple[str, str]:
    """The figure and its word: « 12:40 », « restantes »; rounded so that both sides of zero read 00:00."""
    seconds = remaining.total_seconds()
    if seconds < 0:
        return french.clock(-seconds), "de dépassement"
    return french.clock(seconds), "restantes"


def level(remaining: timedelta) -> str:
    """« calm », « wait » in the last five minutes, « urgent » beyond the end."""
    if remaining < timedelta():
        return "urgent"
    return "wait" if remaining <= digital_space.NEARLY_OVER else "calm"


def spoken(post: digital_space.Post, moment: datetime) -> str:
    """The tile as a screen reader says it; changes once a minute."""
    if post.fault:
        return f"{post.name}, hors service, {post.fault}"
    if post.session is None:
        return f"{post.name}, libre"
    remaining = post.remaining(moment)
    minutes = french.counted(int(abs(remaining.total_seconds()) // 60), "minute")
    return f"{post.name}, {who(post)}, {uses(post)}, {minutes} {clock(remaining)[1]}"
