"""Which processes of this machine run; an id alone does not tell, since ids are used again."""

import os
from pathlib import Path


def start_of(pid: int) -> int | None:
    """Return when a process started, in clock ticks since the machine did; None if it ended or there is no /proc."""
    try:
        # pid (name) state ...: the name may hold spaces and brackets; the 22nd field is `starttime` of proc(5)
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def is_running(pid: int, start: int | None = None) -> bool:
    """Whether a process runs, as far as this machine can see; a zombie does not.

    Args:
        pid: its id.
        start: when it started, see `start_of`; None if that is not known.
    """
    if Path("/proc/self/stat").exists():
        found = start_of(pid)
        return found is not None and start in (None, found)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # another user's
    return True
