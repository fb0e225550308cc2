"""Who wrote a version stays who wrote it, whoever writes to the database."""

import pytest

from coding.models import VersionState
from tests import small_rules
from tests.coding.test_version_database import kept, update

pytestmark = pytest.mark.both


def test_the_author_of_a_draft_stays_and_its_editor_changes_only_with_a_new_edition(people):
    draft = small_rules.draft(people)
    stranger = people["rule author", 2]
    kept(lambda: update(draft, author=stranger))
    kept(lambda: update(draft, last_editor=stranger))
    update(draft, last_editor=stranger, edition=draft.edition + 1)


def test_nobody_becomes_the_editor_of_a_version_that_is_read(people):
    draft = small_rules.draft(people)
    update(draft, state=VersionState.IN_REVIEW, effective_from="2026-01-01")
    kept(lambda: update(draft, last_editor=people["rule author", 2], edition=draft.edition + 1))
