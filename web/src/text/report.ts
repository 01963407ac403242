// Words of what a report found, where they lead somewhere.

export const reportText = {
  report: {
    line: (line: number) => `Line ${line + 1}`,
    pageOf: (process: string, page: number) => `${process} page ${page}`,
  },
};
