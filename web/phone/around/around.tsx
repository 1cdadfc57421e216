import { Top } from "../ui/top";

export function AroundScreen(_: { rest: string }) {
  return <Top title="around" />;
}
