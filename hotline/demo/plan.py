"""Who and what the demo consists of, as plain values: organisations, lines, desks, people. No database here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from directory.core import dial_code
from hotline.demo.names import mail_of, names

SITES = ("walcheren", "amsterdam", "nijmegen", "zwolle", "utrecht")
SITE_NAMES = {
    "walcheren": "Walcheren",
    "amsterdam": "Amsterdam",
    "nijmegen": "Nijmegen",
    "zwolle": "Zwolle",
    "utrecht": "Utrecht",
}
HOME = ("huur", "schulden", "verbintenissen-consument")
WORK = ("arbeid", "sociale-voorzieningen", "sociale-verzekeringen", "toeslagen-belasting")
OTHER = ("vreemdelingen", "asiel", "familie-jeugd", "bestuur-overig")
ALL = HOME + WORK + OTHER
ASKED_MOST = ("huur", "arbeid", "schulden", "sociale-voorzieningen", "vreemdelingen", "verbintenissen-consument")

OPEN = 11  # questions that the scenes leave open
SECOND_LINE_NUMBER = "+31850000001"
SECOND_LINE_NAME = "Piketlijn in kantooruren"
BACK_LINE_NUMBER = "+31850000099"
BACK_LINE_NAME = "Piketlijn terug"
FIRST_LINE_NAME = "Piketlijn"
PASSWORD = "demo-piketlijn"  # noqa: S105 - everybody of the demo, on a loopback address only


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. A first-line pool takes turns day and night, so it has at least three people."""

    name: str
    pool: int  # lawyers per desk of the first line
    office_pools: tuple[int, ...]  # lawyers per desk of the line in office hours
    workers: int
    questions: int  # of which OPEN are not finished
    days_back: int  # over how many days they lie

    @property
    def finished(self) -> int:
        return self.questions - OPEN


SIZES = {
    "small": Size("small", 5, (3, 3, 4), 40, 50, 60),
    "pilot": Size("pilot", 6, (5, 5, 5), 100, 557, 273),
}


@dataclass(frozen=True, slots=True)
class PlannedDesk:
    name: str
    region: str
    areas: tuple[str, ...]
    depth: int = 2
    offices_of: str = ""  # its lawyers work at the offices of that desk's lawyers


# Every question of a site finds its own desk first; Walcheren and huur is the example of the README.
ROUND_THE_CLOCK = (
    PlannedDesk("Walcheren alle gebieden", "walcheren", ALL),
    PlannedDesk("Rotterdam wonen en schulden", "AR08", HOME),
    PlannedDesk("Landelijk wonen en schulden", "landelijk", HOME),
    PlannedDesk("Landelijk werk en inkomen", "landelijk", WORK),
    PlannedDesk(
        "Landelijk vreemdelingen, familie en bestuur", "landelijk", OTHER, offices_of="Landelijk werk en inkomen"
    ),
    PlannedDesk("Amsterdam wonen en schulden", "amsterdam", HOME),
    PlannedDesk("Amsterdam werk en inkomen", "amsterdam", WORK, offices_of="Amsterdam wonen en schulden"),
    PlannedDesk("Nijmegen alle gebieden", "nijmegen", ALL),
    PlannedDesk("Zwolle alle gebieden", "zwolle", ALL),
    PlannedDesk("Utrecht alle gebieden", "utrecht", ALL),
)
# The scenes play here: a gap, a sick call, a pause, a number not verified.
OFFICE_HOURS = (
    PlannedDesk("Nijmegen familie en jeugd", "nijmegen", ("familie-jeugd",), 1, "Nijmegen alle gebieden"),
    PlannedDesk(
        "Zwolle toeslagen en bestuur", "zwolle", ("toeslagen-belasting", "bestuur-overig"), 2, "Zwolle alle gebieden"
    ),
    PlannedDesk("Utrecht vreemdelingen en asiel", "utrecht", ("vreemdelingen", "asiel"), 2, "Utrecht alle gebieden"),
)
# The way back: where a lawyer reaches the first line of a site, by workers in turn.
CONTACT_POINTS = tuple(PlannedDesk(f"Aanspreekpunt {name}", site, ALL, 1) for site, name in SITE_NAMES.items())
ON_CONTACT_POINT = 2  # workers for each


@dataclass(frozen=True, slots=True)
class PlannedOrganisation:
    name: str
    kind: str  # first_line or office
    regions: tuple[str, ...]
    main_number: str = ""


