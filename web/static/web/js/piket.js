/* What pages do on top of plain forms and links. Every page works without this file. */
(function () {
  "use strict";

  /* A fault summary takes the focus, so that it is read first. */
  function focusFaults() {
    const summary = document.querySelector(".piket-error-summary");
    if (summary) summary.focus();
  }

  /* 300 characters: the counter counts aloud only when the end is near. */
  function count(field) {
    const counter = document.getElementById(field.dataset.counter);
    if (!counter) return;
    const limit = Number(field.dataset.limit);
    const left = limit - Array.from(field.value).length;
    counter.textContent = counter.dataset.words.replace("{used}", String(limit - left)).replace("{limit}", String(limit));
    counter.classList.toggle("piket-counter--over", left < 0);
    counter.setAttribute("aria-live", left <= 30 ? "polite" : "off");
  }

  /* A draft stays in this tab only (sessionStorage), until it is sent. */
  function keepDraft(form) {
    const key = "draft:" + form.dataset.draft;
    const note = document.getElementById(form.dataset.draftNote);
    const fields = Array.from(form.querySelectorAll("textarea[name]"));
    let saved = {};
    try { saved = JSON.parse(sessionStorage.getItem(key) || "{}"); } catch { saved = {}; }
    fields.forEach(function (field) {
      if (!field.value && saved[field.name]) {
        field.value = saved[field.name];
        const fold = field.closest("details");
        if (fold) fold.open = true;
      }
    });
    let timer = 0;
    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(function () {
        const draft = {};
        fields.forEach(function (field) { draft[field.name] = field.value; });
        sessionStorage.setItem(key, JSON.stringify(draft));
        if (note) {
          const time = new Date().toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
          note.textContent = note.dataset.words.replace("{time}", time);
        }
      }, 1500);
    });
  }

  function forgetDrafts() {
    document.querySelectorAll("[data-draft-sent]").forEach(function (mark) {
      sessionStorage.removeItem("draft:" + mark.dataset.draftSent);
    });
  }

  /* One press, one request: a second press on the same form is swallowed. */
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelectorAll("button").forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.removeAttribute("aria-disabled"); });
    });
  });

  /* A menu closes on Escape and on a press elsewhere. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.piket-account[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.piket-account[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  /* Regions that follow the server: asked again while the page is seen and nobody pressed pause.
     The answer carries an ETag; the same ETag leaves the page, its focus and its open parts alone. */
  const heard = new WeakMap();
  function follow(region) {
    heard.set(region, Date.now());
    window.setInterval(function () {
      const still = document.hidden || region.dataset.paused === "yes";
      if (!still) window.htmx.trigger(region, "follow");
      showAge(region);
    }, Number(region.dataset.follow) * 1000);
    window.setInterval(function () { showAge(region); }, 1000);
  }
  function showAge(region) {
    const place = document.getElementById(region.dataset.age);
    if (!place) return;
    const seconds = Math.round((Date.now() - heard.get(region)) / 1000);
    const lost = seconds > 15;
    const paused = region.dataset.paused === "yes";
    const words = paused ? place.dataset.paused : lost ? place.dataset.lost : place.dataset.words;
    place.textContent = words.replace("{seconds}", String(seconds));
    region.classList.toggle("piket-stale", lost && !paused);
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    const region = event.detail.target;
    if (!region.dataset || !region.dataset.follow) return;
    const revision = event.detail.xhr.getResponseHeader("ETag");
    if (event.detail.xhr.status >= 400) return;
    heard.set(region, Date.now());
    if (revision && revision === region.dataset.revision) event.detail.shouldSwap = false;
    region.dataset.revision = revision || "";
  });
  /* Counting times, between two answers of the server. */
  function tick() {
    document.querySelectorAll("[data-since]").forEach(function (place) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / 1000));
      place.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    });
  }

  /* What a screen reader hears of a region that follows: changes only, at most every ten seconds. */
  let saidAt = 0;
  document.addEventListener("htmx:afterSwap", function (event) {
    const words = event.detail.target.querySelector("[data-say]");
    if (!words) return;
    const place = document.getElementById(words.dataset.say);
    if (place.textContent === words.textContent || Date.now() - saidAt < 10000) return;
    saidAt = Date.now();
    place.textContent = words.textContent;
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-pauses]");
    if (!button) return;
    const region = document.getElementById(button.dataset.pauses);
    const paused = region.dataset.paused !== "yes";
    region.dataset.paused = paused ? "yes" : "";
    button.setAttribute("aria-pressed", String(paused));
    heard.set(region, Date.now());
    showAge(region);
  });

  /* Copies a field's text; the button says that it did. Where the browser refuses, the text is at least selected. */
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copies);
    field.select();
    if (!navigator.clipboard) return;
    navigator.clipboard.writeText(field.value).then(function () { button.textContent = button.dataset.done; }, function () {});
  });

  document.addEventListener("DOMContentLoaded", function () {
    focusFaults();
    forgetDrafts();
    document.querySelectorAll("form[data-draft]").forEach(keepDraft);
    document.querySelectorAll("[data-counter]").forEach(function (field) {
      count(field);
      field.addEventListener("input", function () { count(field); });
    });
    document.querySelectorAll("[data-needs-script]").forEach(function (part) { part.hidden = false; });
    window.setInterval(tick, 1000);
    if (window.htmx) document.querySelectorAll("[data-follow]").forEach(follow);
  });
})();
