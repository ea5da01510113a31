"""Writing a file so that a power cut or a pulled stick leaves the old one or the new one, never a half."""

import errno
import os
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Temporary name, fsync, rename, fsync of the folder. Raises OSError; the old file is then untouched."""
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename last; some file systems and Windows have no such thing, which is not an error."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
