// The shop page's own few lines: which language it speaks, and its buttons. The chat is in widget.js.
(() => {
  "use strict";

  const remembered = () => {
    try { return localStorage.getItem("shop.language"); } catch { return null; }
  };
  const preferred = () => (navigator.language.toLowerCase().startsWith("en") ? "en" : "es");

  function speak(language, remember) {
    document.documentElement.lang = language;
    for (const button of document.querySelectorAll("[data-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    if (!remember) return;
    try { localStorage.setItem("shop.language", language); } catch { /* a private window: then not */ }
  }

  const language = remembered() ?? (navigator.languages?.length ? preferred() : "es");
  speak(language, false);

  document.addEventListener("DOMContentLoaded", () => {
    speak(language, false);
    for (const button of document.querySelectorAll("[data-language]")) {
      button.addEventListener("click", () => speak(button.dataset.language, true));
    }
    for (const button of document.querySelectorAll("[data-open-chat]")) {
      button.addEventListener("click", () => document.dispatchEvent(new Event("chat:open")));
    }
  });
})();
