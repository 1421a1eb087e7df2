// <button data-copy="id-of-the-text" class="hub-js-only">: copies the text, and says so to everyone.
function say(button, words) {
  let place = button.nextElementSibling;
  if (!place?.hasAttribute("data-copy-status")) {
    place = document.createElement("span");
    place.dataset.copyStatus = "";
    place.className = "hub-small";
    place.setAttribute("role", "status");
    button.after(place);
  }
  place.textContent = words;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  const text = "value" in source ? source.value : source.textContent;
  try {
    await navigator.clipboard.writeText(text.trim());
    say(button, "Copied. Paste it into the form.");
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    const chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
    say(button, "The text is selected. Press Ctrl and C to copy it.");
  }
}

export function offerCopying(root) {
  root.querySelectorAll("[data-copy]").forEach((button) => {
    button.addEventListener("click", () => copy(button));
  });
}
