/* Keeps the page of operations up to date by server-sent events. Without it the page is loaded again now and then. */
"use strict";

(() => {
  const messages = document.getElementById("operations-messages");
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const rows = new Map();
  for (const row of messages.querySelectorAll("[data-message]")) {
    rows.set(row.dataset.message, row);
  }

  const showMessage = (message) => {
    const row = rows.get(message.name);
    if (row === undefined) {
      return;
    }
    for (const cell of row.querySelectorAll("[data-field]")) {
      const value = message[cell.dataset.field];
      cell.textContent = value === undefined ? "–" : numbers.format(value);
    }
    row.querySelector("[data-failures]").textContent = message.failures
      .map((failure) => `${failure.code} ${numbers.format(failure.count)}`)
      .join(", ");
  };

  const processes = new Set();
  for (const row of document.querySelectorAll("[data-process]")) {
    processes.add(row.dataset.process.trim());
  }

  /* Which processes there are, and how, is said in words: the page is made anew for it. */
  const haveProcessesChanged = (list) => {
    const keys = list.map((process) =>
      [
        process.service,
        process.host,
        process.pid,
        process.is_serving,
        process.broker ?? "",
        process.database ?? "",
        process.mail ?? "",
      ]
        .join(" ")
        .trim(),
    );
    return keys.length !== processes.size || keys.some((key) => !processes.has(key));
  };

  const show = (overview) => {
    if (haveProcessesChanged(overview.processes)) {
      location.reload();
      return;
    }
    overview.messages.forEach(showMessage);
    const outbox = document.getElementById("operations-outbox");
    if (outbox !== null && overview.outbox_messages !== undefined) {
      outbox.textContent = numbers.format(overview.outbox_messages);
    }
    document.getElementById("operations-at").dateTime = overview.at;
  };

  const source = new EventSource("/admin/operations/events");
  source.addEventListener("overview", (event) => show(JSON.parse(event.data)));
  window.addEventListener("pagehide", () => source.close());
})();
