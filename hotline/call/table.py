"""The transition table of the caller's leg, literal: event x state -> where to, with which effects.

A cell reads "target.effects". Before it may stand the name of a key ("1 ring.a, 2 menu"), or from the n-th time in this
state ("menu.t, 3: choice.q"). Words with a meaning of their own:
  now      answer with a redirect to the present question; nothing changes
  same     the stored answer again        none     no document (204)
  sorry    a spoken apology, hang up      bye      hang up
  again    'one moment', then try again   stay, -  nothing happens
  REST     the watchdog redirects the leg to the present question
  +n       the watchdog looks again in n seconds
  seek     ask routing again       placed  the phone rings
  enter    the first question of a known caller: region, greet or menu
  by_offer decided by how the offer ended (BY_OFFER); by_evidence by what is stored about the bridge
The effect letters stand in letters.LETTERS; docs/call-flow.md says them in words.
"""

from __future__ import annotations

from hotline.call.state import (
    CHECK,
    CHOICE,
    CLOSED,
    END,
    GREET,
    HELP,
    IDENT,
    LATER,
    MAIN,
    MENU,
    OUTCOME,
    REGION,
    RING,
    STRANGER,
    TALK,
)

Row = dict[str, str]


def _row(*cells: tuple[tuple[str, ...], str]) -> Row:
    return {state: cell for states, cell in cells for state in states}


EARLY = (GREET, MAIN, IDENT, REGION, MENU, CLOSED, STRANGER)
ASKING = (*EARLY, LATER, CHECK, OUTCOME, CHOICE)
ALL = (*EARLY, RING, LATER, TALK, CHECK, OUTCOME, CHOICE, HELP, END)

