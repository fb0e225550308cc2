"""One exception for each way a table or an answer can be wrong; the message names rule, cell and cause."""


class TableError(ValueError):
    """A rule table that cannot be what its author meant."""


class UnknownKey(TableError):
    """The document holds a key that no part of a rule table has."""


class MissingKey(TableError):
    """The document lacks something that every rule table needs."""


class WrongType(TableError):
    """A value of the document is not of the kind that belongs there."""


class DuplicateId(TableError):
    """Two facts or two rules bear the same name."""


class UnwritableName(TableError):
    """A name of a fact, a value or a code that could not be written in a row of conditions."""


class DanglingFact(TableError):
    """A cell tests a fact that the table does not define."""


class UnknownChoice(TableError):
    """A cell names a value that its fact does not have."""


class ImpossibleRange(TableError):
    """A range that holds no number."""


class UnsuitableTest(TableError):
    """A cell tests a fact in a way that its kind does not allow."""


class ForeignCode(TableError):
    """A rule yields a code outside the family, none where it must, or one where it must not."""


class UnreadableCondition(TableError):
    """A line of conditions that does not follow the form ``fact: values``."""


class Incomparable(TableError):
    """Two versions give a fact answers that cannot be compared."""


class FactError(ValueError):
    """An answer that its fact cannot have."""


class UnknownFact(FactError):
    """An answer to a fact that the table does not define."""


class UnknownValue(FactError):
    """A value that the fact does not have."""


class DecisionError(Exception):
    """A table that gives no clear outcome for complete answers: a defect of the table."""


class NoRuleApplies(DecisionError):
    """A gap: no rule covers these answers."""


class RulesOverlap(DecisionError):
    """Two rules of a table with hit policy unique cover the same answers."""


class Entangled(DecisionError):
    """The rules have so little to do with each other that not all their combinations can be told apart."""
