"""Forms of a draft that others edit too: what each edited is kept; of two texts for one field both are told."""

from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import QueryDict

from coding.actions import rule_sets as actions
from coding.models import RuleSetVersion


class MergedForm(forms.ModelForm):
    """A form of a draft, or of one of its rows. Each field brings back what it said when the page was opened.

    The version stays locked until the page's transaction ends: of two saves at the same instant the second one sees
    what the first one wrote, and nobody submits the draft in between.
    """

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_with_plain_breaks(data), *args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = self.instance.pk is not None

    def clean(self) -> dict[str, Any]:
        """What was sent, with what others wrote meanwhile into fields that were not edited here."""
        data = super().clean() or {}
        version = self._version(data)
        if version is None:
            return data
        now = actions.lock(version)
        if not now.is_draft:
            raise forms.ValidationError(
                f"{now} is {now.get_state_display().lower()} by now and not edited any more. Copy it as a draft."
            )
        if self.instance.pk:
            self._merge(data, now.last_editor.name)
        self._refuse_doubles(data, now)
        return data

    def _version(self, data: dict[str, Any]) -> RuleSetVersion | None:
        if isinstance(self.instance, RuleSetVersion):
            return self.instance
        return self.instance.version if self.instance.pk else data.get("version")

    def _merge(self, data: dict[str, Any], other: str) -> None:
        try:
            self.instance.refresh_from_db()
        except ObjectDoesNotExist:
            raise forms.ValidationError(
                "It was deleted meanwhile. Copy what you typed, and add it again."
            ) from None
        standing = type(self)(instance=self.instance)
        for name in list(data):
            self._merge_field(
                data, name, standing.get_initial_for_field(self.fields[name], name), other
            )

    def _merge_field(self, data: dict[str, Any], name: str, now: Any, other: str) -> None:
        field, shown, sent = self.fields[name], self[name], self.data
        assert isinstance(sent, QueryDict)  # noqa: S101
        # Both as texts of the page: of data as such the empty one reads as none at all.
        now_written = field.prepare_value(_plain(now))
        now = field.to_python(now_written)
        # Whoever sends nothing of what the page said has read what stands.
        seen = field.to_python(sent.get(shown.html_initial_name, now_written))

        if not field.has_changed(seen, now_written):
            return
        if not field.has_changed(seen, shown.data):
            data[name] = now
            sent[shown.html_name] = now_written
        elif field.has_changed(now, shown.data):
            there = in_words(field, now)
            verb = "chose" if isinstance(field, forms.ChoiceField | forms.BooleanField) else "wrote"
            written = f"{verb} “{there}” here" if there else "emptied this"
            self.add_error(
                name, f"{other} {written} meanwhile. Save again to put yours in its place."
            )
        sent[shown.html_initial_name] = now_written

    def _refuse_doubles(self, data: dict[str, Any], version: RuleSetVersion) -> None:
        """Two rows of one name: the form only reads the version, so Django leaves its constraints out."""
        model = self._meta.model
        if model is RuleSetVersion:
            return
        for constraint in model._meta.total_unique_constraints:
            names = [name for name in constraint.fields if name != "version"]
            same = model._default_manager.filter(
                version=version, **{name: data.get(name) for name in names}
            )
            if same.exclude(pk=self.instance.pk).exists():
                self.add_error(
                    names[0], "Another row of this version bears it already. Choose another one."
                )


def in_words(field: forms.Field, value: Any) -> str:
    """What stands in a field as its page shows it: a choice by its label; empty for nothing."""
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(str(value), str(value))
    return "" if value in field.empty_values else str(field.prepare_value(value))


def changed_fields(form: forms.BaseForm) -> str:
    """The fields in which a form says something else than its row did, as its page names them; empty for none."""
    return ", ".join(str(form[name].label) for name in form.changed_data)


def typed(sent: QueryDict, form: forms.BaseForm) -> list[tuple[str, str]]:
    """The fields in which something else was sent than the page said, as it names them, with what was sent."""
    texts = [
        (name, _plain(str(sent[name])), sent.get(f"initial-{name}"))
        for name in form.fields
        if name in sent
    ]
    others = [
        (name, text)
        for name, text, seen in texts
        if seen is not None and text.strip() != _plain(seen).strip()
    ]
    return [(str(form[name].label), _typed_text(form.fields[name], text)) for name, text in others]


def _typed_text(field: forms.Field, text: str) -> str:
    """A text as it was typed; a choice by its label."""
    return in_words(field, text) if isinstance(field, forms.ChoiceField) else text


def _with_plain_breaks(data: QueryDict | None) -> QueryDict | None:
    """A browser ends lines as Windows does; the grid and files do not."""
    if data is None:
        return None
    plain = data.copy()
    for name, texts in plain.lists():
        plain.setlist(name, [_plain(text) for text in texts])
    return plain


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
