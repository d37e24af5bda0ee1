/** What the step shows: the devices, or the form of one; without an id that of a new one. */
export type View =
  | { kind: "list"; focus?: string | undefined }
  /** `pressed`: somebody has just asked for it and wants to type. */
  | { kind: "form"; deviceId?: string; pressed?: true };

const OF_DEVICE = "device-";

/** A form that was left unsent is found again; a client without devices begins with the first one. */
export function firstView(
  devices: readonly { id: string }[],
  unsentForms: readonly string[],
  mayWrite: boolean,
): View {
  if (!mayWrite) return { kind: "list" };
  if (unsentForms.includes("device")) return { kind: "form" };
  const left = devices.find(({ id }) => unsentForms.includes(`${OF_DEVICE}${id}`));
  if (left !== undefined) return { kind: "form", deviceId: left.id };
  return devices.length === 0 ? { kind: "form" } : { kind: "list" };
}
