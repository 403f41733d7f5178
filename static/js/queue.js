// The long lists and the page of a ticket. Everything works without it.

// “/” goes to the search box, as a number is read over the phone.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const find = document.querySelector("[data-find]");
  if (!find) return;
  event.preventDefault();
  find.focus();
  find.select();
});

// An unfolded action is typed into at once; the first one of the page waits for a click.
for (const act of document.querySelectorAll("details.act")) {
  act.addEventListener("toggle", () => {
    if (act.open && act.contains(document.activeElement)) {
      act.querySelector("textarea, select, input:not([type=hidden])")?.focus();
    }
  });
}
