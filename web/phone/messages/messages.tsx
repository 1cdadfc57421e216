import { Top } from "../ui/top";

export function MessagesScreen(_: { rest: string }) {
  return <Top title="messages" />;
}
