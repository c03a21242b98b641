// How the people in a group are called.
import { useGroupMembers } from '../../api/queries';

export function usePeople(ws: string, group: string): (member: string) => string {
  const members = useGroupMembers(ws, group).data?.data ?? [];
  return (member) => {
    const found = members.find((one) => one.id === member || one.email === member);
    return found?.name ?? found?.email ?? member;
  };
}
