// Tables as files of CSV that a spreadsheet opens.

/** A cell that no spreadsheet takes for a formula. */
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

export const csvOf = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/** The name of a file of today. */
export const fileName = (what: string, ws: string, ending = 'csv'): string => `${what}-${ws}-${new Date().toISOString().slice(0, 10)}.${ending}`;
