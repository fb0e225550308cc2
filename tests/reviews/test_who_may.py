"""Who may do what: each verb of reviews, the roles that may, and the sentence by which everybody else is refused.

Whoever may is asked for what the verb is about, which is missing here; whoever may not never comes so far.
"""

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest

from coding.actions.errors import Conflict, NotAllowed
from reviews import actions
from reviews.actions import (
    answers,
    cases,
    claim_answers,
    claims,
    comments,
    confirming,
    corrections,
    decisions,
    defects,
    group_rows,
    holds,
    precedents,
    proposals,
    publishing,
    queries,
    query_links,
    reports,
    retention,
    routing,
    rulings,
    runs,
    sampling,
    second_codings,
    second_looks,
    services,
    shadows,
    splitting,
)
from reviews.models import ReviewCase, RunMode
from reviews.roles import ROLES

CODER, SUPERVISOR, ADMINISTRATOR = {"coder"}, {"supervisor"}, {"administrator"}
AUTHOR, APPROVER = {"rule author"}, {"rule approver"}
OPENING_CASES = SimpleNamespace(mode=RunMode.APPLY, current_job=None)
TRYING = SimpleNamespace(mode=RunMode.DRY_RUN, current_job=None)

# What it is called in the refusal, who may, and the verb as they would do it.
VERBS = [
    # Coding.
    (
        "answer questions about encounters",
        CODER,
        lambda actor: answers.answer(actor, None, "held", None),
    ),
    (
        "answer questions about encounters",
        CODER,
        lambda actor: confirming.confirm(actor, None, None),
    ),
    (
        "answer questions about encounters",
        CODER,
        lambda actor: group_rows.enter(actor, None, "wounds", []),
    ),
    (
        "choose the version that a service is coded with",
        CODER,
        lambda actor: answers.renew_version(actor, None),
    ),
    ("make coding decisions", CODER, lambda actor: decisions.decide(actor, None, None)),
    ("make coding decisions", CODER, lambda actor: services.report_nothing(actor, None, "")),
    ("take decisions back", CODER, lambda actor: decisions.take_back(actor, None)),
    ("add services", CODER, lambda actor: services.add(actor, None, None)),
    ("add services", CODER, lambda actor: proposals.confirm(actor, None, None)),
    ("dismiss proposed services", CODER, lambda actor: proposals.dismiss(actor, None, None)),
    ("withdraw services", CODER, lambda actor: services.withdraw(actor, None, "")),
    (
        "move services to another rule set",
        CODER,
        lambda actor: services.move(actor, None, None, ""),
    ),
    ("split services", CODER, lambda actor: splitting.split(actor, None, [], "")),
    ("join services", CODER, lambda actor: splitting.join(actor, None, None, "")),
    ("put services on hold", CODER, lambda actor: holds.hold(actor, None, "Unsigned.")),
    ("end holds of services", CODER, lambda actor: holds.release(actor, None)),
    ("correct encounters", CODER, lambda actor: corrections.correct_typed(actor, None, None, 1)),
    (
        "answer what is proposed for a claim",
        CODER,
        lambda actor: claim_answers.answer_proposal(actor, None, "", taken=True),
    ),
    (
        "override claim checks",
        CODER,
        lambda actor: claim_answers.override(actor, None, "", "So it is."),
    ),
    ("object to rulings", CODER, lambda actor: second_looks.rebut(actor, None, "")),
    ("code services", CODER, lambda actor: second_codings.code_blind(actor, None, None)),
    # Judging.
    ("claim review cases", SUPERVISOR, lambda actor: cases.claim(actor, None)),
    (
        "claim review cases",
        SUPERVISOR,
        lambda actor: claims.claim_next(actor, ReviewCase.objects.none()),
    ),
    ("release review cases", SUPERVISOR, lambda actor: cases.release(actor, None)),
    (
        "give review cases to supervisors",
        SUPERVISOR,
        lambda actor: claims.hand_over(actor, None, None, ""),
    ),
    ("rule on review cases", SUPERVISOR, lambda actor: rulings.rule(actor, None, None)),
    ("rule on review cases", SUPERVISOR, lambda actor: rulings.rule_alike(actor, None, [], None)),
    ("rule on review cases", SUPERVISOR, lambda actor: rulings.rule_cluster(actor, None, None)),
    ("rule on review cases", SUPERVISOR, lambda actor: second_codings.look(actor, None, None)),
    (
        "return cases to their coders",
        SUPERVISOR,
        lambda actor: second_looks.return_to_coder(actor, None, ""),
    ),
    ("reopen rulings", SUPERVISOR, lambda actor: second_looks.reopen(actor, None, "")),
    ("ask for a second coding", SUPERVISOR, lambda actor: second_codings.ask(actor, None, None)),
    (
        "make rulings precedents",
        SUPERVISOR,
        lambda actor: precedents.record(actor, None, [], "", ""),
    ),
    (
        "comment on review cases",
        CODER | SUPERVISOR,
        lambda actor: comments.comment(actor, None, "Look."),
    ),
    # Providers and billing.
    (
        "type a provider's answer",
        SUPERVISOR,
        lambda actor: queries.answer(actor, None, "", "", None),
    ),
    ("close provider queries", SUPERVISOR, lambda actor: queries.close(actor, None, "")),
    ("send provider queries", SUPERVISOR, lambda actor: query_links.make_link(actor, None)),
    ("export reports", SUPERVISOR, lambda actor: reports.export(actor, None)),
    # Rules.
    ("submit rule set versions", AUTHOR, lambda actor: publishing.submit(actor, *[None] * 4)),
    ("publish rule set versions", APPROVER, lambda actor: publishing.publish(actor, *[None] * 3)),
    ("set shadow versions", AUTHOR | APPROVER, lambda actor: shadows.start(actor, None)),
    ("end shadow versions", AUTHOR | APPROVER, lambda actor: shadows.end(actor, None)),
    ("close rule defects", AUTHOR | APPROVER, lambda actor: defects.close(actor, None, None)),
    ("keep the register of rule defects", AUTHOR | APPROVER, defects.take_in_older),
    ("start re-evaluation runs", SUPERVISOR | AUTHOR, lambda actor: runs.plan(actor, None, None)),
    (
        "start and stop re-evaluation runs",
        SUPERVISOR | AUTHOR,
        lambda actor: runs.launch(actor, TRYING),
    ),
    ("apply re-evaluation runs", SUPERVISOR, lambda actor: runs.apply(actor, None)),
    (
        "export the changes of a run",
        SUPERVISOR | {"auditor"},
        lambda actor: runs.export(actor, None, {}, ""),
    ),
    # The house.
    ("set routing rules", ADMINISTRATOR, lambda actor: routing.save_rule(actor, None)),
    ("set sampling rates", ADMINISTRATOR, lambda actor: sampling.save_rate(actor, None)),
    (
        "enter absences",
        SUPERVISOR | ADMINISTRATOR,
        lambda actor: routing.enter_absence(actor, None, None, None),
    ),
    (
        "enter absences",
        SUPERVISOR | ADMINISTRATOR,
        lambda actor: routing.end_absence(actor, None),
    ),
    ("keep favourite reasons", ADMINISTRATOR, lambda actor: holds.save_reason(actor, None)),
    (
        "merge favourite reasons",
        ADMINISTRATOR,
        lambda actor: holds.merge_reasons(actor, [], None),
    ),
    (
        "say how long records are kept",
        ADMINISTRATOR,
        lambda actor: retention.set_rule(actor, None, "", 7, ""),
    ),
]
# An author may start a run and stop it, but none that opens review cases.
OF_CASES = [
    (
        "apply re-evaluation runs",
        lambda actor: runs.plan(actor, None, None, RunMode.APPLY),
    ),
    (
        "start and stop runs that open review cases",
        lambda actor: runs.cancel(actor, OPENING_CASES),
    ),
]


