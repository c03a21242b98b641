// A CSV file cut into its records, as they are written.

/** The records of a file, each as it is written; a quoted cell may hold line breaks. */
export function recordsOf(text: string): string[] {
  const records: string[] = [];
  let [from, isQuoted] = [0, false];
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '"') isQuoted = !isQuoted;
    else if (text[index] === '\n' && !isQuoted) {
      records.push(text.slice(from, index + 1));
      from = index + 1;
    }
  }
  if (from < text.length) records.push(text.slice(from));
  return records;
}

/** How many lines of the file a record takes. */
export const linesOf = (record: string): number => record.split('\n').length - (record.endsWith('\n') ? 1 : 0);
