"""What Django-Q2 runs. The dotted paths in this module are a contract with tasks that are already queued."""

from generation.worker import executor


def generate_blog_content(generation_id: int | None = None) -> int:
    """Write what is due, in fair order, and return how many generations were fetched.

    Args:
        generation_id: the one whose request queued this wake-up; it may be done by now, and others may go before it.
    """
    return executor.write_due()
