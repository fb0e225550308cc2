"""What a rule table says beyond questions and rules: JSON holds it, other formats refuse what they cannot hold."""

import pytest

from coding.exchange import FORMATS
from coding.exchange.errors import Inexpressible
from tests.decision import saying_more
from tests.decision import tables as make

PLAIN = make.table([make.fact("ready", "yes_no")], [make.rule("R", {})])


def test_json_holds_it_whole() -> None:
    table = saying_more.table()
    written = FORMATS["json"].write(table)
    assert FORMATS["json"].read(written, None).to_document() == table.to_document()


@pytest.mark.parametrize("form", ["xlsx", "csv", "dmn"])
def test_other_formats_name_what_they_cannot_hold_and_leave_nothing_out_in_silence(form: str) -> None:
    with pytest.raises(Inexpressible, match=r"cannot hold this rule set: .* Export it as JSON\."):
        FORMATS[form].write(saying_more.table())


@pytest.mark.parametrize("form", ["csv", "dmn"])
def test_rules_are_not_read_into_a_rule_set_that_would_lose_what_they_cannot_say(form: str) -> None:
    with pytest.raises(Inexpressible, match="cannot hold this rule set"):
        FORMATS[form].read(FORMATS[form].write(PLAIN), saying_more.table())
