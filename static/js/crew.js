// When it happened is when the button was pressed, by the phone's clock, not when the net was back.
// Only the first press counts: sent again, the same operation must say the same.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.matches("[data-operation]")) return;
  const { occurred_at: at } = event.target.elements;
  at.value ||= new Date().toISOString();
});

// “Finish” leads to a form further up or down: its first choice gets the focus.
document.querySelector('a[href="#finish"]')?.addEventListener("click", () => {
  const done = document.querySelector("#finish details");
  done.open = true;
  done.querySelector("input[type=radio]")?.focus({ preventScroll: true });
});
