"""Where things are: the shipped resources and the place's own folder. No Qt, no database."""

import os
from pathlib import Path

RESOURCES = Path(__file__).parents[1] / "resources"


def place() -> Path:
    """The folder that holds everything the place knows; GUICHET_PLACE moves it (tests, a second desk)."""
    if chosen := os.environ.get("GUICHET_PLACE"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("Guichet", appauthor=False))


def demonstration() -> Path:
    """The demonstration place: beside the real one, never inside it."""
    return place().with_name(place().name + "-demonstration")
