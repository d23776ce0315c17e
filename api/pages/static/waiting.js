// While the service gets ready: ask whether it is, then load the page again, or send the question again.
"use strict";

const told = document.querySelector("[data-again]");

/** Look every two seconds; a server that is away for a moment is asked again. */
async function look() {
  const answer = await fetch("/ready", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) {
    setTimeout(look, 2000);
    return;
  }
  const form = document.getElementById("ask");
  if (told.dataset.again === "ask" && form) form.requestSubmit();
  else location.reload();
}

if (told) setTimeout(look, 1000);
