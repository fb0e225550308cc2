"""People as filters offer them."""

from typing import Any

import django_filters


class PersonField(django_filters.fields.ModelChoiceField):
    """A choice of people by the names under which pages show them."""

    def label_from_instance(self, obj: Any) -> str:
        """The person's name."""
        return str(obj.name)


class PersonFilter(django_filters.ModelChoiceFilter):
    """Narrows to one person."""

    field_class = PersonField
