// Symbol tiles that are buttons, and reading aloud with the device's own voice.
export function pressTiles(root) {
  root.querySelectorAll("button.hub-tile[aria-pressed]").forEach((tile) => {
    tile.addEventListener("click", () => {
      tile.setAttribute("aria-pressed", tile.getAttribute("aria-pressed") === "true" ? "false" : "true");
    });
  });
}

export function readAloud(root) {
  const voice = window.speechSynthesis;
  root.querySelectorAll("button[data-read-aloud]").forEach((button) => {
    if (!voice) {
      button.hidden = true;
      return;
    }
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.readAloud) ?? document.querySelector("main");
      voice.cancel();
      const words = new SpeechSynthesisUtterance(source.innerText);
      words.lang = "en-GB";
      words.rate = 0.9;
      voice.speak(words);
    });
  });
}
