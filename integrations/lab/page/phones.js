"use strict";
/* The page of phones: asks /lab/state and shows what changed; every button is one POST to the lab's JSON doors. */

const STATES = {
  ringing: "Gaat over", talking: "In gesprek", listening: "Aan de lijn", calling: "Belt", voicemail: "Voicemail",
  idle: "", none: "",
};
const BEHAVIOURS = {
  person: "wachten op mij", silent: "niemand hoort hem", voicemail: "voicemail", off: "staat uit (meteen voicemail)",
  busy: "in gesprek", refuses: "weigert", bad: "nummer bestaat niet", eager: "neemt vanzelf op en toetst 1",
};
const TROUBLES = {
  duplicate: "verzoek komt dubbel", retry: "antwoord zoek, vraagt opnieuw", delay: "melding komt te laat",
  drop: "melding komt nooit", time_out: "antwoord te laat (15 s)", fail: "geen verbinding",
  refuse: "opdracht geweigerd (400)", error: "fout bij aanbieder (500)", too_many: "te veel opdrachten (429)",
  lost: "opdracht gedaan, antwoord zoek", swallowed: "opdracht én antwoord zoek",
  unreachable: "aanbieder niet bereikbaar", voicemail: "voicemail neemt op",
  off: "telefoon staat uit", busy: "in gesprek", bad: "nummer bestaat niet", silent: "niemand hoort hem",
  hang_up_in_whisper: "neemt op en hangt weer op", caller_gone: "beller hangt op bij het aannemen",
  orphan: "beller weg, andere kant blijft even", no_bridged: "meldt niet of er verbonden is",
  lie: "zegt 'answered' na weigeren",
};
const ROLES = {
  "": "Iedereen", worker: "eerste lijn", lawyer: "advocaat", coordinator: "coördinator", editor: "redacteur",
  facilitator: "facilitator", administrator: "beheerder", assistant: "secretariaat",
  organisation: "organisatie",
};
const LINES = {
  heard: text => text, said: text => "Zegt: " + text, key: text => "Toets " + text, ring: text => "Gaat over: " + text,
  call: text => text === "picked up" ? "Opgenomen" : "Belt " + text, talk: text => "Verbonden met " + text,
  end: () => "Opgehangen", sms: text => "Sms: " + text,
};
const KEYS = "123456789*0#";
const $ = id => document.getElementById(id);
const cards = new Map();
const spoken = new Map();
let revision = "";
let filled = "";

async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
  };
  const response = await fetch(path, options);
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || "Dat lukt nu niet.");
  return answer;
}

async function act(number, verb, body) {
  try {
    await ask(`/lab/phones/${encodeURIComponent(number)}/${verb}`, body || {});
    $("status").textContent = "";
  } catch (error) {
    $("status").textContent = error.message;
  }
  await refresh();
}

