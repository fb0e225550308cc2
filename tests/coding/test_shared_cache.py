"""The cache that all web processes share: what one counts is not washed away by what others put there."""

from django.core.cache import cache

# More than Django's database cache keeps by itself.
MANY = 320


def test_a_limit_outlasts_hundreds_of_other_entries(db):
    limits = {f"limit-{number}": number for number in range(MANY)}
    cache.set_many(limits, timeout=300)
    assert cache.get_many(limits) == limits
