import { Top } from "../ui/top";

export function MeScreen(_: { rest: string }) {
  return <Top title="me" />;
}
