"""The moderators' queue: narrowed by kind, age, language and business, in pages; broken files in readable words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from portal.accounts import people
from portal.accounts.model import Role
from portal.editing import claims, disk, drafts
from portal.editing.claims import Claim
from portal.editing.drafts import Save
from portal.reports.reports import Report, Subject, submit
from portal.services import Services
from tests.web.desk import letters, make, send, sign_in

Browse = Callable[[], FlaskClient]
QUEUE = "/en/business/review/"
WHEEL = "attractions/wheel"


@pytest.fixture
def business(desks: Services) -> int:
    """A business with a draft, a claim and a proposal that wait; a report ten days old; a broken file."""
    business = make(desks, "owner@example.com", Role.OWNER, WHEEL)
    owner = people.find(desks.database, "owner@example.com")
    assert business is not None
    assert owner is not None
    now, texts = desks.clock(), disk.read(desks.settings.content, WHEEL)
    draft, _ = drafts.save(desks.database, now, Save(owner.id, WHEEL, 0, {"ar/name": "x"}), texts)
    drafts.send(desks.database, now, WHEEL, draft.version)
    for listing, name in (("dining/dumplings", ""), (None, "Quay 9")):
        claims.submit(desks.database, now, Claim(owner.id, business, listing, "dining", name, "evidence"))
    old = now - timedelta(days=10)
    submit(desks.database, Report("dining/dumplings", "zh-Hant", Subject.TEXT, "錯", None), old)
    file = desks.settings.content / "dining/dumplings/listing.yaml"
    file.write_text(file.read_text() + '\nphones: ["12"]\nwebsite: nowhere\n')
    intake = desks.intake()
    intake.refresh()
    intake.close()
    return business


@pytest.fixture
def moderator(desks: Services, browse: Browse) -> FlaskClient:
    make(desks, "mod@example.com", Role.MODERATOR)
    client = browse()
    sign_in(client, "mod@example.com")
    return client


def kinds(client: FlaskClient, **wish: object) -> list[str]:
    """Return what the queue shows, in its order."""
    answer = client.get(QUEUE, query_string=wish)
    assert answer.status_code == 200
    return [tag.get_text() for tag in BeautifulSoup(answer.text, "html.parser").select(".waiting-head .state")]


DRAFT, CLAIM, PLACE = "Drafts", "Requests for listings", "New places"
REPORT, FILE = "Visitors’ reports", "Content files with errors"


def test_one_queue_is_narrowed_by_what_one_looks_for(moderator: FlaskClient, business: int) -> None:
    everything = kinds(moderator)
    assert everything[0] == REPORT
    assert sorted(everything) == sorted([DRAFT, CLAIM, PLACE, REPORT, FILE])
    for what, shown in (
        ("drafts", DRAFT),
        ("claims", CLAIM),
        ("proposals", PLACE),
        ("reports", REPORT),
        ("files", FILE),
    ):
        assert kinds(moderator, what=what) == [shown]
    assert kinds(moderator, age=7) == [REPORT]
    assert kinds(moderator, of="ar") == [DRAFT]
    assert kinds(moderator, of="zh-Hant") == [REPORT]
    assert sorted(kinds(moderator, business=business)) == sorted([DRAFT, CLAIM, PLACE])
    assert kinds(moderator, business=business, what="reports") == []
    for bad in ("what=x", "age=-1", "of=xx", "business=x", "page=x"):
        assert moderator.get(f"{QUEUE}?{bad}").status_code == 400
    assert moderator.get(f"{QUEUE}?page=2").status_code == 404


def test_an_answer_leads_back_to_where_one_was(moderator: FlaskClient, business: int) -> None:
    page = BeautifulSoup(moderator.get(f"{QUEUE}?what=reports&of=zh-Hant").text, "html.parser")
    form = page.select_one("form[action*=settle]")
    assert form is not None
    assert send(moderator, str(form["action"])).location == f"{QUEUE}?what=reports&of=zh-Hant&done=1"


def test_many_that_wait_come_in_pages(desks: Services, moderator: FlaskClient) -> None:
    for n in range(45):
        submit(desks.database, Report(WHEEL, "en", Subject.TEXT, f"number {n:02}", None), desks.clock())
    assert len(kinds(moderator, what="reports")) == 20
    last = moderator.get(f"{QUEUE}?what=reports&page=3").text
    assert "number 44" in last
    assert "what=reports" in last
    assert kinds(moderator, what="reports", page=3) == [REPORT] * 5


def test_a_broken_file_says_what_is_wrong_in_readable_words(moderator: FlaskClient, business: int) -> None:
    page = moderator.get(f"{QUEUE}?what=files").text
    assert "dining/dumplings/listing.yaml" in page
    assert "not a phone number" in page
    assert "not a web address" in page


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_who_asked_or_proposed_is_told_in_words_of_their_own(
    desks: Services, moderator: FlaskClient, business: int, decision: str
) -> None:
    for number in (1, 2):
        sent = {"decision": decision, "comment": "Not enough.", "slug": "quay-9"}
        assert send(moderator, f"{QUEUE}claims/{number}", sent).status_code == 303
    subjects = [subject.strip() for to, subject, _ in letters(desks) if to == "owner@example.com"]
    if decision == "approve":
        assert subjects == [
            "This listing is in your hands now: dining/dumplings",
            "The place you proposed was accepted. You may write its page now: Quay 9",
        ]
    else:
        assert subjects == [
            "This listing was not given to you: dining/dumplings",
            "The place you proposed was not accepted: Quay 9",
        ]
