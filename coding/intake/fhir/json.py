"""JSON as FHIR has it, strictly: no key twice, no NaN, no half characters; numbers stay texts."""

import json
import re
from typing import Any

HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class Malformed(ValueError):
    """A piece that is no JSON to rely on; the message says why and what to do."""


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members that have a value. Raises Malformed where a key stands twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        shown = twice[:60].encode("utf-8", "replace").decode()
        raise Malformed(f"“{shown}” stands twice in one object. Keep one of them.")
    # FHIR has no null but in lists; whoever writes it means that there is nothing.
    return {key: value for key, value in members.items() if value is not None}


def _no_constant(name: str) -> Any:
    raise Malformed(f"{name} is no value of JSON.")


LENIENT = json.JSONDecoder(parse_constant=_no_constant, parse_int=str, parse_float=str)
STRICT = json.JSONDecoder(
    object_pairs_hook=_no_key_twice, parse_constant=_no_constant, parse_int=str, parse_float=str
)


def parsed(raw: bytes, strict: bool = True) -> Any:
    """The value of a piece. Keys that stand twice are only looked for if ``strict``. Raises Malformed."""
    try:
        value = (STRICT if strict else LENIENT).decode(raw.decode("utf-8-sig"))
        if HALF_CHARACTER.search(raw):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise Malformed(
            f"Byte {error.start + 1} of it is not UTF-8. Save the file in UTF-8."
        ) from None
    except UnicodeEncodeError:
        raise Malformed("It holds half a character (a lone surrogate). Take it out.") from None
    except json.JSONDecodeError as error:
        raise Malformed(
            f"Line {error.lineno}, column {error.colno} of it is no JSON: {error.msg}."
        ) from None
    except RecursionError:
        raise Malformed("It is nested too deeply.") from None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """The text at a path of keys and positions; empty where there is none."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return ""
    return value if isinstance(value, str) else ""
