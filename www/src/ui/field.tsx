// Fields of forms: a label, a control, a hint and what is wrong, tied together for screen readers.
import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: ReactNode;
  /** Said to screen readers alone, where the place tells everybody else. */
  hideLabel?: boolean;
  className?: string;
}

function Field({ label, hint, error, hideLabel, className, id, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className ?? ''}`}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      {children}
      {hint != null && (
        <p id={`${id}-hint`} className="text-sm text-kumo-subtle">
          {hint}
        </p>
      )}
      {error != null && error !== '' && (
        <p id={`${id}-error`} className="text-sm text-kumo-danger">
          {error}
        </p>
      )}
    </div>
  );
}

/** The attributes that tie a control to its hint and its error. */
function tied(id: string, { hint, error }: FieldProps) {
  const isWrong = error != null && error !== '';
  const described = [hint != null ? `${id}-hint` : '', isWrong ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { id, className: 'control', 'aria-invalid': isWrong || undefined, 'aria-describedby': described || undefined };
}

/** Splits what is the field's from what is the control's. */
function parts<T extends FieldProps>({ label, hint, error, hideLabel, className, ...control }: T) {
  return { field: { label, hint, error, hideLabel, className }, control };
}

export function TextField(props: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const { field, control } = parts(props);
  return (
    <Field {...field} id={id}>
      <input type="text" autoComplete="off" {...control} {...tied(id, field)} />
    </Field>
  );
}

export function AreaField(props: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  const { field, control } = parts(props);
  return (
    <Field {...field} id={id}>
      <textarea rows={3} {...control} {...tied(id, field)} />
    </Field>
  );
}

export function SelectField({ children, ...props }: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId();
  const { field, control } = parts(props);
  return (
    <Field {...field} id={id}>
      <select {...control} {...tied(id, field)}>
        {children}
      </select>
    </Field>
  );
}

export function Check({ label, hint, ...control }: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input type="checkbox" {...control} id={id} className="mt-0.5 size-4 accent-blue-700" aria-describedby={hint != null ? `${id}-hint` : undefined} />
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {hint != null && (
          <p id={`${id}-hint`} className="text-sm text-kumo-subtle">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
