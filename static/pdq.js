// PDQ of a picture, made in the browser: the picture is never sent, only its 256 bits are.
// Follows the server's route: upright, on white, exactly 512 x 512 bilinear, then PDQ as Meta
// published it (two box filters, 64 x 64 samples, the 16 x 16 lowest cosines, their median).
"use strict";

const SIDE = 512, SMALL = 64, LOW = 16;

// Triangle filter over the source, as wide as the reduction asks: what Pillow calls bilinear.
function weights(from, to) {
  const scale = from / to, support = Math.max(scale, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const last = Math.min(from, Math.trunc(centre + support + 0.5));
    const taps = Array.from({ length: last - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) / support)));
    const sum = taps.reduce((a, b) => a + b, 0);
    return { first, taps: taps.map((tap) => tap / sum) };
  });
}

function resized({ data, width, height }) {
  const across = weights(width, SIDE), down = weights(height, SIDE);
  const rows = new Float32Array(height * SIDE * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        across[x].taps.forEach((tap, k) => { sum += tap * data[(y * width + across[x].first + k) * 4 + c]; });
        rows[(y * SIDE + x) * 3 + c] = Math.round(sum);
      }
    }
  }
  const luma = new Float32Array(SIDE * SIDE), share = [0.299, 0.587, 0.114];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        down[y].taps.forEach((tap, k) => { sum += tap * rows[((down[y].first + k) * SIDE + x) * 3 + c]; });
        luma[y * SIDE + x] += share[c] * Math.round(sum);
      }
    }
  }
  return luma;
}

// Mean of the window [i - 1, i + 2], cut off at the edges; `stride` tells rows from columns.
function box(source, start, stride) {
  const out = new Float32Array(SIDE);
  for (let i = 0; i < SIDE; i++) {
    const first = Math.max(0, i - 1), last = Math.min(SIDE - 1, i + 2);
    let sum = 0;
    for (let k = first; k <= last; k++) sum += source[start + k * stride];
    out[i] = sum / (last - first + 1);
  }
  out.forEach((value, i) => { source[start + i * stride] = value; });
}

function reduced(luma) {
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < SIDE; y++) box(luma, y * SIDE, 1);
    for (let x = 0; x < SIDE; x++) box(luma, x, SIDE);
  }
  const step = SIDE / SMALL;
  return Float32Array.from({ length: SMALL * SMALL }, (_, i) =>
    luma[((i >> 6) * step + step / 2) * SIDE + (i & 63) * step + step / 2]);
}

function qualityOf(small) {
  let sum = 0;
  for (let y = 0; y < SMALL; y++) {
    for (let x = 0; x < SMALL; x++) {
      const here = small[y * SMALL + x];
      if (y + 1 < SMALL) sum += Math.abs(Math.trunc(((here - small[(y + 1) * SMALL + x]) * 100) / 255));
      if (x + 1 < SMALL) sum += Math.abs(Math.trunc(((here - small[y * SMALL + x + 1]) * 100) / 255));
    }
  }
  return Math.min(100, Math.trunc(sum / 90));
}

function cosines(small) {
  const matrix = Array.from({ length: LOW }, (_, i) => Float32Array.from({ length: SMALL }, (_, j) =>
    Math.sqrt(2 / SMALL) * Math.cos((Math.PI / 2 / SMALL) * (i + 1) * (2 * j + 1))));
  const half = matrix.map((row) => Float32Array.from({ length: SMALL }, (_, x) =>
    row.reduce((sum, weight, y) => sum + weight * small[y * SMALL + x], 0)));
  return half.flatMap((line) => matrix.map((row) =>
    row.reduce((sum, weight, x) => sum + weight * line[x], 0)));
}

function hexOf(bits) {
  let hex = "";
  for (let i = LOW * LOW - 4; i >= 0; i -= 4) {
    hex += (bits[i] + 2 * bits[i + 1] + 4 * bits[i + 2] + 8 * bits[i + 3]).toString(16);
  }
  return hex;
}

/** {pdq: 64 hexadecimal digits, quality: 0..100} of {data: RGBA bytes, width, height} on white. */
export function pdqOfPixels(pixels) {
  const small = reduced(resized(pixels));
  const values = cosines(small);
  const median = [...values].sort((a, b) => a - b)[values.length / 2 - 1];
  return { pdq: hexOf(values.map((value) => Number(value > median))), quality: qualityOf(small) };
}

/** The same of a file; rejects when the browser cannot read it as a picture. */
export async function pdqOfFile(file) {
  const picture = await createImageBitmap(file);
  const longest = Math.max(picture.width, picture.height);
  const scale = Math.min(1, 2048 / longest);  // as the server bounds what it keeps
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return pdqOfPixels(pen.getImageData(0, 0, canvas.width, canvas.height));
}
