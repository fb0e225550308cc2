"""Addresses of what people decide on. They hold random ids, never a patient's data."""

from django.urls import path

from reviews.views import cases, clusters, coding, replays, run_results, runs, shadows

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
    path("runs/<uuid:public_id>/launch/", runs.launch, name="launch-run"),
    path("runs/<uuid:public_id>/pause/", runs.pause, name="pause-run"),
    path("runs/<uuid:public_id>/resume/", runs.resume, name="resume-run"),
    path("runs/<uuid:public_id>/cancel/", runs.cancel, name="cancel-run"),
    path("runs/<uuid:public_id>/apply/", runs.apply, name="apply-run"),
    path("runs/<uuid:public_id>/changes/", run_results.changes, name="run-changes"),
    path("runs/<uuid:public_id>/changes/<str:form>/", run_results.export, name="export-run"),
    path("runs/<uuid:public_id>/compare/", run_results.compare, name="compare-runs"),
    path("shadows/", shadows.shadows, name="shadows"),
    path("shadows/<uuid:public_id>/", shadows.shadow, name="shadow"),
    path("shadows/<uuid:public_id>/end/", shadows.end, name="end-shadow"),
    path("replays/", replays.replays, name="replays"),
    path("clusters/<uuid:public_id>/", clusters.cluster, name="cluster"),
    path("clusters/<uuid:public_id>/rule/", clusters.rule, name="rule-cluster"),
]
