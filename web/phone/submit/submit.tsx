import { Top } from "../ui/top";

export function SubmitScreen(_: { rest: string }) {
  return <Top title="submit" />;
}
