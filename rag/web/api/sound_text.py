"""Text that programs send: halves of characters, which JSON can hold and UTF-8 cannot, are mended.

Clients that cut a text after so many units of UTF-16 send half of an emoji at its end.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

_HALVES = re.compile("[\ud800-\udfff]")


def _whole(value: Any) -> Any:
    return _HALVES.sub("\ufffd", value) if isinstance(value, str) else value


Sound = Annotated[str, BeforeValidator(_whole)]
