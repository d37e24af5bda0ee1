import { fitted, HEAD, refusal } from "./fit";

const QUALITY = 0.85;

/** A file that cannot be uploaded; the message says what to do. */
export class NotAPhoto extends Error {
  override name = "NotAPhoto";
}

/**
 * Scales a photo down and converts it to an upright JPEG without metadata. A file that the browser cannot decode,
 * such as a HEIC on a laptop, is returned unchanged if the server may accept it; otherwise throws `NotAPhoto`.
 */
export async function resized(file: File): Promise<Blob> {
  const small = await redrawn(file);
  if (small !== null) return small;
  const reason = refusal(file, new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  if (reason !== undefined) throw new NotAPhoto(reason);
  return file;
}

async function redrawn(file: File): Promise<Blob | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  try {
    return await asJpeg(picture);
  } finally {
    picture.close();
  }
}

async function asJpeg(picture: ImageBitmap): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  const { width, height } = fitted(picture);
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (pen === null) return null;
  // JPEG has no transparency; without a background it would turn black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
