"""The staff lists, adds and changes users on pages."""

from __future__ import annotations

import pytest

from support.http_client import PASSWORD, new_email
from support.page_client import Person
from support.staff import Staff
from support.stack import Stack

PATHS = [
    "/admin/",
    "/admin/users/",
    "/admin/users/add/",
    "/admin/users/1/",
    "/admin/posts/",
    "/admin/posts/add/",
    "/admin/posts/1/",
    "/admin/log/",
]
NEW_PASSWORD = "quite another horse"


@pytest.fixture(name="staff")
def _staff(stack: Stack) -> Staff:
    return Staff(stack)


@pytest.fixture(name="clerk")
def _clerk(staff: Staff) -> Person:
    return staff.clerk()


@pytest.fixture(name="chief")
def _chief(staff: Staff) -> Person:
    return staff.chief()


@pytest.fixture(name="ann")
def _ann(stack: Stack) -> Person:
    """An ordinary user."""
    return Person(stack.url).register()


def _page_of(staff: Staff, person: Person) -> str:
    return f"/admin/users/{staff.user(person.email)['id']}/"


@pytest.mark.parametrize("path", PATHS)
def test_a_visitor_is_led_to_the_login(stack: Stack, path: str) -> None:
    page = Person(stack.url).get(path)

    assert page.status == 302
    assert page.location.startswith("/login/?next=")


@pytest.mark.parametrize("path", PATHS)
def test_an_ordinary_user_is_refused(ann: Person, path: str) -> None:
    assert ann.get(path).status == 403


def test_the_staff_finds_the_way(clerk: Person) -> None:
    assert "/admin/" in clerk.get("/").links

    page = clerk.get("/admin/")

    assert page.status == 200
    assert {"/admin/users/", "/admin/posts/", "/admin/log/"} <= set(page.links)


def test_users_are_listed_and_found_by_part_of_their_address(
    clerk: Person, ann: Person, staff: Staff
) -> None:
    page = clerk.get("/admin/users/", params={"search": ann.email[2:].upper()})

    assert page.status == 200
    assert _page_of(staff, ann) in page.links
    assert _page_of(staff, clerk) not in page.links
    assert page.forms[1].fields["search"] == ann.email[2:].upper()


def test_users_are_filtered_by_their_flags(clerk: Person, ann: Person, staff: Staff) -> None:
    def listed(person: Person, **flags: str) -> bool:
        page = clerk.get("/admin/users/", params={"search": person.email, **flags})
        assert page.status == 200
        return _page_of(staff, person) in page.links

    assert listed(ann, is_staff="false", is_active="true")
    assert listed(ann, is_staff="", is_active="")
    assert not listed(ann, is_staff="true")
    assert not listed(ann, is_active="false")
    assert listed(clerk, is_staff="true")


def test_the_list_goes_on_with_the_same_filters(clerk: Person, staff: Staff) -> None:
    mark = new_email().split("@")[0]
    staff.run(
        "INSERT INTO users (email, password_hash)"
        f" SELECT 'x{mark}' || n || '@example.com', '' FROM generate_series(1, 25) AS n"
    )
    page = clerk.get("/admin/users/", params={"search": mark, "is_active": "true"})
    found = {link for link in page.links if link.startswith("/admin/users/") and link[13:14].isdigit()}
    assert len(found) == 20
    older = next(link for link in page.links if "cursor=" in link)

    rest = clerk.get(older)

    others = {link for link in rest.links if link.startswith("/admin/users/") and link[13:14].isdigit()}
    assert len(others) == 5
    assert not found & others
    assert rest.forms[1].fields["search"] == mark
    assert rest.forms[1].fields["is_active"] == "true"


def test_a_user_is_added_and_can_log_in(stack: Stack, clerk: Person) -> None:
    email = new_email()
    fields = {"email": email, "password1": PASSWORD, "password2": PASSWORD}

    answer = clerk.send(clerk.get("/admin/users/add/"), "/admin/users/add/", **fields)

    page = clerk.follow(answer)
    assert page.heading == email
    assert page.text_of("notice") == "The user has been added."
    assert Person(stack.url).login(email).status == 302


def test_adding_a_user_says_what_is_wrong_beside_the_fields(clerk: Person, ann: Person) -> None:
    fields = {"email": ann.email.upper(), "password1": PASSWORD, "password2": PASSWORD}
    taken = clerk.send(clerk.get("/admin/users/add/"), "/admin/users/add/", **fields)
    assert taken.status == 200
    assert taken.text_of("email-error") == "User with this Email already exists"
    assert taken.form("/admin/users/add/").fields["email"] == ann.email.upper()
    assert taken.form("/admin/users/add/").fields["password1"] == ""

    fields = {"email": new_email(), "password1": PASSWORD, "password2": "another one"}
    unequal = clerk.send(taken, "/admin/users/add/", **fields)
    assert unequal.text_of("password2-error") == "The two passwords are not the same"


