"""What forms of visitors have in common."""

from __future__ import annotations

import re

LONGEST_FIELD = 200
EMAIL = re.compile(r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")
