"""The rules by which Mozilla's HTTP Observatory marks a site, over the headers of one answer.

Source: https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring. It begins with 100; credits count
from 90 on.
Its rules on redirects from HTTP and on foreign scripts need a whole site: Concord has no foreign script, and the
redirect is the proxy's and ``SECURE_SSL_REDIRECT``.
"""

from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie

HALF_A_YEAR = 15_768_000
UNSAFE = ("'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "http:", "*")
PRIVATE_REFERRERS = {
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
}


def faults(headers: Mapping[str, str], cookies: Iterable[str]) -> list[str]:
    """What a header or cookie lacks, in words. Names of headers in lower case."""
    policy = _policy(headers.get("content-security-policy", ""))
    scripts = policy.get("script-src", policy.get("default-src", ["*"]))
    styles = policy.get("style-src", policy.get("default-src", ["*"]))
    hsts = headers.get("strict-transport-security", "")
    age = next(
        (part.partition("=")[2] for part in hsts.split(";") if part.strip().startswith("max-age")),
        "0",
    )
    tests = {
        "CSP lets scripts or styles in that are not ours": not set(UNSAFE) & {*scripts, *styles},
        "CSP lets plug-ins in": policy.get("object-src", policy.get("default-src"))
        in (["'none'"], ["'self'"]),
        "CSP lets a page set its base": policy.get("base-uri") in (["'none'"], ["'self'"]),
        "CSP lets forms be sent elsewhere": policy.get("form-action") in (["'none'"], ["'self'"]),
        "pages can be framed": policy.get("frame-ancestors") == ["'none'"]
        and "x-frame-options" in headers,
        "HSTS is missing or shorter than half a year": age.isdecimal() and int(age) >= HALF_A_YEAR,
        "X-Content-Type-Options is not nosniff": headers.get("x-content-type-options") == "nosniff",
        "Referrer-Policy is not private": headers.get("referrer-policy") in PRIVATE_REFERRERS,
        "Cross-Origin-Opener-Policy is not same-origin": headers.get("cross-origin-opener-policy")
        == "same-origin",
        "Cross-Origin-Resource-Policy is not same-origin": headers.get(
            "cross-origin-resource-policy"
        )
        == "same-origin",
        "other origins may read answers": "access-control-allow-origin" not in headers,
        "Permissions-Policy is missing": "permissions-policy" in headers,
    }
    missing = [words for words, is_met in tests.items() if not is_met]
    return [*missing, *(fault for cookie in cookies for fault in _cookie_faults(cookie))]


def score(headers: Mapping[str, str], cookies: Iterable[str]) -> int:
    """The Observatory's mark of an answer without faults: 100, and its credits. 0 where there is a fault."""
    if faults(headers, cookies):
        return 0
    credit = {
        "content security policy without unsafe sources": 5,
        "cookies secure, unread by scripts and of the same site": 5 if list(cookies) else 0,
        "private referrers": 5,
        "framing forbidden by the policy": 5,
        "resources for the same origin alone": 10,
    }
    return 100 + sum(credit.values())


def _policy(text: str) -> dict[str, list[str]]:
    directives = (part.split() for part in text.split(";") if part.strip())
    return {name: sources for name, *sources in directives}


def _cookie_faults(text: str) -> list[str]:
    cookie = SimpleCookie(text)
    return [
        f"the cookie {name} is not {attribute}"
        for name, morsel in cookie.items()
        for attribute, is_met in (
            ("Secure", morsel["secure"]),
            ("HttpOnly", morsel["httponly"]),
            ("SameSite", morsel["samesite"] in ("Lax", "Strict")),
        )
        if not is_met
    ]
