"""`manage.py create_organization`: one line of JSON, or one sentence and nothing made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.access.credentials import actor_for_key
from accounts.models import ApiKey, LedgerEntry, Membership, Organization, User
from accounts.queries.credits import balance
from tests.support import prepared
from tests.support.at_once import at_once

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a good password 1"


def create(*arguments: str, **options: object) -> None:
    call_command("create_organization", *arguments, **options)


@pytest.mark.django_db
def test_the_line_holds_a_key_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    create(
        "Mugs & more", "--owner", "Dora@Example.com", "--password", PASSWORD, "--credits", "7", "--api-key", "--json"
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    answer = json.loads(lines[0])
    assert set(answer) == {"organization", "owner", "api_key"}
    assert (answer["organization"], answer["owner"]) == ("mugs-more", "dora@example.com")
    assert balance(actor_for_key(answer["api_key"])) == 7


@pytest.mark.django_db
def test_no_credits_are_no_credits(capsys: pytest.CaptureFixture[str]) -> None:
    create("Mugs", "--owner", "dora@example.com", "--password", PASSWORD, "--credits", "0", "--json")
    assert json.loads(capsys.readouterr().out)["api_key"] is None
    assert Organization.objects.get().credit_balance == 0
    assert not LedgerEntry.unscoped.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--scopes", "images:write,images:paint"], "images:paint"),
        (["--scopes", " , "], "scope"),
        (["--credits", "-1"], "--credits"),
        (["--owner", "dora"], "e-mail"),
        (["--owner", f"{'d' * 250}@example.com"], "e-mail"),
        (["--password", ""], "--password"),
    ],
)
def test_a_refusal_leaves_nothing_behind(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        create("Mugs", "--owner", "dora@example.com", "--password", PASSWORD, "--api-key", "--json", *arguments)
    assert not any(model.objects.exists() for model in (User, Organization))
    assert not any(model.unscoped.exists() for model in (Membership, ApiKey, LedgerEntry))


@pytest.mark.django_db
def test_its_owner_signs_in_where_addresses_must_be_confirmed(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    create("Mugs", "--owner", "dora@example.com", "--password", PASSWORD, "--json")
    answer = client.post("/accounts/login/", {"login": "dora@example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/presets/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_name_many_times_at_once() -> None:
    def work(number: int) -> object:
        create("Mugs", "--owner", f"dora{number}@example.com", "--password", PASSWORD, "--json")
        return None

    assert at_once(6, work) == [None] * 6
    slugs = set(Organization.objects.values_list("slug", flat=True))
    assert len(slugs) == 6
    assert "mugs" in slugs


def test_the_line_stays_alone_whatever_is_warned_of(tmp_path: Path) -> None:
    """In a folder of its own: without a database it says what to do, and warnings never reach the output."""
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": "", "DATA_DIR": str(tmp_path), "LOG_LEVEL": "DEBUG"}

    def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "always", "manage.py", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    wanted = ("create_organization", "Mugs", "--owner", "d@example.com", "--password", PASSWORD, "--api-key", "--json")
    refused = manage(*wanted)
    assert refused.returncode != 0
    assert "make run" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""
    for empty in tmp_path.glob(f"{prepared.NAME}*"):
        empty.unlink()
    prepared.copy_into(tmp_path)
    done = manage(*wanted)
    assert len(done.stdout.splitlines()) == 1
    assert json.loads(done.stdout)["api_key"].startswith("ps_live_")
