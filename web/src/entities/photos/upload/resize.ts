import { fitted, refusal } from "./fit";

const QUALITY = 0.85;

/** A file that cannot be sent, with a sentence that says what to do. */
export class NotAPhoto extends Error {
  override name = "NotAPhoto";
}

/**
 * The photo as it is sent: upright, small, a JPEG with nothing but pixels in it. A file that this browser cannot open
 * goes as it is, for the server to judge; `NotAPhoto` for one that the server does not take.
 */
export async function resized(file: File): Promise<Blob> {
  const small = await redrawn(file);
  if (small !== null) return small;
  const reason = refusal(file);
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
  // JPEG knows no transparency: without it a cut-out screenshot would be black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
