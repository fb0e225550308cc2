"""What is done every night (``reviews.scheduled_work``): doing it twice does it once."""

from django.utils import timezone

from reviews.actions import replays


def prove_replay() -> str:
    """Begin to prove the stored suggestions, once a day; workers do it."""
    proof = replays.prove(timezone.localdate())
    return f"{proof.suggestions} suggestions to prove" if proof else "begun before"
