"""The Dutch codes of the API for those of the tables, as plain data. They never change; a test keeps them complete."""

from __future__ import annotations

from collections.abc import Mapping

CHANNEL: Mapping[str, str] = {"phone": "telefoon", "online": "online"}
LANE: Mapping[str, str] = {"nu": "nu", "vandaag": "vandaag", "twee_dagen": "twee_dagen"}
STATUS: Mapping[str, str] = {
    "submitted": "ingediend",
    "with_lawyer": "bij_advocaat",
    "in_conversation": "in_gesprek",
    "more_info": "meer_info",
    "answered": "beantwoord",
    "handed_over": "overgedragen",
    "closed": "afgerond",
    "withdrawn": "ingetrokken",
}
STEP: Mapping[str, str] = {
    "accept": "aannemen",
    "connect": "doorverbinden",
    "call_back": "terugbellen",
    "answer": "beantwoorden",
    "inform": "informatie_geven",
    "outcome": "uitkomst_vastleggen",
    "confirm": "bevestigen",
    "follow_up": "vervolg_doen",
    "coordinate": "coordinator_regelt",
}
MESSAGE: Mapping[str, str] = {
    "ask_more": "verzoek_om_info",
    "reply": "reactie",
    "answer": "antwoord",
    "note": "notitie",
}
SIDE: Mapping[str, str] = {"worker": "eerste_lijn", "lawyer": "advocaat"}
OUTCOME: Mapping[str, str] = {
    "helped": "geholpen",
    "partly": "deels_geholpen",
    "not_helped": "niet_geholpen",
    "answered": "beantwoord",
    "follow_up": "vervolg_nodig",
    "hand_over": "over_te_dragen",
    "wrong_area": "ander_rechtsgebied",
    "later": "later",
}
THEN: Mapping[str, str] = {"again": "opnieuw", "coordinator": "coordinator"}
REGION: Mapping[str, str] = {"country": "landelijk", "court": "arrondissement", "sub": "deelregio"}
STAGE: Mapping[str, str] = {"own": "eigen_regio", "neighbour": "buurregio", "country": "landelijk"}

# The field of a body for the field that a refusal of a service names.
FIELD: Mapping[str, str] = {
    "area": "rechtsgebied",
    "region": "regio",
    "lane": "termijn",
    "question": "vraag",
    "background": "achtergrond",
    "text": "tekst",
    "value": "uitkomst",
    "then": "daarna",
    "follow_up_on": "vervolgOp",
}