FIRST_LINE = (
    PlannedOrganisation("Loket Noorderpoort", "first_line", ("walcheren",), "+31600009001"),
    PlannedOrganisation("Loket Amstelhof", "first_line", ("amsterdam",), "+31600009002"),
    PlannedOrganisation("Loket Waalkade", "first_line", ("nijmegen",)),
    PlannedOrganisation("Loket Sassenpoort", "first_line", ("zwolle",)),
    PlannedOrganisation("Loket Domplein", "first_line", ("utrecht",)),
    PlannedOrganisation("Sociaal raadslieden Scheldemond", "first_line", ("walcheren", "AR11")),
    PlannedOrganisation("Raadslieden De Brug", "first_line", ("amsterdam",)),
    PlannedOrganisation("Raadslieden Lindenholt", "first_line", ("nijmegen", "AR03")),
    PlannedOrganisation("Welzijn IJsselzoom", "first_line", ("zwolle",)),
    PlannedOrganisation("Raadslieden Kanaleneiland", "first_line", ("utrecht",)),
    PlannedOrganisation("Buurtteams Singel", "first_line", ("utrecht",)),
    PlannedOrganisation("Formulierenpunt Het Kompas", "first_line", ("amsterdam",)),
)
# fmt: off
OFFICE_WORDS = (
    "Advocaten aan de {0}", "{0} Advocatuur", "Advocatenkantoor {0}", "{0} en Partners", "Sociale Advocatuur {0}",
)
OFFICE_PLACES = (
    "Havenkade", "Torenstraat", "Meelfabriek", "Dorpsbron", "Oude Werf", "Weverslaan", "Kersentuin",
    "Schippersgracht", "Molenvliet", "Zuidwal", "Stationsplein", "Eikenhof", "Brouwerij", "Lindelaan", "Veerdam",
    "Spoorzicht", "Kaasmarkt", "Vlasakker", "Zonnehof", "Waterpoort",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    role: str
    name: str
    email: str
    number: str
    code: str
    organisation: str = ""
    region: str = ""
    areas: tuple[str, ...] = ()
    usual_area: str = ""
    is_verified: bool = True
    desk: str = ""  # the desk whose pool this lawyer is in


@dataclass(frozen=True, slots=True)
class Plan:
    size: Size
    organisations: tuple[PlannedOrganisation, ...]
    workers: tuple[PlannedPerson, ...]
    lawyers: tuple[PlannedPerson, ...]
    coordinators: tuple[PlannedPerson, ...]
    administrators: tuple[PlannedPerson, ...]
    assistants: tuple[PlannedPerson, ...]

    @property
    def people(self) -> tuple[PlannedPerson, ...]:
        return self.workers + self.lawyers + self.coordinators + self.administrators + self.assistants

    def pool(self, desk: str) -> tuple[PlannedPerson, ...]:
        """The lawyers of one desk, in the order of their turns."""
        return tuple(lawyer for lawyer in self.lawyers if lawyer.desk == desk)

    def contact_pool(self, region: str) -> tuple[PlannedPerson, ...]:
        """The workers on the contact point of a site; never the first one, who is the README's example."""
        return tuple(worker for worker in self.workers[1:] if worker.region == region)[:ON_CONTACT_POINT]


def plan_of(size: Size) -> Plan:
    """The same plan every time, except that a bigger size has more people."""
    fresh = names()
    workers = tuple(_worker(index, next(fresh)) for index in range(size.workers))
    pools = [(desk, size.pool) for desk in ROUND_THE_CLOCK] + list(zip(OFFICE_HOURS, size.office_pools, strict=True))
    offices: dict[tuple[str, int], PlannedOrganisation] = {}
    lawyers: list[PlannedPerson] = []
    for desk, count in pools:
        for place in range(count):
            office = offices.setdefault((desk.offices_of or desk.name, place), _office(len(offices), desk.region))
            lawyers.append(_lawyer(len(lawyers), next(fresh), desk, office.name))
    lawyers[-1] = replace(lawyers[-1], is_verified=False)
    coordinators = tuple(
        _person("coordinator", 2000 + index, next(fresh), region=region)
        for index, region in enumerate((*SITES, "landelijk"))
    )
    return Plan(
        size=size,
        organisations=(*FIRST_LINE, *offices.values()),
        workers=workers,
        lawyers=tuple(lawyers),
        coordinators=coordinators,
        administrators=(_person("administrator", 3000, next(fresh)),),
        assistants=(_person("assistant", 4000, next(fresh)),),
    )


def _person(
    role: str,
    serial: int,
    name: str,
    *,
    organisation: str = "",
    region: str = "",
    areas: tuple[str, ...] = (),
    usual_area: str = "",
    desk: str = "",
) -> PlannedPerson:
    """Number and code follow from the serial, so that they are the same after loading again."""
    return PlannedPerson(
        role=role,
        name=name,
        email=mail_of(name),
        number=f"+3160000{serial:04d}",
        code=dial_code.complete(1_234_567 + serial * 977),
        organisation=organisation,
        region=region,
        areas=areas,
        usual_area=usual_area,
        desk=desk,
    )


def _worker(index: int, name: str) -> PlannedPerson:
    """The first one works for one region and asks about huur: the README's example."""
    organisation = FIRST_LINE[index % len(FIRST_LINE)]
    # Each third one has no usual area and hears the menu.
    usual = "" if index % 3 == 2 else ASKED_MOST[index % len(ASKED_MOST)]
    return _person(
        "worker",
        100 + index,
        name,
        organisation=organisation.name,
        region=organisation.regions[0],
        usual_area=usual,
    )


def _lawyer(index: int, name: str, desk: PlannedDesk, office: str) -> PlannedPerson:
    return _person(
        "lawyer",
        1000 + index,
        name,
        organisation=office,
        region=desk.region,
        areas=desk.areas,
        desk=desk.name,
    )


def _office(index: int, region: str) -> PlannedOrganisation:
    """Offices of lawyers for the whole country stand in Utrecht."""
    words = OFFICE_WORDS[index // len(OFFICE_PLACES) % len(OFFICE_WORDS)]
    name = words.format(OFFICE_PLACES[index % len(OFFICE_PLACES)])
    return PlannedOrganisation(name, "office", ("utrecht" if region == "landelijk" else region,))
