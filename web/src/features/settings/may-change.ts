import { useMe } from "@/shared/api/me";

/** The owner's settings: the rest of the staff reads them. */
export function useMayChange(): boolean {
  const me = useMe();
  return me.role === "owner" || me.is_super_admin;
}
