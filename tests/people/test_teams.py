"""Teams are kept by administrators, and the trail tells who sees whose work."""

from django.urls import reverse

from coding.models import AuditEvent, Team


def test_an_administrator_makes_a_team_and_the_trail_tells_its_members(people, client):
    client.force_login(people["administrator"])
    form = {"name": "Hips", "members": [people["coder"].pk]}
    assert client.post(reverse("admin:coding_team_add"), form).status_code == 302
    assert Team.objects.get().members.get() == people["coder"]
    event = AuditEvent.objects.get(event="team.saved")
    assert event.after == {"name": "Hips", "members": [people["coder"].username]}


def test_a_team_is_emptied_and_not_deleted(people, client):
    team = Team.objects.create(name="Hips")
    team.members.add(people["coder"])
    client.force_login(people["administrator"])
    assert (
        client.post(
            reverse("admin:coding_team_delete", args=[team.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    client.post(
        reverse("admin:coding_team_change", args=[team.pk]), {"name": "Hips", "members": []}
    )
    assert AuditEvent.objects.get(event="team.saved").before == {
        "members": [people["coder"].username]
    }
    assert not team.members.exists()


def test_nobody_else_sees_teams(people, client):
    for role in ("coder", "supervisor", "rule author", "auditor"):
        client.force_login(people[role])
        assert client.get(reverse("admin:coding_team_changelist")).status_code in (302, 403)
