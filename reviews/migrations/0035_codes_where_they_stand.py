"""Codes of services: only those that stand on them, and all of these.

A line that was moved had left its code with the service that it came from, and had none with its new one before that
was decided; so had what a rule change suggests of a case.
"""

from django.db import migrations

LET_GO = """
    DELETE FROM coding_servicecode WHERE NOT EXISTS (
        SELECT 1 FROM coding_serviceline line WHERE line.service_id = coding_servicecode.service_id
        AND line.code = coding_servicecode.code AND line.gone_in IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM coding_service service JOIN coding_suggestion suggestion ON suggestion.id = service.suggestion_id
        WHERE service.id = coding_servicecode.service_id AND suggestion.code = coding_servicecode.code
        AND service.state <> 'withdrawn'
    ) AND NOT EXISTS (
        SELECT 1 FROM reviews_codingdecision decision WHERE decision.service_id = coding_servicecode.service_id
        AND decision.code = coding_servicecode.code
    ) AND NOT EXISTS (
        SELECT 1 FROM reviews_finalcode final WHERE final.service_id = coding_servicecode.service_id
        AND final.code = coding_servicecode.code
    )
"""
KEEP = """
    INSERT INTO coding_servicecode (encounter_id, service_id, code)
    SELECT service.encounter_id, service.id, standing.code FROM (
        SELECT service_id, code FROM coding_serviceline WHERE gone_in IS NULL
        UNION
        SELECT review.service_id, suggestion.code FROM reviews_reviewcase review
        JOIN coding_suggestion suggestion ON suggestion.id = review.suggestion_id
    ) standing JOIN coding_service service ON service.id = standing.service_id
    WHERE standing.code <> '' AND NOT EXISTS (
        SELECT 1 FROM coding_servicecode kept WHERE kept.code = standing.code
        AND kept.encounter_id = service.encounter_id AND kept.service_id = service.id
    )
"""


class Migration(migrations.Migration):
    """Two statements over what lists look codes up by."""

    dependencies = [
        ("coding", "0056_list_indexes"),
        ("reviews", "0034_cases_by_priority"),
    ]

    operations = [
        migrations.RunSQL(LET_GO, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
