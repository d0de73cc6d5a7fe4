"""How a document names a picture that this installation keeps: by its SHA-256."""

import re

# Nothing that a person types becomes an address with this scheme.
KEPT = "kept-picture:"
KEPT_ADDRESS = re.compile(rf"{KEPT}([0-9a-f]{{64}})")
