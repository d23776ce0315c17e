// While the service gets ready: ask whether it is, then load the page again, or send the question again.
"use strict";

const told = document.querySelector("[data-again]");

/** Look every two seconds; a server that is away for a moment is asked again. */
async function look() {
  const answer = await fetch("/ready", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) goOn();
  else setTimeout(look, 2000);
}

/** What was asked meanwhile is in the address, and is answered when it is loaded again; what is typed stays. */
function goOn() {
  const form = document.getElementById("ask"), typed = form?.elements.q.value.trim();
  if (!told.isConnected) {
    if (document.querySelector(".failure")) location.reload();
  } else if (told.dataset.again === "ask" && form) form.requestSubmit();
  else if (typed) told.remove();
  else location.reload();
}

if (told) setTimeout(look, 1000);
