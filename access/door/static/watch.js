// Takes the page away when its sign-in session has ended: Streamlit alone would leave what it showed on the screen.
"use strict";
(() => {
  const EVERY = 15000, WARN = 120, LOST = 30 * 60 * 1000;
  let heard = Date.now(), gone = false, waiting = null;

  function leave() {
    if (gone) return;
    gone = true;
    document.documentElement.style.visibility = "hidden";
    document.body.replaceChildren();
    location.replace("/sign-in?ended=1&next=" + encodeURIComponent(location.pathname + location.search));
  }

  async function look() {
    if (gone) return;
    try {
      const answer = await fetch("/sign-in/still", { cache: "no-store", redirect: "manual" });
      if (answer.ok) {
        heard = Date.now();
        warn((await answer.json()).seconds);
      } else if (answer.status === 401) leave();
    } catch {
      if (Date.now() - heard > LOST) leave(); // out of reach for longer than any session stands idle
    }
  }

  // Two minutes before nothing happened for too long there is a question, and the time it takes to answer.
  function warn(seconds) {
    if (seconds > WARN) { waiting?.remove(); waiting = null; return; }
    if (waiting) return;
    waiting = document.createElement("dialog");
    waiting.setAttribute("aria-label", "You will be signed out soon");
    const words = document.createElement("p"), stay = document.createElement("button");
    words.textContent = "You will be signed out in two minutes or less.";
    stay.textContent = "Stay signed in";
    stay.addEventListener("click", async () => {
      await fetch("/sign-in/stay", { method: "POST" }).catch(() => {});
      waiting?.remove();
      waiting = null;
      look();
    });
    waiting.append(words, stay);
    document.body.append(waiting);
    waiting.showModal();
  }

  // The server closes the websocket the moment the session ends: no need to wait for the next look.
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", look);
    }
  };
  setInterval(look, EVERY);
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
