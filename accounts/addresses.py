"""One spelling for each mailbox."""

import unicodedata
from ipaddress import ip_address

import idna

ADDRESS_MAX_LENGTH = 254
DOMAIN_INVALID = "The domain of this address is not a valid one."


def canonical_address(address: str) -> str:
    """Return an address as it is stored, compared and looked up: composed, in lower case, its domain in Unicode.

    Raises:
        ValueError: it is too long, or its domain cannot be one.
    """
    if len(address) > ADDRESS_MAX_LENGTH:
        raise ValueError("The address is too long.")
    local, at, domain = address.rpartition("@")
    canonical = f"{composed(local)}{at}{canonical_domain(domain)}"
    if not local or len(canonical) > ADDRESS_MAX_LENGTH:
        raise ValueError("The address has no local part, or is too long.")
    return canonical


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def canonical_domain(domain: str) -> str:
    """Return a domain in lower case, with the letters of its language instead of punycode.

    Raises:
        ValueError: it is no domain and no address literal.
    """
    domain = unicodedata.normalize("NFC", domain)
    if domain.startswith("[") and domain.endswith("]"):
        return f"[{ip_address(domain[1:-1])}]"
    if domain.isascii() and "xn--" not in domain.lower():
        return domain.lower()  # the validators know more about these, and IDNA refuses some that exist
    # UTS 46 drops invisible characters: what looks like another domain, or like none, would become a valid one.
    if not all(map(idna.uts46_remap, domain)) or (encoded := idna.encode(domain, uts46=True)).endswith(b"."):
        raise ValueError(DOMAIN_INVALID)
    return idna.decode(encoded)
