"""The rules of Mozilla's HTTP Observatory over the answers of a site, with its penalties and bonuses.

https://developer.mozilla.org/docs/Web/Security/Practical_implementation_guides and the scoring page beside it. 100 and
more is A+. Bonuses count only from 90 on. Whether a browser's list preloads the site is not asked.
"""

import re

HALF_A_YEAR = 15_768_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(answer, plain_answer, cookies) -> tuple[int, list[str]]:
    """The score of a page, and what it lost points for.

    ``answer``: the page's, ``plain_answer``: what was answered without TLS, both with ``headers``.
    """
    rules = {
        "content-security-policy": -25
        if _policy(answer) is None
        else 5
        if _is_strict(answer)
        else -20,
        "cookies": _cookies(cookies),
        "cross-origin-sharing": -50
        if answer.headers.get("Access-Control-Allow-Origin") == "*"
        else 0,
        "redirection": 0
        if plain_answer.headers.get("Location", "").startswith("https://")
        else -20,
        "referrer-policy": 5 if answer.headers.get("Referrer-Policy") in PRIVATE else -5,
        "strict-transport-security": 0 if _seconds_of_tls(answer) >= HALF_A_YEAR else -20,
        "subresource-integrity": 0 if _own_scripts_only(answer) else -50,
        "x-content-type-options": 0
        if answer.headers.get("X-Content-Type-Options") == "nosniff"
        else -5,
        "x-frame-options": 5 if "frame-ancestors 'none'" in (_policy(answer) or "") else -20,
        "cross-origin-resource-policy": 10 if _is_own_resource(answer) else 0,
    }
    penalties = sum(points for points in rules.values() if points < 0)
    bonuses = sum(points for points in rules.values() if points > 0)
    reached = 100 + penalties
    return reached + (bonuses if reached >= 90 else 0), [
        name for name, points in rules.items() if points < 0
    ]


def _policy(answer):
    return answer.headers.get("Content-Security-Policy")


def _is_strict(answer) -> bool:
    policy = _policy(answer)
    has_both = "default-src" in policy and "object-src 'none'" in policy
    return has_both and not re.search(r"unsafe-|https?:(?!//)|data:(?=[^;]*script)|\*", policy)


def _cookies(cookies) -> int:
    rest = [{name.lower() for name in cookie._rest} for cookie in cookies]
    if not all(cookie.secure for cookie in cookies) or not all(
        "httponly" in names for names in rest
    ):
        return -40
    return 5 if cookies and all("samesite" in names for names in rest) else 0


def _seconds_of_tls(answer) -> int:
    age = re.search(r"max-age=(\d+)", answer.headers.get("Strict-Transport-Security", ""))
    return int(age[1]) if age else 0


def _own_scripts_only(answer) -> bool:
    return all(
        address.startswith("/")
        for address in re.findall(r"<script[^>]+src=\"([^\"]+)", answer.text)
    )


def _is_own_resource(answer) -> bool:
    return answer.headers.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"}
