"use strict";

const list = document.getElementById("photos");
const files = document.getElementById("files");
const drop = document.getElementById("drop");

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function row(name) {
  const item = document.createElement("li");
  const title = document.createElement("strong");
  const state = document.createElement("div");
  title.textContent = name;
  item.append(title, state);
  list.prepend(item);
  return {
    say(text, failed) {
      state.textContent = text;
      state.className = failed ? "failed" : "";
    },
    show(address) {
      const image = document.createElement("img");
      image.src = address;
      image.alt = "Thumbnail of " + name;
      item.append(image);
    },
  };
}

async function send(file) {
  const shown = row(file.name);
  shown.say("sending …");
  try {
    const answer = await fetch("/photos", { method: "POST", body: file });
    const sent = await answer.json();
    if (answer.status !== 202) {
      shown.say(sent.detail, true);
      return;
    }
    await follow(sent.status, shown);
  } catch {
    shown.say("The service can't be reached. Send the photo again.", true);
  }
}

/* Goes on through a restart of the service: an accepted photo is not lost. */
async function follow(address, shown) {
  for (let wait = 100; ; wait = Math.min(2000, wait * 1.5)) {
    await pause(wait);
    let photo;
    try {
      const answer = await fetch(address);
      if (answer.status === 404) {
        shown.say("The service does not know it any more.", true);
        return;
      }
      photo = await answer.json();
    } catch {
      shown.say("accepted; the service is away, still asking …");
      continue;
    }
    if (photo.state === "done") {
      shown.say(photo.attempts > 1 ? "done, attempt " + photo.attempts : "done");
      shown.show(photo.thumbnail);
      return;
    }
    if (photo.state === "failed") {
      shown.say("failed: " + photo.reason, true);
      return;
    }
    shown.say((photo.state ?? "asking") + " …");
  }
}

files.addEventListener("change", () => {
  for (const file of files.files) send(file);
  files.value = "";
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind === "drop") for (const file of event.dataTransfer.files) send(file);
  });
}
