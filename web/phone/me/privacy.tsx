import { Top } from "../ui/top";

export function PrivacyScreen(_: { rest: string }) {
  return <Top title="privacy" />;
}
