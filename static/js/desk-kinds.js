// <select> → a field to type in: every word of what is typed must be in an option's names.

export class Search {
  /** `chosen` is called just before the select tells that it changed. */
  constructor(select, chosen) {
    this.select = select;
    this.chosen = chosen;
    this.options = [...select.querySelectorAll("option[data-search]")];
    this.shown = [];
    this.active = -1;
    this.input = this.makeInput();
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: "kinds", className: "kinds", role: "listbox", hidden: true });
    select.after(this.input, this.list);
    select.hidden = true;
    this.say();
    this.wire();
  }

  /** In the place of the select: its label, its key, its errors are now the input's. */
  makeInput() {
    const input = document.createElement("input");
    const { id, className } = this.select;
    Object.assign(input, { id, className: className.replace("form-select", "form-control").replace("kind-select", ""), autocomplete: "off", role: "combobox" });
    for (const [name, value] of [["aria-expanded", "false"], ["aria-controls", "kinds"], ["aria-autocomplete", "list"]]) input.setAttribute(name, value);
    for (const name of ["aria-invalid", "aria-describedby", "aria-keyshortcuts", "data-alt"]) {
      if (this.select.hasAttribute(name)) input.setAttribute(name, this.select.getAttribute(name));
      this.select.removeAttribute(name);
    }
    this.select.id = `${id}_select`;
    return input;
  }

  wire() {
    this.input.addEventListener("input", (event) => { event.stopPropagation(); this.search(); this.bubbleInput(); });
    this.input.addEventListener("focus", () => { this.input.select(); });
    this.input.addEventListener("click", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => { this.close(); this.say(); });
    // mousedown: before the input loses the focus and the list is gone
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[data-at]");
      if (row) this.take(this.shown[Number(row.dataset.at)]);
    });
  }

  /** Others listen for the first key of a call; what is searched for is no value of the form. */
  bubbleInput() {
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  key(event) {
    const { key, isComposing } = event;
    if (isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search();
      else this.mark(this.active + (key === "ArrowDown" ? 1 : -1));
    } else if ((key === "Enter" || (key === "Tab" && !event.shiftKey)) && !this.list.hidden && this.shown[this.active]) {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.take(this.shown[this.active]);
    } else if (key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
      this.say();
    }
  }

  search() {
    const chosen = this.select.selectedOptions[0]?.textContent ?? "";
    const typed = this.input.value.toLowerCase() === chosen.toLowerCase() ? "" : this.input.value.toLowerCase();
    const words = typed.split(/\s+/).filter(Boolean);
    // Found in its own name it comes before what is only found by its group or its questions.
    const rank = (option) => {
      const name = option.textContent.toLowerCase();
      if (name.startsWith(words[0] ?? "")) return 0;
      return words.every((word) => name.includes(word)) ? 1 : 2;
    };
    this.shown = this.options
      .filter((option) => words.every((word) => option.dataset.search.includes(word)))
      .sort((one, other) => rank(one) - rank(other));
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.shown.map((option, at) => {
      const row = document.createElement("li");
      Object.assign(row, { id: `kind-${at}`, role: "option" });
      row.dataset.at = String(at);
      const group = document.createElement("span");
      group.textContent = option.closest("optgroup")?.label ?? "";
      row.append(option.textContent, group);
      return row;
    }));
    this.list.hidden = this.shown.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.classList.toggle("is-invalid", this.shown.length === 0);
    this.mark(0);
  }

  mark(at) {
    this.list.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    this.active = Math.max(0, Math.min(at, this.shown.length - 1));
    const row = this.list.children[this.active];
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
  }

  take(option) {
    this.select.value = option.value;
    this.close();
    this.say();
    this.chosen();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** What is chosen, in the field; what was only typed is no kind and goes. */
  say() {
    this.input.value = this.select.value ? this.select.selectedOptions[0].textContent : this.input.value;
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