/* Text with its web addresses as links, made of nodes: nothing that was sent is ever read as HTML. */
function linked(element, text) {
  element.textContent = "";
  for (const part of text.split(/(https?:\/\/[^\s<>"]+)/)) {
    if (/^https?:\/\//.test(part)) {
      const link = document.createElement("a");
      link.href = part;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = part;
      element.append(link);
    } else {
      element.append(part);
    }
  }
}

function fill(list, items, show) {
  const key = JSON.stringify(items);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...items.map(item => {
    const line = document.createElement("li");
    show(line, item);
    return line;
  }));
  list.scrollTop = list.scrollHeight;
}

function options(select, values, words) {
  select.replaceChildren(...values.map(value => new Option(words[value] || value, value)));
}

function newCard(phone, state) {
  const card = $("phone").content.firstElementChild.cloneNode(true);
  const find = name => card.querySelector(name);
  card.dataset.id = phone.id;
  const number = () => card.dataset.number;
  find(".to").value = (state.lines[0] || {}).number || "";
  find(".dial").addEventListener("submit", event => {
    event.preventDefault();
    act(number(), "dial", {to: find(".to").value});
  });
  find(".pick-up").addEventListener("click", () => act(number(), "pick-up"));
  find(".refuse").addEventListener("click", () => act(number(), "refuse"));
  find(".hang-up").addEventListener("click", () => act(number(), "hang-up"));
  for (const key of KEYS) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    button.dataset.key = key;
    button.addEventListener("click", () => press(card, key));
    find(".pad").append(button);
  }
  find(".sms form").addEventListener("submit", event => {
    event.preventDefault();
    act(number(), "sms", {to: (state.lines[0] || {}).number || find(".to").value, text: find(".text").value});
    find(".text").value = "";
  });
  options(find(".behaviour"), state.behaviours, BEHAVIOURS);
  const behave = () => act(number(), "behaviour", {behaviour: find(".behaviour").value, after: find(".after").value});
  find(".behaviour").addEventListener("change", () => { find(".after").value = ""; behave(); });
  find(".after").addEventListener("change", behave);
  card.addEventListener("keydown", event => {
    if (event.target !== card) return;
    if (KEYS.includes(event.key) && event.key.length === 1 && card.dataset.call) press(card, event.key);
    else if (event.key === "Escape" && card.dataset.call) act(number(), "hang-up");
    else if (event.key === "Enter" && card.dataset.state === "ringing") act(number(), "pick-up");
    else return;
    event.preventDefault();
  });
  return card;
}

function press(card, keys) {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  act(card.dataset.number, "press", {keys});
}

function show(card, phone) {
  const find = name => card.querySelector(name);
  const inCall = !["idle", "none", "ringing"].includes(phone.state);
  card.dataset.state = phone.state;
  card.dataset.call = inCall || phone.state === "ringing" ? phone.call : "";
  card.dataset.number = phone.number;
  card.setAttribute("aria-label", [phone.name, STATES[phone.state]].filter(Boolean).join(", "));
  find("h2").textContent = phone.name;
  find(".state").textContent = [STATES[phone.state], phone.with].filter(Boolean).join(": ");
  find(".who").textContent = [phone.role && (ROLES[phone.role] || phone.role), phone.number, phone.email].filter(Boolean).join(" · ");
  const lines = find(".lines");
  fill(lines, phone.lines || [], (line, item) => {
    line.className = item.kind;
    linked(line, (LINES[item.kind] || String)(item.text));
  });
  find(".dial").hidden = phone.state !== "idle" && !(phone.state === "none" && phone.number);
  find(".answer").hidden = phone.state !== "ringing";
  find(".pad").hidden = find(".hang-up").hidden = !inCall;
  find(".sms").hidden = find(".habit").hidden = !phone.number;
  find(".mail").hidden = !phone.email;
  find(".sms summary").textContent = `Sms (${phone.sms.length})`;
  find(".mail summary").textContent = `Mail (${phone.mail.length})`;
  const message = (line, item) => linked(line, [item.subject, item.text].filter(Boolean).join("\n"));
  fill(find(".sms ol"), phone.sms, message);
  fill(find(".mail ol"), phone.mail, message);
  if (document.activeElement !== find(".behaviour")) find(".behaviour").value = phone.behaviour || "person";
  speak(phone);
}

function speak(phone) {
  const lines = phone.lines || [];
  const last = lines.length ? lines[lines.length - 1].n : -1;
  const from = spoken.has(phone.id) ? spoken.get(phone.id) : last;
  spoken.set(phone.id, last);
  if (!$("speak").checked || !("speechSynthesis" in window)) return;
  for (const line of lines) {
    if (line.n > from && line.kind === "heard") {
      const words = new SpeechSynthesisUtterance(line.text);
      words.lang = "nl-NL";
      speechSynthesis.speak(words);
    }
  }
}

function showState(state) {
  const set = JSON.stringify([state.lines, state.roles, state.behaviours, state.misbehaviours]);
  if (set !== filled) {
    filled = set;
    const role = $("role").value;
    options($("role"), ["", ...state.roles], ROLES);
    $("role").value = role;
    options($("wish-kind"), state.misbehaviours, TROUBLES);
    $("line-numbers").replaceChildren(...state.lines.map(line => new Option(line.name, line.number)));
  }
  if (document.activeElement !== $("chaos")) $("chaos").value = Math.round(state.chaos * 100);
  $("chaos-shown").textContent = Math.round(state.chaos * 100);
  $("wishes").textContent = state.wishes.length
    ? "Staat klaar: " + state.wishes.map(wish => [TROUBLES[wish.kind], wish.where, wish.times > 1 ? wish.times + "x" : ""]
      .filter(Boolean).join(" ")).join("; ")
    : "Er staat niets klaar.";
  $("faults").replaceChildren(...state.faults.map(text => Object.assign(document.createElement("p"), {textContent: text})));
  $("trouble-count").textContent = state.faults.length ? `(${state.faults.length} meldingen van de aanbieder)` : "";
  $("total").textContent = state.total > state.phones.length
    ? `${state.phones.length} van ${state.total} telefoons. Zoek om een andere te vinden.`
    : `${state.total} telefoons`;
  const list = $("phones");
  const seen = new Set();
  let before = null;
  for (const phone of state.phones) {
    seen.add(phone.id);
    let card = cards.get(phone.id);
    if (!card) cards.set(phone.id, card = newCard(phone, state));
    show(card, phone);
    place(list, card, before);
    before = card;
  }
  for (const [id, card] of cards) {
    if (!seen.has(id)) {
      card.remove();
      cards.delete(id);
    }
  }
}

/* In its place, without moving what somebody is typing in. */
function place(list, card, before) {
  const next = before ? before.nextSibling : list.firstChild;
  if (next === card || card.contains(document.activeElement)) return;
  list.insertBefore(card, next);
}

let asked = 0;
async function refresh() {
  const mine = ++asked;
  const query = new URLSearchParams({search: $("search").value, role: $("role").value, revision});
  try {
    const state = await ask("/lab/state?" + query);
    if (mine !== asked || !state) return;
    revision = state.revision;
    showState(state);
  } catch (error) {
    if (mine === asked) $("status").textContent = "Het lab antwoordt niet. Ik probeer het weer.";
    revision = "";
  }
}

function changed() {
  revision = "";
  refresh();
}

async function trouble(body) {
  try {
    await ask("/lab/misbehave", body);
    $("status").textContent = "";
  } catch (error) {
    $("status").textContent = error.message;
  }
  refresh();
}

$("filter").addEventListener("submit", event => event.preventDefault());
$("search").addEventListener("input", changed);
$("role").addEventListener("change", changed);
$("chaos").addEventListener("change", () => trouble({chaos: $("chaos").value / 100}));
$("wish").addEventListener("submit", event => {
  event.preventDefault();
  trouble({kind: $("wish-kind").value, where: $("wish-where").value, times: $("wish-times").value});
});
$("wish-clear").addEventListener("click", () => trouble({clear: true, chaos: 0}));

(async function watch() {
  for (;;) {
    await refresh();
    await new Promise(resolve => setTimeout(resolve, document.hidden ? 3000 : 700));
  }
})();
