"""Names that nobody has: first names and surnames put together, the same ones every time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product
from random import Random

SEED = 42
# fmt: off
FIRST = (
    "Aaltje", "Achmed", "Adam", "Agnes", "Albert", "Alice", "Amina", "Anouk", "Arjan", "Astrid", "Bart", "Bea",
    "Bilal", "Bram", "Carla", "Chantal", "Chen", "Daan", "Daphne", "Dewi", "Dirk", "Djamila", "Eefje", "Elif",
    "Emma", "Erik", "Esra", "Eva", "Fatima", "Femke", "Floris", "Frank", "Geert", "Gerda", "Giel", "Hanneke",
    "Harm", "Hassan", "Heleen", "Hugo", "Ibrahim", "Ilse", "Indra", "Iris", "Jan", "Janna", "Jeroen", "Joke",
    "Joris", "Kadir", "Karin", "Kees", "Khadija", "Klaas", "Lars", "Leila", "Lies", "Lotte", "Lucas", "Maaike",
    "Marit", "Mehmet", "Mina", "Mo", "Nadia", "Niels", "Nina", "Noor", "Olga", "Otto", "Paul", "Petra", "Pim",
    "Quinten", "Rachida", "Ravi", "Renske", "Rik", "Rosa", "Ruud", "Samira", "Sander", "Sanne", "Selma", "Sjoerd",
    "Sofie", "Stijn", "Tamara", "Teun", "Thijs", "Tineke", "Umut", "Vera", "Wendy", "Willem", "Wouter", "Xandra",
    "Yasmin", "Yusuf", "Zeynep",
)
LAST = (
    "Adriaanse", "Akkerman", "Altena", "Aydin", "Bakker", "Beekman", "Benali", "Bergsma", "Blom", "Boonstra", "Bos",
    "Brandsma", "Çelik", "Chen", "Dekker", "Demir", "Dijkgraaf", "Doornbos", "Douma", "Drost", "Duinker", "Elzinga",
    "Evers", "Faber", "Feenstra", "Gerritsen", "de Groot", "Haan", "Haddou", "van der Heide", "Hendriks",
    "Hiemstra", "Hoekstra", "Idrissi", "Jansma", "de Jong", "Kaya", "Kloosterman", "Kok", "Koster", "Kuipers",
    "Lammers", "van Leeuwen", "Lim", "Loos", "Maas", "Meulenbelt", "Mulder", "Nauta", "Nijhuis", "Oosterhof",
    "Öztürk", "Pauw", "Polman", "Postma", "Ramdin", "Rietveld", "Roos", "Schaap", "Schuurman", "Sital", "Slager",
    "Smid", "Spijker", "Talsma", "Terpstra", "Tuinman", "Uithof", "Veenstra", "Verbeek", "de Vries", "Wagenaar",
    "Wiersma", "de Wit", "Yilmaz", "Zandstra", "Zijlstra", "Zwart",
)
# fmt: on


def names() -> Iterator[str]:
    """Different names in an order that is always the same, first names and surnames well mixed."""
    pairs = list(product(FIRST, LAST))
    Random(SEED).shuffle(pairs)  # noqa: S311 - demo data
    for first, last in pairs:
        yield f"{first} {last}"


def mail_of(name: str) -> str:
    """sanne.dewit@example.nl"""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    first, _space, last = plain.partition(" ")
    return f"{first}.{last.replace(' ', '')}@example.nl"
