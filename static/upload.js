// Drop files on a set's page, or choose many: they are sent one by one, with progress.
// Without this script the form sends them all at once.
"use strict";
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const told = document.getElementById("upload-progress");

  async function send(file) {
    const body = new FormData(form);
    body.delete("file");
    body.append("file", file);
    const headers = { Accept: "application/json" };
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers });
      if (!answer.ok) return [`${file.name}: the server answered ${answer.status}.`];
      return (await answer.json()).refused;
    } catch {
      return [`${file.name}: the connection broke off. Add it again.`];
    }
  }

  async function sendAll(files) {
    const bar = document.createElement("progress");
    const list = document.createElement("ul");
    bar.max = files.length;
    bar.value = 0;
    told.replaceChildren(bar, list);
    for (const file of files) {
      for (const sentence of await send(file)) {
        list.append(Object.assign(document.createElement("li"), { textContent: sentence }));
      }
      bar.value += 1;
    }
    if (!list.children.length) return location.reload();
    const again = Object.assign(document.createElement("a"), { href: "", textContent: "Go on" });
    told.append(again);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll([...form.elements.file.files]);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) sendAll([...event.dataTransfer.files]);
  });

  const all = document.getElementById("choose-all");
  if (!all) return;
  all.hidden = false;
  all.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll("input[name=item]")];
    const every = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !every; });
  });
})();
