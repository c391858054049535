// Makes a photograph that is too large small enough before it is sent. Where the browser cannot, the server says the limit.
const LIMIT = 300000;
const WIDTHS = [1600, 1200, 900, 640];
const QUALITY = 0.8;

function drawn(picture, width) {
  const scale = Math.min(1, width / picture.width);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}

async function shrunk(file) {
  const picture = await createImageBitmap(file);
  for (const width of WIDTHS) {
    const small = await drawn(picture, width);
    if (small && small.size <= LIMIT) return new File([small], file.name.replace(/\.\w+$/, ".jpg"), { type: small.type });
  }
  return file;
}

for (const field of document.querySelectorAll("input[type=file]")) {
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file || file.size <= LIMIT || !/^image\/(png|jpeg|webp)$/.test(file.type)) return;
    try {
      const chosen = new DataTransfer();
      chosen.items.add(await shrunk(file));
      field.files = chosen.files;
    } catch { /* sent as it is */ }
  });
}
