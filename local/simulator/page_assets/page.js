"use strict";

const EVERY_MS = 2000;
const rows = document.getElementById("rows");
const live = document.getElementById("live");
const announcement = document.getElementById("announcement");

function localTimes() {
  for (const element of rows.querySelectorAll("time")) {
    element.textContent = new Date(element.dateTime).toLocaleString();
  }
}

async function refresh() {
  try {
    const answer = await fetch("/_simulator/page/rows");
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    const fresh = template.content.querySelector(".columns");
    const stale = rows.querySelector(".columns");
    const inUse = stale.contains(document.activeElement);
    if (fresh.dataset.version !== stale.dataset.version && !inUse) {
      stale.replaceWith(fresh);
      localTimes();
      announcement.textContent = fresh.dataset.summary;
    }
    live.classList.remove("lost");
    live.lastChild.textContent = " live";
  } catch {
    live.classList.add("lost");
    live.lastChild.textContent = " not reachable";
  }
  setTimeout(refresh, EVERY_MS);
}

live.hidden = false;
localTimes();
setTimeout(refresh, EVERY_MS);
