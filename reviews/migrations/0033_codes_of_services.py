"""Which codes stand, or stood, on which services: those that were decided or final."""

from django.db import migrations

FILL = """
    INSERT INTO coding_servicecode (encounter_id, service_id, code)
    SELECT service.encounter_id, service.id, reported.code FROM (
        SELECT service_id, code FROM reviews_finalcode UNION SELECT service_id, code FROM reviews_codingdecision
    ) reported JOIN coding_service service ON service.id = reported.service_id WHERE reported.code <> ''
    AND NOT EXISTS (
        SELECT 1 FROM coding_servicecode kept WHERE kept.code = reported.code
        AND kept.encounter_id = service.encounter_id AND kept.service_id = service.id
    )
"""


class Migration(migrations.Migration):
    """See the table of coding."""

    dependencies = [
        ("coding", "0055_codes_of_services"),
        ("reviews", "0032_lines_that_stand_for_both_sides"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
