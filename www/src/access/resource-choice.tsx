// Choosing a resource or a group: all of them, read as far as the choice needs.
import { useState } from 'react';
import type { ResourceType } from 'rolecall';

import { useGroups, useResources } from '../api/queries';
import { Choice, LISTED, type Option } from '../ui/choice';
import { capital, kindsOf } from '../words';

interface ResourceChoiceProps {
  ws: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  none?: string;
  /** Only resources of these kinds. */
  kinds?: readonly string[];
  /** What may be chosen beside resources. */
  others?: readonly Option[];
  required?: boolean;
  error?: string;
  className?: string;
}

export const optionOf = ({ resource, name, type }: { resource: string; name: string; type: ResourceType }): Option => ({ value: resource, text: name, under: capital(kindsOf(type)) });

export function ResourceChoice({ ws, kinds, others = [], ...props }: ResourceChoiceProps) {
  const [isWanted, setWanted] = useState(false);
  const list = useResources(ws, { least: isWanted ? Infinity : LISTED });
  const resources = (list.rows ?? []).filter((one) => kinds === undefined || kinds.includes(one.type));
  // By kind, so that each kind stands under one heading.
  const options = resources.map(optionOf).sort((a, b) => (a.under! < b.under! ? -1 : a.under! > b.under! ? 1 : 0));
  return <Choice {...props} options={[...options, ...others]} isComplete={list.rows === undefined || list.isComplete} onSearch={() => setWanted(true)} />;
}

interface GroupChoiceProps {
  ws: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  none: string;
  /** Only groups that people here put somebody into. */
  isOpen?: boolean;
  className?: string;
}

export function GroupChoice({ ws, isOpen = false, ...props }: GroupChoiceProps) {
  const [isWanted, setWanted] = useState(false);
  const list = useGroups(ws, { least: isWanted ? Infinity : LISTED });
  const options = (list.rows ?? []).filter(({ managed }) => !(isOpen && managed)).map(({ id, name }) => ({ value: id, text: name }));
  return <Choice {...props} options={options} isComplete={list.rows === undefined || list.isComplete} onSearch={() => setWanted(true)} />;
}
