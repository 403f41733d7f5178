// What every page may use. Pages work without it; each behaviour is asked for by a data attribute.

const root = document.documentElement;

// <button data-theme-switch hidden>: light or dark, kept where Tabler's theme script looks for it.
for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    try {
      localStorage.setItem("tabler-theme", next);
    } catch {
      // Private windows may refuse; the choice then lasts for this page.
    }
  });
}

// <form data-once>: a second click sends nothing. <button data-confirm="…"> asks first.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  // The button is marked, not disabled: a disabled one would not send its own name and value.
  event.submitter?.setAttribute("aria-busy", "true");
}, true);

// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// <select data-submit>: filters apply as soon as they are chosen; without script there is a button.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// After a refused form: the summary is read out and the first wrong field is one Tab away.
document.querySelector("[data-focus]")?.focus();

// htmx could not reach the server: say so where messages are said, in the page's own words.
document.addEventListener("htmx:error", () => {
  const words = document.querySelector("#messages")?.dataset.lost;
  if (!words || document.querySelector("[data-lost-notice]")) return;
  const notice = document.createElement("div");
  notice.className = "notice notice-error";
  notice.dataset.lostNotice = "";
  notice.textContent = words;
  document.querySelector("#messages").append(notice);
});
document.addEventListener("htmx:after:request", () => {
  document.querySelector("[data-lost-notice]")?.remove();
});
