// The board looks again by itself; its forms open over it. Without script both are plain links.
/* global htmx */

const EVERY = 7000;
const sheet = document.querySelector("#sheet");

function look() {
  const { now, seen } = document.querySelector("#board").dataset;
  htmx.ajax("GET", `${now}?seen=${seen}`, { target: "#board", swap: "outerMorph" });
}

// Nobody looks at a hidden tab; whoever comes back to it sees the present at once.
setInterval(() => document.hidden || look(), EVERY);
document.addEventListener("visibilitychange", () => document.hidden || look());

// A session that ended answers with the sign-in page: that belongs into the window, not the board.
document.addEventListener("htmx:before:response", (event) => {
  if (!event.detail.ctx.response.raw.redirected) return;
  event.preventDefault();
  location.reload();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sheet]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.href, { target: "#sheet-body", swap: "innerHTML" }).then(() => {
    if (!sheet.open) sheet.showModal();
    sheet.querySelector("[autofocus]")?.focus();
  });
});

// What a refused form says is read out first.
document.addEventListener("htmx:after:swap", () => {
  sheet.querySelector("[data-focus]")?.focus();
});

// The next order starts with an empty sheet.
sheet.addEventListener("close", () => sheet.querySelector("#sheet-body").replaceChildren());
