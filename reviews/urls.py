"""Addresses of what people decide on. They hold random ids, never a patient's data."""

from django.urls import path

from reviews.views import cases, coding, runs

urlpatterns = [
    path("", coding.home, name="home"),
    path("encounters/<uuid:public_id>/", coding.encounter, name="encounter"),
    path("encounters/<uuid:public_id>/code/", coding.code, name="code"),
    path("encounters/<uuid:public_id>/answer/", coding.answer, name="answer"),
    path("encounters/<uuid:public_id>/decide/", coding.decide, name="decide"),
    path("queue/", cases.queue, name="queue"),
    path("cases/", cases.my_cases, name="my-cases"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/claim/", cases.claim, name="claim"),
    path("cases/<uuid:public_id>/rule/", cases.rule, name="rule"),
    path("cases/<uuid:public_id>/acknowledge/", cases.acknowledge, name="acknowledge"),
    path("runs/", runs.runs, name="runs"),
    path("runs/new/", runs.new_run, name="new-run"),
    path("runs/<uuid:public_id>/", runs.run, name="run"),
    path("runs/<uuid:public_id>/cancel/", runs.cancel, name="cancel-run"),
    path("runs/<uuid:public_id>/apply/", runs.apply, name="apply-run"),
]