TABLE: dict[str, Row] = {
    # C1 a valid key, by its name
    "key": {
        GREET: "1 ring.a, 2 menu, * greet.u, 0 greet.r",
        MAIN: "code enter.i",
        IDENT: "code enter.i, code_closed end.io",
        REGION: "region enter.j, * region.u, 0 region.r",
        MENU: "area ring.a, more menu.n, unknown choice.q, signpost end.s, * menu.u, 0 menu.r",
        CLOSED: "1 end.o, 1_unknown ident.l",
        STRANGER: "1 end.n",
        RING: "now",
        LATER: "1 end.c, 2 ring.b",
        TALK: "now",
        CHECK: "1 outcome.f, 2 ring.b",
        OUTCOME: "1 end.k, 2 end.k, 3 end.k",
        CHOICE: "1 end.c, 2 end.d, 3 end.w",
        HELP: "now",
        END: "bye",
    },
    # C2 another key
    "other": {
        GREET: "menu",
        MAIN: "main.t, 3: stranger",
        IDENT: "ident.t, 3: stranger",
        REGION: "region.t, 3: enter.1",
        MENU: "menu.t, 3: choice.q",
        CLOSED: "closed.t, 2: end.w",
        STRANGER: "end.x",
        RING: "now",
        LATER: "later.t, 2: end.c",
        TALK: "now",
        CHECK: "check.t, 2: end.m",
        OUTCOME: "outcome.t, 2: end.k",
        CHOICE: "choice.t, 2: end.c",
        HELP: "now",
        END: "bye",
    },
    # C3 no key
    "none": {
        GREET: "menu",
        MAIN: "enter",
        IDENT: "ident.t, 3: end.w",
        REGION: "region.t, 3: enter.1",
        MENU: "menu.t, 3: end.m",
        CLOSED: "end.w",
        STRANGER: "end.x",
        RING: "now",
        LATER: "end.c",
        TALK: "now",
        CHECK: "end.m",
        OUTCOME: "end.k",
        CHOICE: "end.c",
        HELP: "now",
        END: "bye",
    },
    # C4 the caller is gone: a terminal CallStatus on any request, or the final status
    "gone": _row(
        ((GREET, MAIN, IDENT, CLOSED), "end.w"),
        ((REGION, MENU, RING, CHECK), "end.m"),
        ((STRANGER,), "end.x"),
        ((LATER, CHOICE, HELP), "end.c"),
        ((TALK,), "talk.e"),
        ((OUTCOME,), "end.k"),
        ((END,), "none"),
    ),
    # C5 the Dial is over, accepted, bridged
    "dialled_bridged": _row((ASKING, "now"), ((RING, TALK), "outcome.f"), ((HELP,), "end.h"), ((END,), "bye")),
    # C6 accepted, not bridged
    "dialled_unbridged": _row((ASKING, "now"), ((RING, TALK), "ring.u"), ((HELP,), "end.c"), ((END,), "bye")),
    # C7 accepted, the vendor does not say
    "dialled_unknown": _row((ASKING, "now"), ((RING, TALK), "check"), ((HELP,), "end.c"), ((END,), "bye")),
    # C8 not accepted: busy, no-answer, failed, canceled, completed, answered, an unknown word or none
    "dialled_refused": _row(
        (ASKING, "now"), ((RING,), "by_offer"), ((TALK,), "ring.u"), ((HELP,), "end.c"), ((END,), "bye")
    ),
    # C9 bridged without our key: must not happen
    "dialled_keyless": _row((ASKING, "now"), ((RING, TALK), "ring.z"), ((HELP,), "end.h"), ((END,), "bye")),
    # C5-C9 with a terminal CallStatus: two events at once, who accepted comes first
    "left_bridged": _row((ASKING, "as_gone"), ((RING, TALK), "end.k"), ((HELP,), "end.h"), ((END,), "bye")),
    "left_unbridged": _row((ASKING, "as_gone"), ((RING, TALK), "end.m"), ((HELP,), "end.c"), ((END,), "bye")),
    "left_unknown": _row((ASKING, "as_gone"), ((RING, TALK), "end.v"), ((HELP,), "end.c"), ((END,), "bye")),
    "left_refused": _row((ASKING, "as_gone"), ((RING, TALK), "end.m"), ((HELP,), "end.c"), ((END,), "bye")),
    "left_keyless": _row((ASKING, "as_gone"), ((RING, TALK), "end.my"), ((HELP,), "end.h"), ((END,), "bye")),
    # C10 the present question is asked for: now, again1, again2
    "now": {
        **{state: f"{state}.r" for state in (*EARLY, LATER, CHECK, OUTCOME, CHOICE)},
        RING: "by_offer",
        TALK: "by_evidence",
        HELP: "end.c",
        END: "bye",
    },
    # C25 the fallback Dial of the static document is over
    "helped": _row((ALL[:-1], "end.h"), ((END,), "bye")),
    # C11-C14, C24: told apart by turn and key before the machine is asked; the answers stand here
    "same": _row((ALL, "same")),
    "older": _row((ALL[:-1], "now"), ((END,), "bye")),
    "unknown": _row((ALL, "sorry")),
    "status": _row((ALL, "none")),
    # C15 our handler failed: the answer is made from the URL alone (hotline/phone/faults.py); the third goes to help
    "again": _row((ALL[:-2], "again, 3: help.P"), ((HELP,), "end.h"), ((END,), "bye")),
    # C16 the cap
    "cap": _row((tuple(s for s in ALL if s != RING), "-"), ((RING,), "REST")),
    # C17-C19 the watchdog looked
    "due_alive": _row(
        ((GREET, MAIN, IDENT, CLOSED), "REST, 2: end.w"),
        ((REGION, MENU), "REST, 2: end.m"),
        ((STRANGER,), "REST, 2: end.x"),
        ((RING, TALK), "REST"),
        ((LATER, CHOICE, HELP), "end.c"),
        ((CHECK,), "end.m"),
        ((OUTCOME,), "end.k"),
        ((END,), "-"),
    ),
    "due_gone": _row(
        ((GREET, MAIN, IDENT, CLOSED), "end.w"),
        ((REGION, MENU, RING, CHECK), "end.m"),
        ((STRANGER,), "end.x"),
        ((LATER, CHOICE, HELP), "end.c"),
        ((TALK,), "end.v"),
        ((OUTCOME,), "end.k"),
        ((END,), "-"),
    ),
    "due_refused": _row(
        ((GREET, MAIN, IDENT, CLOSED, STRANGER), "+30, 3: end.wy"),
        ((REGION, MENU), "+30, 3: end.my"),
        ((RING,), "+5, 3: end.my"),
        ((TALK,), "+30, 3: end.v"),
        ((LATER, CHOICE, HELP), "end.c"),
        ((CHECK,), "end.m"),
        ((OUTCOME,), "end.k"),
        ((END,), "-"),
    ),
    # C20 opening hours end, C21 the rung lawyer's duty ends or she pauses: judged once, at the start
    "hours": _row((ALL[:-1], "stay"), ((END,), "-")),
    "duty": _row(((RING, TALK), "stay"), (tuple(s for s in ALL if s not in (RING, TALK)), "-")),
    # key 1 on the lawyer's leg: the offer is taken, the two are joined by the vendor
    "accepted": _row(((RING,), "talk"), (tuple(s for s in ALL if s != RING), "-")),
    # routing found somebody
    "found": _row(
        ((GREET, MENU, RING, LATER, CHECK), "placed"),
        (tuple(s for s in ALL if s not in (GREET, MENU, RING, LATER, CHECK)), "-"),
    ),
    # C22 nobody, or too little time before the cap
    "nobody": _row(
        ((GREET, MENU, RING, CHECK), "choice.p"),
        ((LATER,), "end.c"),
        (tuple(s for s in ALL if s not in (GREET, MENU, RING, CHECK, LATER)), "-"),
    ),
    # C23 the one-open-offer index refused the insert
    "contested": _row(
        ((GREET, MENU, RING, CHECK), "seek, 5: choice.p"),
        ((LATER,), "seek, 5: end.c"),
        (tuple(s for s in ALL if s not in (GREET, MENU, RING, CHECK, LATER)), "-"),
    ),
    # C24 blocked or limited at entry
    "limited": _row((EARLY, "reject"), (tuple(s for s in ALL if s not in EARLY), "-")),
}

BY_OFFER: dict[str, str] = {"later": "later", "wrong_area": "menu.g", "": "ring.b"}
"""C8: how the rung lawyer's leg ended decides; anything else means: ring the next."""
