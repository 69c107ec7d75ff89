"""Fills a throw-away database for benchmarks/calls.py: a line, and per caller a worker, a desk and a lawyer on duty."""

from __future__ import annotations

from datetime import timedelta

import django

CALLERS = 8


def build() -> None:
    from directory import queries as directory
    from directory import services as people
    from integrations import clock
    from rosters import services as rosters

    line = rosters.create_line(number="+31850000000", name="Meetlijn", closed_on_holidays=False)
    rosters.set_hours(line_id=line.pk, parts=[(day, 0, 1440) for day in range(7)])
    region = directory.region("walcheren").id
    areas = [area for area in directory.set_up().areas if not area.signpost][:CALLERS]
    loket = people.create_organisation(name="Meetloket", kind="first_line", region_ids=[region])
    for number, area in enumerate(areas):
        worker = people.create_person(
            email=f"w{number}@example.nl",
            name=f"Werker {number}",
            organisation_id=loket.pk,
            usual_area_id=area.id,
            usual_region_id=region,
        )
        people.assign_role(person_id=worker.pk, role="worker", region_id=region)
        people.add_number(person_id=worker.pk, number=f"+3160000010{number}", verified=True)
        lawyer = people.create_person(email=f"l{number}@example.nl", name=f"Advocaat {number}")
        people.assign_role(person_id=lawyer.pk, role="lawyer", region_id=region)
        people.qualify(person_id=lawyer.pk, area_id=area.id)
        people.add_number(person_id=lawyer.pk, number=f"+3160000020{number}", verified=True)
        desk = rosters.create_desk(
            line_id=line.pk, name=f"Post {number}", area_ids=[area.id], region_ids=[region], kind="piket"
        )
        start = clock.now() - timedelta(hours=1)
        rosters.add_duty(
            desk_id=desk.pk, person_id=lawyer.pk, position=1, starts_at=start, ends_at=start + timedelta(hours=20)
        )


if __name__ == "__main__":
    django.setup()
    build()
