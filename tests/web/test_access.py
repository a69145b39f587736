"""Who gets in, and what an attacker gets: nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from facetwise.clinic.accounts.users import IDLE_S, LASTS_S, Role, User
from facetwise.clinic.store.tables import PEOPLE, SESSIONS
from facetwise.errors import InputError
from facetwise.guidance.example_patient import example_patient
from facetwise.web.frame.access import local_path, masked, unmasked
from facetwise.web.frame.security_headers import LARGEST
from tests.web.conftest import BASE, PASSWORD, Browser, Clinic

STAFF_PAGES = ("/", "/patients.csv", "/patients/example", "/patients/example/record.json", "/patients/example/history")
SCRIPT = "<script>alert(1)</script>"
TEMPLATE = "{{ 7*191 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}"
SQL = "x' OR '1'='1'; DROP TABLE patients; --"


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_nobody_sees_anything_before_signing_in(clinic: Clinic, path: str) -> None:
    clinic.state.store.add(example_patient(), "test")
    answer = clinic.browser().get(path)
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
    assert "example" not in answer.text


def test_an_empty_clinic_asks_once_for_its_first_administrator(clinic: Clinic) -> None:
    with clinic.state.database.writing() as connection:
        connection.execute(PEOPLE.delete())
    browser = clinic.browser()
    assert browser.get("/sign-in").headers["location"] == "/first-administrator"
    typed = {"name": "Ann", "sign_in": "ann", "password": PASSWORD, "again": "another password"}
    assert browser.post("/first-administrator", data=typed).status_code == 422
    assert (
        browser.post("/first-administrator", data={**typed, "password": "short", "again": "short"}).status_code == 422
    )
    assert browser.post("/first-administrator", data={**typed, "again": PASSWORD}).status_code == 303
    assert browser.get("/first-administrator").headers["location"] == "/sign-in"
    second = {**typed, "sign_in": "eve", "again": PASSWORD}
    assert browser.post("/first-administrator", data=second).status_code == 403
    assert [person.sign_in for person in clinic.state.people.all()] == ["ann"]


def test_a_wrong_password_and_an_unknown_name_are_refused_in_the_same_words(clinic: Clinic) -> None:
    texts = []
    for name in ("root", "nobody"):
        answer = clinic.browser().post("/sign-in", data={"sign_in": name, "password": "wrong words here"})
        assert answer.status_code == 403
        texts.append(re.sub(r'value="[^"]*"', "", answer.text))
    assert texts[0] == texts[1]
    assert "wrong words here" not in "".join(texts)


def test_sign_in_is_refused_after_five_failures_and_the_others_still_get_in(clinic: Clinic) -> None:
    browser = clinic.browser()
    clinic.as_(Role.READER)
    wrong = {"sign_in": "root", "password": "not the password"}
    assert [browser.post("/sign-in", data=wrong).status_code for _ in range(6)] == [403] * 5 + [429]
    assert browser.post("/sign-in", data={"sign_in": "root", "password": PASSWORD}).status_code == 429
    assert browser.post("/sign-in", data={"sign_in": "reader", "password": PASSWORD}).status_code == 303


def test_the_database_holds_neither_password_nor_cookie_nor_link(clinic: Clinic, clinician: Browser) -> None:
    cookie = clinician.client.cookies["facetwise"]
    token = clinic.link("p").rpartition("/")[2]
    with clinic.state.database.reading() as connection:
        held = str([list(connection.execute(table.select())) for table in (PEOPLE, SESSIONS)])
        held += str(clinic.state.links.of("p")) + str(clinic.state.people.log())
    assert PASSWORD not in held and cookie not in held and token not in held
    assert "$argon2id$" in held


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(clinic: Clinic) -> None:
    answer = clinic.browser().post("/sign-in", data={"sign_in": "root", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie


def test_a_session_ends_when_idle_when_old_when_signed_out_and_when_the_person_is_blocked(clinic: Clinic) -> None:
    idle = clinic.as_(Role.READER)
    clinic.clock.move(seconds=IDLE_S + 61)
    assert idle.get("/").status_code == 303
    old = clinic.as_(Role.READER)
    for _ in range(LASTS_S // 1800):
        clinic.clock.move(seconds=1800)
        last = old.get("/")
    assert last.status_code == 303
    out = clinic.as_(Role.READER)
    kept = dict(out.client.cookies)
    assert out.send("/", "/sign-out").status_code == 303
    out.client.cookies.update(kept)
    assert out.get("/").status_code == 303
    blocked = clinic.as_(Role.READER)
    clinic.state.people.change(User("reader", "The reader", Role.READER, active=False), "root")
    assert blocked.get("/").status_code == 303


def test_the_last_administrator_stays(clinic: Clinic) -> None:
    with pytest.raises(InputError, match="Nobody would be left"):
        clinic.state.people.change(User("root", "Root", Role.READER), "root")
    assert [person.role for person in clinic.state.people.all()] == [Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    ("role", "path", "allowed"),
    [
        (Role.READER, "/patients/new", False),
        (Role.READER, "/patients/example/record", False),
        (Role.READER, "/people", False),
        (Role.COORDINATOR, "/people", False),
        (Role.COORDINATOR, "/security", False),
        (Role.COORDINATOR, "/settings", False),
        (Role.COORDINATOR, "/patients/example/record", True),
        (Role.CLINICIAN, "/people", False),
        (Role.CLINICIAN, "/settings", True),
        (Role.ADMINISTRATOR, "/people", True),
        (Role.READER, "/patients/example", True),
    ],
)
def test_a_role_opens_what_it_may_and_a_jump_is_refused_and_logged(
    clinic: Clinic, role: Role, path: str, allowed: bool
) -> None:
    clinic.state.store.add(example_patient(), "test")
    answer = clinic.as_(role).get(path)
    assert answer.status_code == (200 if allowed else 403)
    logged = [entry.did for entry in clinic.state.people.log() if entry.who == role.value]
    assert ("refused" in logged) is not allowed


@pytest.mark.parametrize("path", ["/patients/example/facts", "/patients/example/record", "/patients/new", "/people"])
def test_a_reader_can_send_no_form_that_changes_anything(clinic: Clinic, path: str) -> None:
    clinic.state.store.add(example_patient(), "test")
    answer = clinic.as_(Role.READER).send("/", path, name="x", sign_in="eve", role="administrator", password=PASSWORD)
    assert answer.status_code == 403
    assert clinic.state.store.get("example").version == 1 and len(clinic.state.people.all()) == 2


def test_a_form_without_its_token_or_from_another_site_is_refused(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add(example_patient(), "test")
    page = clinician.get("/patients/example/details").text
    good = re.findall(r'name="csrf" value="([^"]*)"', page)[-1]
    sent: dict[str, Any] = {"version": "1", "name": "Changed"}
    where = "/patients/example/details"
    other = clinic.as_(Role.COORDINATOR)
    foreign = re.findall(r'name="csrf" value="([^"]*)"', other.get(where).text)[-1]
    for token in ("", "x", foreign, masked("y" * 43)):
        assert clinician.client.post(where, data={**sent, "csrf": token}).status_code == 403
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        answer = clinician.client.post(where, data={**sent, "csrf": good}, headers=headers)
        assert answer.status_code == 403
    assert clinic.state.store.get("example").version == 1
    assert clinician.client.post(where, data={**sent, "csrf": good}, headers={"origin": BASE}).status_code == 303


def test_the_token_of_a_form_looks_different_each_time_and_is_one() -> None:
    first, second = masked("token"), masked("token")
    assert first != second and unmasked(first) == unmasked(second) == "token"
    assert unmasked("") == unmasked("%%%") == unmasked("é") == ""


@pytest.mark.parametrize("field", ["name", "phone", "plan_note", "needs_note"])
@pytest.mark.parametrize("typed", [SCRIPT, TEMPLATE, SQL, '" onmouseover="alert(1)', "'><img src=x onerror=alert(1)>"])
def test_what_somebody_types_is_shown_as_typed_and_runs_nowhere(
    clinic: Clinic, clinician: Browser, field: str, typed: str
) -> None:
    clinic.state.store.add(example_patient(), "test")
    fields = {"name": "Ann Other", field: typed}
    assert clinician.send("/patients/example/details", "/patients/example/details", **fields).status_code == 303
    for path in ("/", "/patients/example", "/patients/example/details", "/patients/example/history", f"/?text={typed}"):
        text = clinician.get(path).text
        assert "1337" not in text and "<script>alert" not in text and "<img src=x" not in text
        assert '" onmouseover="' not in text
    assert clinic.state.store.get("example").version == 2 and clinic.state.store.faults() == ()


@pytest.mark.parametrize(
    "typed",
    [SQL, "%", "_", "\\", "'", '"', "x" * 5000, "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")],
)
def test_a_search_finds_only_what_holds_its_words(clinic: Clinic, clinician: Browser, typed: str) -> None:
    clinic.state.store.add(example_patient(), "test")
    answer = clinician.client.get("/", params={"text": typed, "stage": SQL, "sort": SQL, "page": SQL})
    assert answer.status_code == 200 and "/patients/example" not in answer.text


def test_every_answer_carries_the_strict_headers_and_no_page_is_kept(clinic: Clinic, clinician: Browser) -> None:
    for path in ("/", "/sign-in", "/nowhere", "/my/nothing", "/health"):
        answer = clinician.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    style = re.findall(r'href="(/assets/[^"]*css[^"]*)"', clinician.get("/").text)[0]
    assert "immutable" in clinician.get(style).headers["cache-control"]


def test_no_page_has_script_or_style_inside_or_loads_anything_from_outside(clinic: Clinic, clinician: Browser) -> None:
    clinic.state.store.add(example_patient(), "test")
    for path in (
        "/",
        "/patients/example",
        "/patients/example/record",
        "/settings",
        "/sign-in",
        "/patients/example/links",
    ):
        text = clinician.get(path).text
        assert not re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", text), path
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', text), path


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(clinic: Clinic) -> None:
    browser = clinic.browser()
    large = b"sign_in=" + b"x" * LARGEST
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.post("/sign-in", content=large, headers=kind).status_code == 413
    pieces = (large[n : n + 65536] for n in range(0, len(large), 65536))
    assert browser.post("/sign-in", content=pieces, headers=kind).status_code == 413
    many = "&".join(f"f{n}=1" for n in range(5000))
    assert browser.post("/sign-in", content=many, headers=kind).status_code in (400, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2fapp.py",
        "/assets//etc/passwd",
        "/assets/%2fetc/passwd",
        "/patients/..%2f..%2fetc%2fpasswd",
        "/patients/%00",
        "/patients/example/record.json/..%2f..%2f",
    ],
)
def test_a_path_that_climbs_finds_nothing(clinic: Clinic, clinician: Browser, path: str) -> None:
    answer = clinician.get(path)
    assert answer.status_code in (400, 404, 405) and "root:" not in answer.text and "import" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8765"])
def test_another_host_name_is_refused(clinic: Clinic, host: str) -> None:
    assert clinic.browser().get("/sign-in", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "/a\nb"])
def test_signing_in_leads_nowhere_else(clinic: Clinic, onward: str) -> None:
    assert local_path(onward) == "/"
    sent = {"sign_in": "root", "password": PASSWORD, "next": onward}
    assert clinic.browser().post("/sign-in", data=sent).headers["location"] == "/"


def test_an_id_that_could_not_stand_in_an_address_is_refused(clinic: Clinic) -> None:
    for given in ("../x", "a/b", "", " ", "a?b", "x" * 65, "<b>", "new"):
        with pytest.raises(InputError, match="An id has 1 to 64"):
            clinic.state.store.add({"id": given}, "test")


def test_a_failure_inside_tells_nothing_of_the_inside(
    clinic: Clinic, clinician: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(clinic.state.pathway), "find", lambda *_: 1 / 0)
    answer = clinician.get("/")
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text and "Traceback" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_link_that_stands_opens_however_often_others_are_guessed(clinic: Clinic) -> None:
    """Behind a proxy that hides addresses, one guesser would otherwise lock every patient out."""
    clinic.state.store.add(example_patient(), "test")
    link, browser = clinic.link("example"), clinic.browser()
    answers = [browser.get(f"/my/{'x' * 42}{n}").status_code for n in range(22)]
    assert answers[:20] == [404] * 20 and answers[20:] == [429, 429]
    assert browser.get(link).status_code == 200
    assert [entry.did for entry in clinic.state.people.log()].count("link refused") == 20


def test_an_expired_a_withdrawn_and_anothers_link_open_nothing(clinic: Clinic) -> None:
    clinic.state.store.add(example_patient(), "test")
    clinic.state.store.add({"id": "other", "clinic": {"name": "Some One Else"}}, "test")
    ours, browser = clinic.link("example", 7), clinic.browser()
    assert "Some One Else" not in browser.get(ours).text
    assert browser.get(f"{ours}/../other").status_code == 404
    clinic.clock.move(days=7, seconds=1)
    assert browser.get(ours).status_code == 410
    again = clinic.link("example", 7)
    clinic.state.links.withdraw("example", clinic.state.links.of("example")[0].id, "test")
    assert browser.get(again).status_code == 410


def test_one_s_own_password_is_asked_for_and_guessed_at_five_times_only(clinic: Clinic) -> None:
    reader = clinic.as_(Role.READER)
    wrong = [reader.send("/password", "/password", old="wrong words", password="x" * 20).status_code for _ in range(6)]
    assert wrong == [422] * 5 + [429]
    other = clinic.as_(Role.COORDINATOR)
    assert other.send("/password", "/password", old=PASSWORD, password="short").status_code == 422
    assert other.send("/password", "/password", old=PASSWORD, password="y" * 20).status_code == 303
    assert other.get("/").status_code == 303
    assert clinic.state.people.check_password("coordinator", "y" * 20)


def test_letters_that_cannot_be_printed_are_left_out_of_what_a_form_sends(clinic: Clinic) -> None:
    answer = clinic.browser().post("/sign-in", data={"sign_in": "ro\x00ot", "password": PASSWORD})
    assert answer.status_code == 303
    assert clinic.browser().post("/sign-in", data={"sign_in": "\x00", "password": "\x00"}).status_code == 403
