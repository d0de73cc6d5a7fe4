"""What a picture of boxes and arrows is made of, in pixels."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Words at a place."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A box with its words."""

    key: str
    colour: str
    x: float
    y: float
    width: float
    height: float
    number: Line
    lines: tuple[Line, ...]
    note: Line | None
    is_aside: bool = False

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Half its width."""
        return self.x + self.width / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends, below."""
        return self.y + self.height


@dataclass(frozen=True)
class Area:
    """What no line may run through."""

    x: float
    y: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Arrow:
    """A line with a head."""

    path: str
    head: str
    is_aside: bool = False


def head(x: float, y: float, dx: int, dy: int) -> str:
    """A triangle whose point touches (x, y), for a line that comes in the direction (dx, dy): one of them 1 or -1."""
    back_x, back_y = x - 6 * dx, y - 6 * dy
    return f"{x:g},{y:g} {back_x - 4 * dy:g},{back_y - 4 * dx:g} {back_x + 4 * dy:g},{back_y + 4 * dx:g}"
