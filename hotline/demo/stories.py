"""Short questions and answers, all made up. No story is of a real person."""

from __future__ import annotations

from typing import NamedTuple


class Story(NamedTuple):
    question: str
    background: str
    answer: str


STORIES: dict[str, tuple[Story, ...]] = {
    "huur": (
        Story(
            "De verhuurder heeft het slot vervangen. Mag dat bij twee maanden achterstand?",
            "Moeder met een kind. Er is geen vonnis. Zij slaapt nu bij haar zus.",
            "Nee. Zonder vonnis mag niemand ontruimen. Bel de verhuurder vandaag en eis toegang; lukt dat niet, dan "
            "vragen we een kort geding aan.",
        ),
        Story(
            "De huur gaat na renovatie 140 euro omhoog. Moet mijn cliënt dat betalen?",
            "Hij heeft niets getekend. Het gaat om een sociale huurwoning.",
            "Niet zonder zijn instemming of een uitspraak. Laat hem schriftelijk bezwaar maken en blijven betalen wat "
            "hij betaalde.",
        ),
        Story(
            "De borg wordt na acht maanden nog niet terugbetaald. Wat is de eerste stap?",
            "Er is een rapport van de oplevering zonder gebreken.",
            "Stuur een ingebrekestelling met een termijn van veertien dagen. Een briefmodel is genoeg.",
        ),
    ),
    "arbeid": (
        Story(
            "Mijn cliënt tekende negen dagen geleden een vaststellingsovereenkomst. Kan dat terug?",
            "Oproepkracht, had zich een week eerder ziek gemeld.",
            "Ja, binnen veertien dagen na tekenen, per brief en zonder reden. Stuur hem vandaag en bewaar bewijs.",
        ),
        Story(
            "De werkgever betaalt het laatste loon en de vakantiedagen niet uit.",
            "Contract liep af. Er is een loonstrook zonder vakantiedagen.",
            "Vorder met een brief het loon en de wettelijke verhoging. Na veertien dagen zonder antwoord kan ik het "
            "overnemen.",
        ),
        Story(
            "Ontslag op staande voet na een ruzie op de werkvloer. Hoe snel moet dit?",
            "Brief van gisteren, de reden staat er vaag in.",
            "Twee maanden om de rechter te vragen het te vernietigen. Laat hem wel meteen schriftelijk protesteren en "
            "zich beschikbaar houden.",
        ),
    ),
    "verbintenissen-consument": (
        Story(
            "Een webwinkel levert niet en stuurt nu een incassobureau.",
            "Er is nooit iets bezorgd; de winkel reageert niet op mail.",
            "Betwist de vordering schriftelijk. Incassokosten mogen pas na een juiste aanmaning. Dit kan in de eerste "
            "lijn.",
        ),
        Story(
            "De sportschool wil het abonnement niet beëindigen na verhuizing.",
            "Het eerste jaar is voorbij.",
            "Na het eerste jaar geldt een maand opzegtermijn. Een aangetekende brief is genoeg.",
        ),
    ),
    "schulden": (
        Story(
            "Loonbeslag en bankbeslag tegelijk; de huur kan niet worden betaald.",
            "De deurwaarder rekent met een verkeerde woonsituatie.",
            "Reken de beslagvrije voet na en stuur de gegevens naar de deurwaarder. Hij moet het binnen een paar dagen "
            "herstellen.",
        ),
        Story(
            "De gemeente wijst toelating tot de schuldhulp af om een oude fraudevordering.",
            "De vordering is van zes jaar geleden en bijna afbetaald.",
            "Maak bezwaar: er moet een afweging in het besluit staan. Ik kijk graag mee met de gronden.",
        ),
    ),
    "sociale-voorzieningen": (
        Story(
            "De bijstand is gestopt na een huisbezoek. Bezwaar, of meteen naar de rechter?",
            "Geen inkomen, de energie dreigt te worden afgesloten.",
            "Allebei: bezwaar en een voorlopige voorziening, want bezwaar alleen helpt niet bij acute nood. Ik neem "
            "het over.",
        ),
        Story(
            "De gemeente trekt huishoudelijke hulp terug van vijf naar twee uur.",
            "Er is geen nieuw onderzoek geweest.",
            "Zonder onderzoek kan dat niet. Vraag het dossier op en maak bezwaar binnen zes weken.",
        ),
    ),
    "sociale-verzekeringen": (
        Story(
            "Het UWV stelt 34 procent arbeidsongeschikt vast. Is medisch advies nodig?",
            "Nog drie weken tot het einde van de termijn.",
            "Dien eerst pro forma bezwaar in; daarmee is de termijn veilig. Daarna kijken we of advies zin heeft.",
        ),
        Story(
            "De WW wordt teruggevorderd over vier maanden. Kan dat in één keer?",
            "Cliënt heeft twee uur per week gewerkt en dat gemeld.",
            "Als er gemeld is, is een volledige terugvordering vaak te veel. Maak bezwaar en vraag een regeling.",
        ),
    ),
    "vreemdelingen": (
        Story(
            "Verblijf ingetrokken na een scheiding; de brief is twintig dagen oud.",
            "Er was huiselijk geweld, er ligt een melding.",
            "Let op: hier geldt vier weken, niet zes. Stuur het vandaag door, dan dien ik bezwaar in.",
        ),
        Story(
            "Inburgering niet gehaald: wat betekent dat voor de vergunning?",
            "Cliënt is al die tijd naar les geweest.",
            "Vraag verlenging of ontheffing aan met de verklaring van de school. De vergunning loopt nu geen gevaar.",
        ),
    ),
    "asiel": (
        Story(
            "Kan de meerderjarige broer nog nareizen?",
            "Statushouder; een eerdere aanvraag is afgewezen.",
            "Nee, voor nareis is er geen kans. Er is wel een ander spoor; dat heb ik uitgelegd.",
        ),
        Story(
            "De statushouder krijgt geen woning en zit nog in de opvang. Wat kan hij vragen?",
            "Al negen maanden na de beslissing.",
            "Schrijf de gemeente aan waar hij is geplaatst en vraag een besluit. Een duidelijk nee kan naar bezwaar.",
        ),
    ),
    "familie-jeugd": (
        Story(
            "Een ouder komt de omgangsregeling niet na. Kan dit zonder rechter?",
            "Er is een beschikking; het kind is zes.",
            "Begin met bemiddeling en het buurtteam. Loopt het vast, dan kom ik erbij.",
        ),
        Story(
            "Kinderalimentatie is jaren niet geïnd. Is het te laat?",
            "De beschikking is van zeven jaar geleden.",
            "Over de laatste vijf jaar kan het nog. Het LBIO kan innen zonder advocaat.",
        ),
    ),
    "toeslagen-belasting": (
        Story(
            "Zorgtoeslag teruggevorderd omdat de ex op papier nog partner was.",
            "Al vier jaar apart, wel laat uitgeschreven.",
            "Maak bezwaar met bewijs van beide adressen. Verzamel het bewijs vóór de brief weggaat.",
        ),
        Story(
            "Aanslag over een jaar waarin cliënt geen inkomen had.",
            "Er is nooit aangifte gedaan.",
            "Doe alsnog aangifte en vraag ambtshalve vermindering. Vraag tegelijk uitstel van betaling.",
        ),
    ),
    "bestuur-overig": (
        Story(
            "Urgentie voor een woning geweigerd; het beleid lijkt strenger dan de verordening.",
            "Derde zaak hierover in dit kwartaal.",
            "Maak bezwaar en beroep je op de verordening. Geef dit door voor het overleg: drie keer is een patroon.",
        ),
        Story(
            "De school schrijft een leerling uit zonder nieuwe school. Mag dat?",
            "Openbaar onderwijs, leerling is veertien.",
            "Nee, er moet eerst een andere school zijn. Bezwaar bij het bestuur, en bel de leerplichtambtenaar.",
        ),
    ),
}
MORE = "Kun je de brief met de datum erbij zetten? Zonder datum weet ik niet welke termijn loopt."
DO_LATER = "Bellen of de brief is aangekomen."
