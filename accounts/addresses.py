"""One spelling for each mailbox."""


def canonical_address(address: str) -> str:
    """Return an address as it is stored, compared and looked up.

    Raises:
        ValueError: its domain cannot be one.
    """
    return address.lower()
