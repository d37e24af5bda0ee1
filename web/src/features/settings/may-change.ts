import { useMe } from "@/shared/api/me";

/** Only the owner and super admins may change settings. */
export function useMayChange(): boolean {
  const me = useMe();
  return me.role === "owner" || me.is_super_admin;
}
