"""What a person typed into a form and has not sent yet, so that the end of a session loses nothing."""

from django.conf import settings
from django.db import models


class KeptText(models.Model):
    """The fields of one form of one person. Nobody else reads them; they go when the form is taken.

    It may hold what was read in a patient's note: it is neither logged nor audited, and forgotten after some days.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(
        max_length=100, help_text="What form it is, and of what: “ruling:” and a random id."
    )
    key = models.UUIDField(
        null=True, help_text="The form's own key: once it is taken, what was typed for it is done."
    )
    fields = models.JSONField()
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "form"], name="one_kept_text_per_form")
        ]
        indexes = [models.Index(fields=["kept_at"], name="kept_text_by_age")]

    def __str__(self) -> str:
        return self.form
