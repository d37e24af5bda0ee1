/** View of the step: the list, or the form of a device; without an id, the form of a new one. */
export type View =
  | { kind: "list"; focus?: string | undefined }
  /** `pressed`: opened by a button, so the form takes focus. */
  | { kind: "form"; deviceId?: string; pressed?: true };

const OF_DEVICE = "device-";

/** Opens an unsent form if there is one; a client without devices starts with the form. */
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
