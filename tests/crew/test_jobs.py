from datetime import datetime, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from common.models import User
from dispatch import services as dispatch
from dispatch.models import Crew, CrewMembership, WorkOrder
from hotline.services import take_report
from tests.crew.conftest import Send, text
from tests.people import say
from tickets import services as tickets
from tickets.models import Category

JOBS = "/crew/"


def test_it_works(phone: Client, job: WorkOrder) -> None:
    page = phone.get(JOBS)

    assert f'href="/crew/jobs/{job.pk}/"' in page.content.decode()
    assert "Chuangye Avenue / Shenma Avenue" in text(page)
    assert "Sent to the crew" in text(page)


def test_an_idle_crew_is_told_so(phone: Client, crew: Crew) -> None:
    assert "Nothing to do right now" in text(phone.get(JOBS))


def test_a_finished_job_is_listed_below(phone: Client, on_scene: WorkOrder, send: Send) -> None:
    send("done", outcome="restored")

    page = text(phone.get(JOBS))
    assert page.index("Nothing to do right now") < page.index("Finished today")
    assert page.index("Finished today") < page.index("Street light out")


def test_what_the_desk_took_back_is_told(
    phone: Client, job: WorkOrder, dispatcher: User, now: datetime
) -> None:
    dispatch.recall(job, reason="Wrong crew.", by=dispatcher)

    assert "Taken back by the desk today" in text(phone.get(JOBS))


def test_the_job_in_hand_comes_first_then_the_emergency(
    phone: Client,
    on_scene: WorkOrder,
    lights_out: Category,
    crew: Crew,
    operator: User,
    dispatcher: User,
    now: datetime,
) -> None:
    orders = [on_scene.pk]
    for priority in ("emergency", "normal"):
        other = take_report(say(lights_out, phone=""), now=now, by=operator).ticket
        tickets.accept(other, by=operator, priority=priority)
        orders.append(dispatch.assign(other, crew=crew, by=dispatcher).pk)

    page = phone.get(JOBS).content.decode()
    places = [page.index(f"/crew/jobs/{pk}/") for pk in orders]
    assert places == sorted(places)


def test_who_left_the_crew_has_its_jobs_no_more_but_may_still_report(
    phone: Client, job: WorkOrder, now: datetime
) -> None:
    until = DateTimeTZRange(datetime(2020, 1, 1, tzinfo=now.tzinfo), now - timedelta(hours=1))
    CrewMembership.objects.update(period=until)

    assert "Nothing to do right now" in text(phone.get(JOBS))
    assert phone.get(f"/crew/jobs/{job.pk}/").status_code == 200


def test_a_stranger_sees_nothing(client: Client, stranger: User, job: WorkOrder) -> None:
    client.force_login(stranger)

    assert "Nothing to do right now" in text(client.get(JOBS))
    assert client.get(f"/crew/jobs/{job.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["operator", "dispatcher", "supervisor", "administrator"])
def test_it_is_for_crews_only(
    client: Client, role: str, request: pytest.FixtureRequest, job: WorkOrder
) -> None:
    client.force_login(request.getfixturevalue(role))

    assert client.get(JOBS).status_code == 403
    assert client.post(f"/crew/jobs/{job.pk}/operations/").status_code == 403


def test_nobody_signs_in_unasked(client: Client, job: WorkOrder) -> None:
    assert client.get(JOBS)["Location"].startswith("/sign-in/")


def test_it_speaks_the_language_of_the_fitter(phone: Client, fitter: User, job: WorkOrder) -> None:
    fitter.language = "zh-hans"
    fitter.save()

    assert "路灯不亮" in phone.get(JOBS).content.decode()


def test_many_jobs_cost_no_more_queries(
    phone: Client,
    job: WorkOrder,
    lights_out: Category,
    crew: Crew,
    operator: User,
    dispatcher: User,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        other = take_report(say(lights_out, phone=""), now=now, by=operator).ticket
        tickets.accept(other, by=operator)
        dispatch.assign(other, crew=crew, by=dispatcher)

    with django_assert_max_num_queries(6):
        phone.get(JOBS)
