"""Pictures that the program draws itself."""

import segno
from django.utils.safestring import SafeString


def qr(address: str) -> SafeString:
    """A QR code of an address as an inline picture."""
    picture: str = segno.make(address, error="m").svg_inline(scale=3, border=2, dark="#212121", omitsize=True)
    return SafeString(picture)  # our own drawing of our own address
