"""What is kept about how people get in: places, what happened too often to be recorded one by one, stolen passwords."""

from django.conf import settings
from django.db import models


class KnownPlace(models.Model):
    """From where a person has signed in: the network and the kind of browser. The person is notified of a new one.

    ``last_event`` is the number of the last sign-in's event in the trail: what came after it, this place has not
    told yet.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    network = models.CharField(max_length=45)
    browser = models.CharField(max_length=200)
    last_event = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "network", "browser"], name="one_place_once")
        ]

    def __str__(self) -> str:
        return self.network


class RepeatedEvent(models.Model):
    """What one client did within an hour that is refused each time: told once at first, and by its count afterwards.

    ``account`` is the id of an account, or empty; never a name that somebody typed. ``what`` is the step of the
    sign-in, or the address that was refused, as the pattern that it follows.
    """

    hour = models.DateTimeField()
    event = models.CharField(max_length=60)
    account = models.CharField(max_length=20, blank=True)
    client = models.CharField(max_length=45, blank=True)
    what = models.CharField(max_length=200, blank=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        # What the trail shows as the subject where nobody's account is concerned.
        verbose_name = "no account"
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "event", "account", "client", "what"],
                name="one_count_of_a_repeated_event",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}, {self.times} times"


class BreachedPassword(models.Model):
    """The first eight bytes of the SHA-1 of a password that was stolen somewhere, as a signed number.

    Of a billion passwords in the list, one in some ten billion of others is refused by mistake.
    """

    prefix = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.prefix:x}"


class BreachedPasswordList(models.Model):
    """One file of stolen passwords that was loaded; several add up."""

    name = models.CharField(max_length=200)
    passwords = models.PositiveBigIntegerField(help_text="How many lines of the file count.")
    at_least = models.PositiveIntegerField(
        help_text="Only passwords that were stolen as often as this count."
    )
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.passwords}"
