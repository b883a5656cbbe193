"""One's own account: the data to take along, and the end of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.credentials import Unauthorized, actor_for_key
from accounts.access.permissions import Role
from accounts.models import ApiKey, AuditEntry, Membership, User
from processing.models import Job
from tests.support.cast import PASSWORD, Cast
from tests.support.finished import Photo, job_of
from tests.support.signing_in import just_signed_in

As = Callable[[Actor], Client]
PATH = "/settings/account/"


def test_a_person_takes_their_own_data_along(cast: Cast, as_: As) -> None:
    cast.key(cast.alice)
    cast.key(cast.charlie)
    data = json.loads(as_(cast.alice).post(f"{PATH}my-account.json").content)
    assert data["email"] == "alice@example.com"
    assert data["organizations"][0]["name"] == "Alice's shop"
    assert [key["organization__name"] for key in data["apiKeys"]] == ["Alice's shop"]
    assert "api_key.created" in {each["action"] for each in data["actions"]}
    assert "charlie" not in json.dumps(data).lower()


def test_a_deleted_person_is_forgotten_and_their_work_stays(cast: Cast, as_: As) -> None:
    admin = cast.bob_as(Role.ADMIN)
    key, job = cast.key(admin), job_of(admin, Photo())
    assert admin.user is not None
    SocialAccount.objects.create(user=admin.user, provider="google", uid="7", extra_data={"email": "bob@example.com"})
    Authenticator.objects.create(user=admin.user, type=Authenticator.Type.TOTP, data={"secret": "S"})
    client = as_(admin)
    answer = client.post(f"{PATH}delete/", {"password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/settings/").status_code == 302, "signed out"
    person = User.objects.get(pk=admin.user.pk if admin.user else 0)
    assert (person.is_active, person.name, person.display_name) == (False, "Deleted person", "Deleted person")
    assert "bob" not in f"{person.email}{person.name}"
    assert not SocialAccount.objects.exists()
    assert not Authenticator.objects.exists()
    assert not person.check_password(PASSWORD)
    assert not Membership.unscoped.filter(user=person).exists()
    with pytest.raises(Unauthorized):
        actor_for_key(key)
    assert ApiKey.objects.of(cast.alice).get().maker == person
    assert Job.objects.of(cast.alice).get(pk=job.pk).created_by == person
    assert AuditEntry.objects.of(cast.alice).filter(action="member.left", user=person).exists()
    assert not Client().login(email="bob@example.com", password=PASSWORD)


@pytest.mark.parametrize(
    ("who", "password", "words"),
    [("bob", "wrong", "not your password"), ("bob", "", "required"), ("alice", PASSWORD, "last owner of Alice")],
    ids=["wrong password", "none", "last owner"],
)
def test_a_refused_deletion_changes_nothing(cast: Cast, as_: As, who: str, password: str, words: str) -> None:
    actor = getattr(cast, who)
    answer = as_(actor).post(f"{PATH}delete/", {"password": password})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert User.objects.get(email=f"{who}@example.com").is_active
    assert Membership.unscoped.filter(user=actor.user).exists()


@pytest.mark.parametrize("what", ["my-account.json", "delete/"])
def test_who_sits_at_an_open_browser_proves_it_first(cast: Cast, as_: As, what: str) -> None:
    client = as_(cast.bob)
    assert cast.bob.user is not None
    just_signed_in(client, cast.bob.user, minutes_ago=60)
    answer = client.post(f"{PATH}{what}", {"password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(email="bob@example.com").is_active
    gone_on = client.post(answer["Location"], {"password": PASSWORD})
    assert gone_on.has_header("Content-Disposition") or gone_on["Location"] == "/"
