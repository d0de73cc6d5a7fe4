"""Sizes as people read them."""


def describe_bytes(count: int) -> str:
    """`count` bytes in the decimal unit that keeps the figure short: 512 bytes, 4.2 kB, 104.9 MB."""
    if count < 1000:
        return f"{count} bytes"
    size = float(count)
    for unit in ("kB", "MB", "GB"):
        size /= 1000
        if size < 999.95:
            return f"{size:.1f} {unit}"
    return f"{size / 1000:.1f} TB"
