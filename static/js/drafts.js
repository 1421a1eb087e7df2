// A form with data-draft-url is sent there as typed: five seconds after a change, and on leaving a field.
const EVERY = 5000;

function sayIn(form, words) {
  let place = form.querySelector("[data-draft-status]") ?? document.querySelector("[data-draft-status]");
  if (!place) {
    place = document.createElement("p");
    place.className = "hub-draft";
    place.dataset.draftStatus = "";
    place.setAttribute("role", "status");
    form.append(place);
  }
  place.textContent = words;
}

function asTyped(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body.entries()]) {
    if (value instanceof File || name === "csrfmiddlewaretoken") body.delete(name);
  }
  return body;
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
}

function keep(form) {
  const token = form.elements.namedItem("csrfmiddlewaretoken")?.value ?? "";
  const typed = () => new URLSearchParams(asTyped(form)).toString();
  let kept = typed();
  let sending = false;
  let leaving = false;

  async function save() {
    const now = typed();
    if (sending || leaving || now === kept) return;
    sending = true;
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body: new URLSearchParams(asTyped(form)),
        credentials: "same-origin",
        headers: { "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
      });
      if (answer.status === 409) {
        leaving = true;
        sayIn(form, "You changed this on another page. Nothing was overwritten: send this page to see both texts.");
        return;
      }
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      kept = now;
      sayIn(form, `Draft saved ${clock()}. It is kept if you close this page.`);
    } catch {
      sayIn(form, "The draft could not be saved just now. Keep this page open; we are trying again.");
    } finally {
      sending = false;
    }
  }

  setInterval(save, EVERY);
  form.addEventListener("focusout", save);
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
}

export function keepDrafts(root) {
  root.querySelectorAll("form[data-draft-url]").forEach(keep);
}
