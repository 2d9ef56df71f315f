/*
 * Keeps the page of operations up to date by server-sent events, until it is told to pause, and says when it no longer
 * can. Without scripts the page stays as it was loaded, or loads itself again for who asks for it (?refresh=yes).
 */
"use strict";

(() => {
  const RETRY_MS = 2000;
  const RETRY_MAX_MS = 60000;
  const SILENCE_MS = 10000; /* events come every two seconds, and a stream that ends is opened again within a few */

  const language = document.documentElement.lang;
  const numbers = new Intl.NumberFormat(language);
  const months = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const find = (id) => document.getElementById(`operations-${id}`);

  const setText = (element, text) => {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  };

  const numberText = (value) => (value === undefined ? "–" : numbers.format(value));

  /* As the pages have it: "1 December 2026, 07:05 UTC". */
  const timeText = (date) => {
    const day = date.getUTCDate();
    const isFirst = language === "fr" && day === 1;
    const behind = language === "de" ? "." : isFirst ? "er" : "";
    const clock = date.toISOString().slice(11, 16);
    return `${day}${behind} ${months.format(date)} ${date.getUTCFullYear()}, ${clock} UTC`;
  };

  const showTime = (element, time) => {
    element.dateTime = time;
    setText(element, timeText(new Date(time)));
  };

  /* processes: rows are made, changed and taken away in place */

  const words = find("words").dataset;
  const processes = find("processes");
  const keyOf = (process) => `${process.service} ${process.host} ${process.pid}`;

  const fillProcess = (row, process) => {
    row.dataset.isServing = process.is_serving;
    for (const cell of row.querySelectorAll("[data-field]")) {
      const value = process[cell.dataset.field];
      const isState = ["broker", "database", "mail"].includes(cell.dataset.field);
      setText(cell, isState ? (words[value] ?? "–") : String(value));
    }
    setText(row.querySelector("[data-serving]"), process.is_serving ? words.yes : words.no);
    showTime(row.querySelector("time"), process.started_at);
  };

  const showProcesses = (list) => {
    const body = processes.querySelector("tbody");
    const before = new Map();
    for (const row of body.rows) {
      before.set(row.dataset.process, row);
    }
    list.forEach((process, place) => {
      const key = keyOf(process);
      const row = before.get(key) ?? find("process").content.firstElementChild.cloneNode(true);
      before.delete(key);
      row.dataset.process = key;
      fillProcess(row, process);
      if (body.rows[place] !== row) {
        body.insertBefore(row, body.rows[place] ?? null);
      }
    });
    before.forEach((row) => row.remove());
    processes.hidden = list.length === 0;
    find("no-process").hidden = list.length > 0;
  };

  /* messages: there are as many as the page was made with */

  const showMessage = (message) => {
    const row = find("messages").querySelector(`[data-message="${CSS.escape(message.name)}"]`);
    if (row === null) {
      return;
    }
    for (const cell of row.querySelectorAll("[data-field]")) {
      setText(cell, numberText(message[cell.dataset.field]));
    }
    const failures = message.failures.map(({ code, count }) => `${code} ${numbers.format(count)}`);
    setText(row.querySelector("[data-failures]"), failures.join(", "));
  };

  const showOutbox = (overview) => {
    find("outbox").hidden = overview.outbox_messages === undefined;
    setText(find("outbox-messages"), numberText(overview.outbox_messages));
    find("outbox-oldest").hidden = overview.outbox_oldest_at === undefined;
    if (overview.outbox_oldest_at !== undefined) {
      showTime(find("outbox-oldest").querySelector("time"), overview.outbox_oldest_at);
    }
  };

  const show = (overview) => {
    showTime(find("at"), overview.at);
    showProcesses(overview.processes);
    showOutbox(overview);
    overview.messages.forEach(showMessage);
  };

  /* the stream */

  const state = find("state");
  const pause = find("pause");
  let source;
  let retry;
  let silence;
  let delayMs = RETRY_MS;
  let isPaused = false;

  const stop = () => {
    source.close();
    clearTimeout(retry);
    clearTimeout(silence);
  };

  /* A browser gives a stream up for good that is refused, and never one that only falls silent. */
  const lose = () => {
    stop();
    setText(state, state.dataset.lost);
    retry = setTimeout(listen, delayMs);
    delayMs = Math.min(delayMs * 2, RETRY_MAX_MS);
  };

  const waitForEvents = () => {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
  };

  const take = (event) => {
    waitForEvents();
    delayMs = RETRY_MS;
    setText(state, "");
    show(JSON.parse(event.data));
  };

  function listen() {
    source = new EventSource("/admin/operations/events");
    waitForEvents();
    source.addEventListener("overview", take);
    source.addEventListener("error", (event) => {
      if (event.target === source && source.readyState === EventSource.CLOSED) {
        lose();
      }
    });
  }

  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    setText(pause, isPaused ? pause.dataset.continue : pause.dataset.pause);
    setText(state, isPaused ? state.dataset.paused : "");
    stop();
    if (!isPaused) {
      delayMs = RETRY_MS;
      listen();
    }
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && !isPaused) {
      listen();
    }
  });
  find("live").hidden = false;
  listen();
})();