def test_only_a_superuser_sees_the_rights_to_grant(clerk: Person, chief: Person) -> None:
    ordinary = clerk.get("/admin/users/add/").form("/admin/users/add/")
    assert "is_staff" not in ordinary.types

    email = new_email()
    fields = {"email": email, "password1": PASSWORD, "password2": PASSWORD, "is_staff": "true"}
    page = chief.follow(chief.send(chief.get("/admin/users/add/"), "/admin/users/add/", **fields))
    assert page.forms[1].fields["is_staff"] == "true"


def test_a_right_that_was_not_to_be_granted_is_refused(
    clerk: Person, ann: Person, staff: Staff
) -> None:
    path = _page_of(staff, ann)

    answer = clerk.send(clerk.get(path), path, is_staff="true")

    assert answer.status == 403
    assert not staff.user(ann.email)["is_staff"]


def test_a_user_is_changed(stack: Stack, clerk: Person, ann: Person, staff: Staff) -> None:
    path, email = _page_of(staff, ann), new_email()

    page = clerk.follow(clerk.send(clerk.get(path), path, email=email))

    assert page.text_of("notice") == "The user has been changed."
    assert page.heading == email
    assert ann.get("/posts/my/").status == 200  # still signed in
    assert Person(stack.url).login(email).status == 302


def test_a_deactivated_user_is_signed_out(clerk: Person, ann: Person, staff: Staff) -> None:
    path = _page_of(staff, ann)
    assert ann.get("/posts/my/").status == 200

    page = clerk.follow(clerk.send(clerk.get(path), path, is_active="false"))

    assert page.forms[1].fields["is_active"] == "false"
    assert ann.get("/posts/my/").location.startswith("/login/")
    assert ann.login(ann.email).status == 200


def test_nobody_locks_themselves_out(chief: Person, staff: Staff) -> None:
    path = _page_of(staff, chief)
    fields = {"is_active": "false", "is_staff": "false", "is_superuser": "false"}

    answer = chief.send(chief.get(path), path, **fields)

    assert answer.status == 200
    assert answer.text_of("is_active-error") == "You cannot deactivate yourself"
    assert answer.text_of("is_staff-error")
    assert answer.text_of("is_superuser-error")
    assert staff.user(chief.email)["is_superuser"]


def test_a_superuser_is_shown_to_the_staff_but_not_changed(
    clerk: Person, chief: Person, staff: Staff
) -> None:
    path = _page_of(staff, chief)

    page = clerk.get(path)

    assert page.status == 200
    assert page.heading == chief.email
    assert path not in [form.action for form in page.forms]


def test_a_new_password_is_the_one_to_log_in_with(
    stack: Stack, clerk: Person, ann: Person, staff: Staff
) -> None:
    path = _page_of(staff, ann)
    page = clerk.get(path)
    form = next(each for each in page.forms if each.fields.get("form") == "password")
    fields = {name: form.fields[name] for name in ("csrf", "once", "form")}
    typed = {"password1": NEW_PASSWORD, "password2": "another one"}
    unequal = clerk.post(path, fields | typed)
    assert unequal.text_of("password2-error") == "The two passwords are not the same"
    assert NEW_PASSWORD not in unequal.html

    done = clerk.follow(clerk.post(path, fields | typed | {"password2": NEW_PASSWORD}))

    assert done.text_of("notice") == "The password has been set."
    assert ann.get("/posts/my/").location.startswith("/login/")
    assert Person(stack.url).login(ann.email).status == 200
    assert Person(stack.url).login(ann.email, NEW_PASSWORD).status == 302


def test_several_users_are_deactivated_and_activated(
    stack: Stack, clerk: Person, ann: Person, staff: Staff
) -> None:
    bob = Person(stack.url).register()
    ids = [staff.user(person.email)["id"] for person in (ann, bob)]
    list_page = clerk.get("/admin/users/?search=&is_active=true")
    action = "/admin/users/?search=&is_active=true"

    answer = clerk.send(list_page, action, ids=ids, what="deactivate")

    assert answer.location == action  # back to the same part of the list
    assert clerk.follow(answer).text_of("notice") == "The users have been deactivated."
    assert not staff.user(ann.email)["is_active"]
    assert ann.get("/posts/my/").location.startswith("/login/")
    again = clerk.send(clerk.get("/admin/users/"), "/admin/users/", ids=ids, what="activate")
    assert clerk.follow(again).text_of("notice") == "The users have been activated."
    assert staff.user(ann.email)["is_active"] and staff.user(bob.email)["is_active"]
    idle = clerk.send(clerk.get("/admin/users/"), "/admin/users/", ids=ids, what="activate")
    assert clerk.follow(idle).text_of("notice") == "Nothing had to be changed."


