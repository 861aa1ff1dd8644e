"""What Django-Q2 runs. The dotted paths in this module are a contract with jobs that are already queued."""

from generation.worker import executor


def generate_blog_content(generation_id: int | None = None) -> int:
    """Write what waits, the oldest first, and return how many generations were taken up.

    Args:
        generation_id: the one whose request rang; it may be done by now, and others may be due before it.
    """
    return executor.write_due()
