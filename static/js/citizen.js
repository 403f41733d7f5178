// The report form works without this. It spares the citizen two small annoyances.

const form = document.querySelector("form[data-keep]");
const DRAFT = "report-draft";

// Changing the language loads the page anew: what was typed is carried over, once, in this tab.
document.querySelector("form.language")?.addEventListener("submit", () => {
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !KEPT_OUT.has(name));
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify(typed));
  } catch {
    // Then the fields are empty afterwards, as without script.
  }
});
const KEPT_OUT = new Set(["csrfmiddlewaretoken", "key", "language"]);

function restore() {
  const kept = sessionStorage.getItem(DRAFT);
  sessionStorage.removeItem(DRAFT);
  for (const [name, value] of JSON.parse(kept ?? "[]")) {
    const field = form.elements[name];
    if (field) field.value = value; // of radio buttons too: the list of them takes a value
  }
  form.querySelector(".kind input:checked")?.closest("details").setAttribute("open", "");
}

try {
  restore();
} catch {
  // No storage, or a draft of an older page: start with the empty form.
}

// Who marks the map has named the street, too; what was typed by hand stays.
let suggested = "";
form.addEventListener("hotline:place", ({ detail }) => {
  const { address } = form.elements;
  if (address.value !== suggested) return;
  suggested = address.value = detail?.name ?? "";
});

// A photo from a phone may be too large for the way and for us: say so before it travels.
form.elements.photo?.addEventListener("change", ({ target }) => {
  const large = target.files[0]?.size > Number(target.dataset.most);
  target.setCustomValidity(large ? target.dataset.tooLarge : "");
  target.reportValidity();
});
