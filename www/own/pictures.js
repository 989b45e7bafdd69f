/** Any pictures made as small as a run takes them: the middle square of each, on white. */

/** The sizes that there are datasets for: how many pixels along a side, and how many numbers a pixel has. */
export const SIZES = /** @type {const} */ ([{ dataset: "own", side: 32, channels: 3 }, { dataset: "owngrey", side: 28, channels: 1 }]);

/** How bright each colour is to the eye (ITU-R BT.601). */
const BRIGHT = [0.299, 0.587, 0.114];

/**
 * @param {Blob} file
 * @returns {Promise<Uint8Array[]>} its pixels in each of the sizes
 * @throws {Error} if it is no picture that the browser can read
 */
export async function shrink(file) {
  const { picture, width, height, free } = await read(file);
  try {
    if (width < 1 || height < 1) throw new Error("an empty picture");
    return SIZES.map(({ side, channels }) => pixels(picture, width, height, side, channels));
  } finally {
    free();
  }
}

/** @param {Blob} file */
async function read(file) {
  // A drawing has no pixels of its own, and needs an element.
  if (file.type !== "image/svg+xml") {
    const picture = await createImageBitmap(file);
    return { picture, width: picture.width, height: picture.height, free: () => picture.close() };
  }
  const picture = new Image(256, 256);
  // The page's policy lets no element show a blob.
  picture.src = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  await picture.decode();
  return { picture, width: picture.naturalWidth || 256, height: picture.naturalHeight || 256, free: () => {} };
}

/** @param {CanvasImageSource} picture @param {number} width @param {number} height @param {number} side @param {number} channels */
function pixels(picture, width, height, side, channels) {
  const square = Math.min(width, height);
  let canvas = sheet(Math.min(square, 1024));
  draw(canvas, picture, (width - square) / 2, (height - square) / 2, square);
  // By halves, so that every pixel of the picture counts.
  while (canvas.width > 2 * side) {
    const half = sheet(Math.max(side, Math.ceil(canvas.width / 2)));
    draw(half, canvas, 0, 0, canvas.width);
    canvas = half;
  }
  const last = sheet(side);
  const { data } = draw(last, canvas, 0, 0, canvas.width).getImageData(0, 0, side, side);
  const found = new Uint8Array(side * side * channels);
  for (let i = 0; i < side * side; i++) {
    const colours = data.subarray(4 * i, 4 * i + 3);
    if (channels === 3) found.set(colours, 3 * i);
    else found[i] = Math.round(colours.reduce((sum, light, k) => sum + light * (BRIGHT[k] ?? 0), 0));
  }
  return found;
}

/** @param {number} side */
function sheet(side) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {CanvasImageSource} from @param {number} x @param {number} y @param {number} side */
function draw(canvas, from, x, y, side) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(from, x, y, side, side, 0, 0, canvas.width, canvas.height);
  return context;
}
