"""Addresses of encounters, uploads, rule sets and the audit trail. They hold random ids, never a patient's data."""

from django.urls import path

from coding.views import (
    doubled_rows,
    duties,
    encounters,
    glass,
    lexicon_trial,
    links,
    mappings,
    no_family,
    rule_checks,
    rule_files,
    rule_sets,
    sessions,
    trail,
    uploads,
)

urlpatterns = [
    path("encounters/new/", encounters.new_encounter, name="new-encounter"),
    path("encounters/outside/", glass.break_glass, name="break-glass"),
    path("duties/opened/", glass.glass_breaks, name="glass-breaks"),
    path("no-family/", no_family.no_family, name="no-family"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/mappings/", mappings.mappings, name="mappings"),
    path("uploads/mappings/<slug:source>/", mappings.mapping, name="mapping"),
    path("uploads/mappings/<slug:source>/forget/", mappings.forget_mapping, name="forget-mapping"),
    path("uploads/template/<slug:format_key>/", uploads.template, name="upload-template"),
    path("uploads/<uuid:public_id>/", uploads.upload, name="upload"),
    path("uploads/<uuid:public_id>/columns/", uploads.old_address, name="old-columns"),
    path("uploads/<uuid:public_id>/columns/forget/", uploads.forget_columns, name="forget-columns"),
    path("uploads/<uuid:public_id>/import/", uploads.start_import, name="start-import"),
    path("uploads/<uuid:public_id>/steer/", uploads.steer, name="steer-upload"),
    path("uploads/<uuid:public_id>/doubled/", doubled_rows.doubled_rows, name="doubled-rows"),
    path("uploads/<uuid:public_id>/rejected/", uploads.rejected, name="rejected-rows"),
    path("rules/", rule_sets.rule_sets, name="rule-sets"),
    path("rules/<slug:key>/<int:number>/", rule_sets.rule_set_version, name="rule-set-version"),
    path("rules/<slug:key>/<int:number>/note/", lexicon_trial.try_lexicon, name="try-lexicon"),
    path("rules/<slug:key>/<int:number>/check/", rule_checks.check_version, name="check-version"),
    path("rules/<slug:key>/<int:number>/cases/", rule_checks.worked_cases, name="worked-cases"),
    path(
        "rules/<slug:key>/<int:number>/compare/",
        rule_checks.compare_versions,
        name="compare-versions",
    ),
    path(
        "rules/<slug:key>/<int:number>/contrast/", rule_checks.contrast_codes, name="contrast-codes"
    ),
    path(
        "rules/<slug:key>/<int:number>/export/<slug:name>/",
        rule_files.export_version,
        name="export-version",
    ),
    path("rules/<slug:key>/<int:number>/import/", rule_files.import_rules, name="import-rules"),
    path("trail/", trail.trail, name="trail"),
    path("duties/", duties.duties, name="duties"),
    path("duties/proposals/<uuid:public_id>/", duties.proposal, name="proposal"),
    path("password/<uidb64>/<token>/", links.OneTimeLinkView.as_view(), name="one-time-link"),
    path("kept-text/", sessions.keep_text, name="keep-text"),
    path("session/stay/", sessions.stay, name="stay"),
]