def sentence(to_do):
    return f"You may not {to_do}. Ask an administrator for the role that may."


def refusal_of(verb, actor):
    """The sentence by which a person is refused; empty where the verb goes on to what is missing here."""
    try:
        verb(actor)
    except NotAllowed as refusal:
        return str(refusal)
    except (AttributeError, TypeError, Conflict):
        return ""
    return ""


@pytest.mark.parametrize("role", ROLES)
def test_a_verb_is_for_its_roles_and_refuses_everybody_else_in_one_sentence(people, role):
    actor = people[role]
    for to_do, roles, verb in VERBS:
        expected = "" if role in roles else sentence(to_do)
        assert refusal_of(verb, actor) == expected, to_do


@pytest.mark.parametrize("role", ROLES)
def test_whose_account_is_closed_may_nothing_more(people, role):
    gone = people[role]
    gone.is_active = False
    gone.save()
    for to_do, _, verb in VERBS:
        assert refusal_of(verb, gone) == sentence(to_do)


def test_an_author_does_not_steer_what_opens_review_cases(people):
    for to_do, verb in OF_CASES:
        assert refusal_of(verb, people["rule author"]) == sentence(to_do)
        assert refusal_of(verb, people["supervisor"]) == ""


def test_no_verb_that_asks_for_a_permission_is_missing_here():
    asked_for = set()
    for path in Path(actions.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_require = isinstance(node, ast.Call) and ast.unparse(node.func) == "require"
            if is_require:
                asked_for.add(ast.literal_eval(node.args[2]))
    named = {to_do for to_do, *_ in VERBS} | {to_do for to_do, _ in OF_CASES}
    assert named == asked_for
