// With "keep my pictures here" the form sends what pdq.js makes of the files, and no file.
import { pdqOfFile } from "./pdq.js";

const form = document.getElementById("protect");
const told = document.getElementById("protect-progress");

async function marksOf(files) {
  const marks = [];
  for (const file of files) {
    told.textContent = `Reading ${file.name} (${marks.length + 1} of ${files.length}) in this browser …`;
    try {
      marks.push({ name: file.name, ...(await pdqOfFile(file)) });
    } catch {
      throw new Error(`${file.name} cannot be read as a picture. Take it out and choose again.`);
    }
  }
  return marks;
}

form?.addEventListener("submit", async (event) => {
  const { by_hash: byHash, marks, file } = form.elements;
  if (!byHash.checked) {
    told.textContent = `Sending and reading ${file.files.length} pictures; a second or two for each …`;
    return;
  }
  event.preventDefault();
  try {
    marks.value = JSON.stringify(await marksOf([...file.files]));
    file.disabled = true;  // a disabled field is not sent
    form.submit();
  } catch (error) {
    told.textContent = error.message;
  }
});
