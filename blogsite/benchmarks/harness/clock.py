"""A clock that can be set wrong while processes run by it: a library that is loaded into them.

It shifts what a process learns of the time of day, and leaves alone what sleeps and timeouts are measured by.
"""

import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *shift;

__attribute__((constructor)) static void open_shift(void) {
  const char *path = getenv("TRIAL_CLOCK");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *found = mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (found != MAP_FAILED) shift = found;
}

static int64_t seconds(void) { return shift ? *shift : 0; }

int clock_gettime(clockid_t id, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(id, now);
  if (!result && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += seconds();
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  static int (*real)(struct timeval *, void *);
  if (!real) real = dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(now, zone);
  if (!result && now) now->tv_sec += seconds();
  return result;
}

time_t time(time_t *place) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (place) *place = now.tv_sec;
  return now.tv_sec;
}
"""


class Clock:
    """The clock of the processes that are started with `environment`; right until it is shifted.

    Args:
        scratch: a directory.
        name: of this clock, there.
    """

    def __init__(self, scratch: Path, name: str) -> None:
        self.path = scratch / f"clock-{name}"
        self.library = scratch / "clock.so"
        self.shift(0)
        if not self.library.exists():
            source = scratch / "clock.c"
            source.write_text(SOURCE)
            command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(self.library), str(source), "-ldl"]
            subprocess.run(command, check=True)

    @staticmethod
    def can_be_made() -> bool:
        """Whether this machine has a compiler (Debian's packages gcc and libc6-dev)."""
        return shutil.which("cc") is not None

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "TRIAL_CLOCK": str(self.path)}

    def shift(self, seconds: int) -> None:
        """Show so many seconds more than it is."""
        with self.path.open("r+b" if self.path.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))
