// Shows what a radio or checkbox reveals, and hides it again. GOV.UK's own script sets aria-expanded on radios,
// which the standard does not allow there; the revealed part follows its radio in the order of reading instead.
function show(input) {
  const part = document.getElementById(input.dataset.ariaControls);
  part?.classList.toggle(`govuk-${input.type === "radio" ? "radios" : "checkboxes"}__conditional--hidden`, !input.checked);
}

export function reveal(root) {
  const inputs = [...root.querySelectorAll("input[data-aria-controls]")];
  const all = () => inputs.forEach(show);
  root.addEventListener("change", all);
  window.addEventListener("pageshow", all);
  all();
}
