"""Durations in words short enough for a table."""

UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def format_duration(seconds: float) -> str:
    """Two largest units that matter: `1.8 s`, `25 min`, `2 h 5 min`, `3 d 4 h`; below a second in milliseconds."""
    if seconds < 0:
        return f"−{format_duration(-seconds)}"
    if 0 < seconds < 0.9995:
        return f"{max(round(seconds * 1000), 1)} ms"
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    rest, parts = round(seconds), []
    for unit, size in UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
        if len(parts) == 2:
            break
    return " ".join(parts)


def format_bytes(count: int) -> str:
    """A size in the largest decimal unit that keeps it above one: `104.9 MB`."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if round(size, 1) < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