def test_a_user_is_deleted_after_a_warning(
    stack: Stack, clerk: Person, ann: Person, staff: Staff
) -> None:
    staff.run(
        "INSERT INTO posts (author_id, status, title, content)"
        f" SELECT {staff.user(ann.email)['id']}, 'draft', 'title', 'text' FROM generate_series(1, 2)"
    )
    path = _page_of(staff, ann)
    page = clerk.get(path)
    assert "All 2 posts by this user are deleted with them." in page.html

    form = next(each for each in page.forms if each.fields.get("form") == "delete")
    answer = clerk.post(path, {name: form.fields[name] for name in ("csrf", "once", "form")})

    assert answer.location == "/admin/users/"
    assert clerk.follow(answer).text_of("notice") == "The user has been deleted."
    assert clerk.get(path).status == 404
    assert ann.get("/posts/my/").location.startswith("/login/")
    assert Person(stack.url).login(ann.email).status == 200
    row = clerk.get("/admin/log/").html.split("<tbody>")[1].split("</tr>")[0]
    assert "deleted a user" in row and ann.email in row
    assert f'href="{path}"' not in row


def test_nobody_is_offered_to_delete_themselves(clerk: Person, staff: Staff) -> None:
    path = _page_of(staff, clerk)
    page = clerk.get(path)
    assert "delete" not in [form.fields.get("form") for form in page.forms]

    fields = next(form.fields for form in page.forms if form.fields.get("form") == "change")
    typed = {"csrf": fields["csrf"], "once": fields["once"], "form": "delete"}
    answer = clerk.post(path, typed)

    assert answer.status == 200
    assert staff.user(clerk.email)


def test_several_users_are_deleted(clerk: Person, ann: Person, staff: Staff) -> None:
    ann_id = staff.user(ann.email)["id"]

    answer = clerk.send(clerk.get("/admin/users/"), "/admin/users/", ids=[ann_id], what="delete")

    assert clerk.follow(answer).text_of("notice") == "The user has been deleted."
    assert clerk.get(f"/admin/users/{ann_id}/").status == 404


def test_several_means_at_least_one_and_not_oneself(clerk: Person, staff: Staff) -> None:
    page = clerk.get("/admin/users/")

    none = clerk.send(page, "/admin/users/", what="activate")
    assert none.status == 200
    assert none.text_of("alert") == "Choose at least one."

    own_id = staff.user(clerk.email)["id"]
    own = clerk.send(none, "/admin/users/", ids=[own_id], what="deactivate")
    assert own.status == 200
    assert own.text_of("problem") == "You cannot deactivate yourself"
    assert staff.user(clerk.email)["is_active"]


def test_several_are_refused_with_the_reason_and_stay_chosen(
    clerk: Person, chief: Person, ann: Person, staff: Staff
) -> None:
    ids = [staff.user(person.email)["id"] for person in (ann, chief)]
    for person in (ann, chief):  # who logged in last is on the first page
        Person(person.url).login(person.email)

    answer = clerk.send(clerk.get("/admin/users/"), "/admin/users/", ids=ids, what="deactivate")

    assert answer.status == 403
    assert answer.text_of("alert") == "Only a superuser may change a superuser"
    for number in ids:
        assert f'name="ids" value="{number}" checked' in answer.html
    assert staff.user(ann.email)["is_active"]


def test_a_user_that_is_not_there_is_not_found(clerk: Person) -> None:
    assert clerk.get("/admin/users/9007199254740991/").status == 404
    assert clerk.get("/admin/users/x/").status == 404


def test_odd_addresses_and_hostile_searches_stay_text(clerk: Person) -> None:
    email = f"o'hara&{new_email()}"
    fields = {"email": email, "password1": PASSWORD, "password2": PASSWORD}
    clerk.send(clerk.get("/admin/users/add/"), "/admin/users/add/", **fields)

    page = clerk.get("/admin/users/", params={"search": email})
    assert "hara&amp;" in page.html
    assert "hara&" not in page.html.replace("hara&amp;", "")
    assert page.forms[1].fields["search"] == email

    searched = clerk.get("/admin/users/", params={"search": '"><script>alert(2)</script>'})
    assert searched.status == 200
    assert "<script>" not in searched.html
