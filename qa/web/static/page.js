// Everything works without this: it only adds "copy", and puts the focus on the quote of an article.
"use strict";

const says = document.getElementById("says");

async function copy(source) {
  const text = source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https there is no clipboard: what is selected can be copied in the older way.
    const details = source.closest("details");
    if (details) details.open = true;
    const selection = window.getSelection();
    selection.selectAllChildren(source);
    if (!document.execCommand("copy")) return;
  }
  says.textContent = "";
  requestAnimationFrame(() => { says.textContent = says.dataset.copied; });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(document.getElementById(button.dataset.copy));
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1600);
  });
}

if (location.hash === "#quote") {
  document.getElementById("quote")?.focus({ preventScroll: true });
}
