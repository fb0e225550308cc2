"""The pages on which a version goes on, as a browser sends them."""

from django.urls import reverse


def address(step, version):
    """The page of a step."""
    return reverse(f"admin:coding_rulesetversion_{step}", args=[version.pk])


def open_page(client, step, version):
    """The page as it stands."""
    page = client.get(address(step, version))
    assert page.status_code == 200
    return page


def send(client, step, version, **fields):
    """Send the form of a step as the page offers it, with what a person wrote."""
    form = open_page(client, step, version).context["form"]
    kept = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(address(step, version), {**kept, **fields})
