import { Outlet } from "@tanstack/react-router";

export function OnboardingFrame() {
  return <Outlet />;
}
