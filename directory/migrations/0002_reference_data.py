"""Regions, neighbours, municipalities and legal areas from directory/data/*.csv. From then on they are edited as data."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def rows(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load(apps, schema_editor):
    """Fill the empty tables. Does nothing where regions exist already, because those may have been edited."""
    Region = apps.get_model("directory", "Region")
    if Region.objects.exists():
        return
    ids = {}
    regions = rows("regios.csv")
    for row in regions:  # parents stand above their children in the file
        ids[row["code"]] = Region.objects.create(
            code=row["code"], name=row["name"], kind=row["kind"], parent_id=ids.get(row["parent"])
        ).pk
    RegionNeighbour = apps.get_model("directory", "RegionNeighbour")
    RegionNeighbour.objects.bulk_create(
        RegionNeighbour(region_id=ids[row["code"]], neighbour_id=ids[code], rank=rank)
        for row in regions
        for rank, code in enumerate(row["neighbours"].split(), start=1)
    )
    Municipality = apps.get_model("directory", "Municipality")
    Municipality.objects.bulk_create(
        Municipality(code=row["code"], name=row["name"], province=row["province"], region_id=ids[row["region"]])
        for row in rows("gemeenten.csv")
    )
    LegalArea = apps.get_model("directory", "LegalArea")
    LegalArea.objects.bulk_create(LegalArea(**row) for row in rows("rechtsgebieden.csv"))


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=False)]
